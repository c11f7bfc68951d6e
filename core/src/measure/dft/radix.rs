//! A length of 2^a·m with odd m as 2^a direct DFTs of m elements, joined by a rounds of radix 2 (Cooley and Tukey 1965).

/// A transform of one length with its tables and work space.
pub(in crate::measure) struct Radix<'a> {
    len: usize,
    /// exp(−2πi·j/len).
    roots: &'a [[f64; 2]],
    input: &'a mut [[f64; 2]],
    output: &'a mut [[f64; 2]],
}

impl<'a> Radix<'a> {
    /// f64 of work space for a length.
    pub(super) const fn scratch_len(len: usize) -> usize {
        6 * len
    }

    /// A transform in `scratch`, which has [`Radix::scratch_len`] elements.
    pub(super) fn new(len: usize, scratch: &'a mut [f64]) -> Self {
        debug_assert!(
            len > 0 && scratch.len() >= Self::scratch_len(len),
            "Plane::new and Chirp::new cut the scratch by scratch_len"
        );
        let (pairs, _) = scratch.as_chunks_mut::<2>();
        let (roots, rest) = pairs.split_at_mut_checked(len).unwrap_or_default();
        let (input, output) = rest.split_at_mut_checked(len).unwrap_or_default();
        for (j, root) in roots.iter_mut().enumerate() {
            let angle = -2.0 * core::f64::consts::PI * j as f64 / len as f64;
            *root = [libm::cos(angle), libm::sin(angle)];
        }
        Self { len, roots, input, output }
    }

    /// Transforms `x(0) … x(len − 1)`, complex, into [`Radix::output`], natural order, unnormalised.
    #[inline(never)]
    pub(super) fn transform(&mut self, x: &dyn Fn(usize) -> [f64; 2]) {
        let rounds = self.len.trailing_zeros();
        let parts = 1 << rounds;
        let odd = self.len / parts;
        // part p of the bit-reversed order holds the elements r, r + 2^a, …
        for p in 0..parts {
            let r = if rounds > 0 { p.reverse_bits() >> (usize::BITS - rounds) } else { 0 };
            for j in 0..odd {
                if let Some(to) = self.input.get_mut(p * odd + j) {
                    *to = x(r + parts * j);
                }
            }
        }
        self.passes(parts, odd);
    }

    /// Transforms the input, `parts` of `odd` elements each, into the output.
    fn passes(&mut self, parts: usize, odd: usize) {
        for (from, to) in self.input.chunks_exact(odd.max(1)).zip(self.output.chunks_exact_mut(odd.max(1))) {
            direct(from, to, self.roots, parts);
        }
        let mut block = 2 * odd;
        while block <= self.len && block > 0 {
            for block in self.output.chunks_exact_mut(block) {
                join(block, self.roots);
            }
            block *= 2;
        }
    }

    /// The last transform.
    pub(super) fn output(&self) -> &[[f64; 2]] {
        self.output.get(..self.len).unwrap_or_default()
    }
}

/// Product of two complex numbers.
pub(super) fn times(a: [f64; 2], b: [f64; 2]) -> [f64; 2] {
    [a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]]
}

/// `to[k] = Σ from[j]·exp(−2πi·j·k/m)`; the roots of length m are every `stride`-th of `roots`.
fn direct(from: &[[f64; 2]], to: &mut [[f64; 2]], roots: &[[f64; 2]], stride: usize) {
    debug_assert!(!from.is_empty(), "the odd part of a length");
    let len = from.len().max(1);
    for (k, to) in to.iter_mut().enumerate() {
        let mut sum = [0.0; 2];
        for (j, x) in from.iter().enumerate() {
            let term = times(*x, roots.get(j * k % len * stride).copied().unwrap_or_default());
            sum = [sum[0] + term[0], sum[1] + term[1]];
        }
        *to = sum;
    }
}

/// Joins the DFTs of the even and the odd elements, the halves of `block`, into the DFT of all its elements.
fn join(block: &mut [[f64; 2]], roots: &[[f64; 2]]) {
    debug_assert!(!block.is_empty() && roots.len().is_multiple_of(block.len()), "a block divides the transform");
    let stride = roots.len() / block.len().max(1);
    let (even, odd) = block.split_at_mut(block.len() / 2);
    for ((even, odd), root) in even.iter_mut().zip(odd).zip(roots.iter().step_by(stride.max(1))) {
        let term = times(*odd, *root);
        *odd = [even[0] - term[0], even[1] - term[1]];
        *even = [even[0] + term[0], even[1] + term[1]];
    }
}
