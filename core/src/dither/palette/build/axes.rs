//! The grid along one channel.

use super::{MOST_COLORS, ONE, light_of};

/// The most nodes of an axis.
const MOST_NODES: usize = 33;

/// A node: the codes that fall on it.
#[derive(Clone, Copy)]
pub(super) struct Node {
    first: u8,
    last: u8,
    /// The code that the node is computed for.
    pub(super) code: u8,
}

impl Node {
    fn new(first: u8, last: u8) -> Self {
        let code = match (first, last) {
            (0, _) => 0,
            (_, 255) => 255,
            _ => first + (last - first) / 2,
        };
        Self { first, last, code }
    }

    /// Whether a code falls on this node.
    pub(super) fn holds(&self, code: u8) -> bool {
        (self.first..=self.last).contains(&code)
    }
}

/// Nodes of an axis, in rising order. The first holds code 0, the last code 255.
#[derive(Clone, Copy)]
pub(super) struct Axis {
    nodes: [Node; MOST_NODES],
    count: usize,
}

impl Axis {
    /// Makes `count` nodes: 0, 255, a channel of the palette's own codes, then middles of the widest gaps, of these the first.
    ///
    /// Where the own codes are more than nodes, each node holds all codes over as short a stretch as gives few enough nodes.
    pub(super) fn new(own: &[Option<[u8; 3]>; MOST_COLORS], channel: usize, count: u32) -> Self {
        let mut is_own = [false; 256];
        is_own[0] = true;
        is_own[255] = true;
        for code in own.iter().flatten().filter_map(|codes| codes.get(channel)) {
            is_own[usize::from(*code)] = true;
        }
        let count = MOST_NODES.min(count as usize);
        let mut axis = Self { nodes: [Node::new(255, 255); MOST_NODES], count: 0 };
        // a stretch of 31 codes makes at most 9 nodes
        let mut stretch = 0;
        while !axis.group(&is_own, stretch, count) && stretch < 255 {
            stretch += 1;
        }
        while axis.count < count {
            axis.halve_widest_gap();
        }
        axis
    }

    /// Makes nodes that each hold the own codes over a stretch; returns whether they are at most `most`.
    fn group(&mut self, is_own: &[bool; 256], stretch: u8, most: usize) -> bool {
        self.count = 0;
        let mut open: Option<(u8, u8)> = None;
        for (code, _) in (0..=255).zip(is_own).filter(|(_, is_own)| **is_own) {
            open = match open {
                Some((first, _)) if code - first <= stretch => Some((first, code)),
                Some((first, last)) if self.push(Node::new(first, last), most) => Some((code, code)),
                Some(_) => return false,
                None => Some((code, code)),
            };
        }
        open.is_some_and(|(first, last)| self.push(Node::new(first, last), most))
    }

    fn push(&mut self, node: Node, most: usize) -> bool {
        match self.nodes.get_mut(self.count) {
            Some(to) if self.count < most => *to = node,
            _ => return false,
        }
        self.count += 1;
        true
    }

    fn halve_widest_gap(&mut self) {
        let gap = |pair: &[Node]| if let [below, above] = pair { above.first - below.last } else { 0 };
        let mut widest = (0, 0);
        for (pair, index) in self.nodes.windows(2).zip(0..).take(self.count.saturating_sub(1)) {
            if gap(pair) > widest.0 {
                widest = (gap(pair), index);
            }
        }
        let old = self.nodes;
        for i in 1..MOST_NODES {
            if i == widest.1 + 1 {
                let code = old[i - 1].last + widest.0 / 2;
                self.nodes[i] = Node::new(code, code);
            } else if i > widest.1 {
                self.nodes[i] = old[i - 1];
            }
        }
        self.count += 1;
    }

    /// Returns the nodes in order.
    pub(super) fn nodes(&self) -> impl Iterator<Item = Node> + use<> {
        self.nodes.into_iter().take(self.count)
    }

    /// Returns the node at or below a code, at most the last but one, and the fraction in light to the next, Q15.
    pub(super) fn find(&self, code: u8) -> (u16, u16) {
        let mut found = (0, 0);
        for (pair, index) in self.nodes.windows(2).zip(0..).take(self.count.saturating_sub(1)) {
            if let [below, above] = pair
                && code >= below.first
            {
                let (from, to) = (light_of(below.code), light_of(above.code));
                let fraction = if code <= below.last {
                    0.0
                } else if code >= above.first {
                    1.0
                } else {
                    (light_of(code) - from) / (to - from)
                };
                found = (index, (fraction * f64::from(ONE) + 0.5) as u16);
            }
        }
        found
    }
}
