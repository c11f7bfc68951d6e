//! The rows of a picture as samples of 8 bits: opaque, grey or RGB.

use super::tone::Tone;
use crate::picture::Picture;

/// A picture that is read row by row.
pub(super) struct Samples<'p> {
    picture: &'p Picture,
    /// RGB and not grey.
    color: bool,
    tone: Tone,
    row: Vec<u8>,
}

impl<'p> Samples<'p> {
    /// A picture in grey or, if it has any, in colour; `mixed` as in [`Tone::new`].
    pub(super) fn new(picture: &'p Picture, color: bool, mixed: Option<&Vec<u8>>) -> Self {
        Self { picture, color: color && picture.color, tone: Tone::new(mixed), row: Vec::new() }
    }

    pub(super) fn height(&self) -> u32 {
        self.picture.shape.height
    }

    /// A row's samples.
    pub(super) fn row(&mut self, y: u32) -> &[u8] {
        let Picture { shape, color, alpha, sixteen, bytes } = self.picture;
        let channels = if *color { 3 } else { 1 };
        let samples = channels + usize::from(*alpha);
        let size = samples * if *sixteen { 2 } else { 1 };
        let length = size * shape.width as usize;
        let row = bytes.chunks_exact(length).nth(y as usize).unwrap_or_default();
        self.row.clear();
        for pixel in row.chunks_exact(size) {
            let value = |i: usize| match sixteen {
                true => u16::from_be_bytes([pixel[2 * i], pixel[2 * i + 1]]),
                false => 257 * u16::from(pixel[i]),
            };
            let opaque = |i: usize| if *alpha { on_white(value(i), value(channels)) } else { value(i) };
            match (*color, self.color) {
                (false, _) => self.row.push(self.tone.sample(opaque(0))),
                (true, false) => self.row.push(self.tone.sample(self.tone.grey([opaque(0), opaque(1), opaque(2)]))),
                (true, true) => self.row.extend([0, 1, 2].map(|i| self.tone.sample(opaque(i)))),
            }
        }
        &self.row
    }
}

/// A value over white, by the file's numbers, as viewers lay it.
fn on_white(value: u16, alpha: u16) -> u16 {
    let (value, alpha) = (u64::from(value), u64::from(alpha));
    // At most 65535 again.
    ((value * alpha + 65535 * (65535 - alpha) + 32767) / 65535) as u16
}
