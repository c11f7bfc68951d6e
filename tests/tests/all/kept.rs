//! The order that exact ranks keep from step to step is a cache: a block without it, with an old one or with a damaged one goes on with the
//! same bits.

use crate::common::{levels, memory, one_stage, values};
use bluegrad::{Config, Generator, Layout, Line, Spectral};

/// Where a block has the buffer that holds the order, and how long it is.
fn place(config: &Config) -> (usize, usize) {
    let buffers = Layout::new(config).expect("valid").buffers();
    let before = buffers.iter().take_while(|(name, _)| *name != "ranks").map(|(_, bytes)| bytes).sum();
    (before, buffers.iter().find(|(name, _)| *name == "ranks").expect("a buffer of ranks").1)
}

#[test]
fn any_order_gives_the_same_bits() {
    // with an overshoot now and then, so that the order is given up and kept again
    for (index, (width, height)) in [(16, 16), (64, 16), (32, 32)].into_iter().enumerate() {
        let stage = Spectral { steps: 400, projection_period: 90, ..Spectral::PUBLISHED };
        let levels = levels();
        let config = Config { level: levels[index % levels.len()], ..one_stage(width, height, stage) };
        let (start, len) = place(&config);
        let mut straight = memory(&config);
        Generator::init(Line::as_bytes_mut(&mut straight), &config).expect("valid");
        let mut caches: Vec<Vec<u8>> = Vec::new();
        for step in 0..401 {
            // with its cache; without one; with an old one; with a damaged one
            let mut bits = [0, 1, 2, 3].map(|kind| {
                let mut lines = straight.clone();
                let bytes = Line::as_bytes_mut(&mut lines);
                let cache = &mut bytes[start..start + len];
                match kind {
                    1 => cache.fill(0),
                    2 if step > 20 => cache.copy_from_slice(&caches[step - 1 - step % 20]),
                    3 => cache[64 + step % 32] ^= 1 << (step % 8),
                    _ => (),
                }
                let mut generator = Generator::open(bytes).expect("a snapshot");
                generator.step(1).expect("a good block");
                let bits = values(&mut generator).into_iter().map(f32::to_bits).collect::<Vec<_>>();
                (bits, lines)
            });
            assert!(bits[1..].iter().all(|(bits_of, _)| *bits_of == bits[0].0), "{width}x{height}, step {step}");
            straight = std::mem::take(&mut bits[0].1);
            caches.push(Line::as_bytes_mut(&mut straight)[start..start + len].to_vec());
        }
        let kept = caches.iter().filter(|cache| cache[..4] == [0xFF; 4]).count();
        assert!(kept > 200, "{width}x{height}: an order after {kept} steps");
    }
}
