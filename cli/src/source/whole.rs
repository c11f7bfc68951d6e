//! A picture in memory, read row by row as it stands upright.

use super::{Code, Pixel, Stored};
use bluegrad::Shape;

/// How a stored picture is turned, by the number of EXIF, 1 to 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Orientation(u8);

impl Default for Orientation {
    fn default() -> Self {
        Self(1)
    }
}

impl Orientation {
    /// Reads the orientation of EXIF data.
    #[cfg(feature = "formats")]
    pub(super) fn of_exif(exif: &[u8]) -> Option<Self> {
        // PNG has the TIFF header alone; some writers put JPEG's name before it.
        let exif = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
        image::metadata::Orientation::from_exif_chunk(exif).map(Self::of_image)
    }

    #[cfg(not(feature = "formats"))]
    pub(super) fn of_exif(_: &[u8]) -> Option<Self> {
        None
    }

    #[cfg(feature = "formats")]
    pub(super) fn of_image(orientation: image::metadata::Orientation) -> Self {
        Self(orientation.to_exif())
    }

    pub(super) fn is_upright(self) -> bool {
        self.0 == 1
    }

    /// Whether rows of the stored picture are columns of the upright picture.
    fn is_transposed(self) -> bool {
        self.0 >= 5
    }

    /// Returns the stored pixel at a pixel of the upright picture; `shape` is the stored picture's.
    fn stored(self, shape: Shape, [x, y]: [usize; 2]) -> [usize; 2] {
        let [right, bottom] = [shape.width, shape.height].map(|side| side as usize - 1);
        match self.0 {
            2 => [right - x, y],
            3 => [right - x, bottom - y],
            4 => [x, bottom - y],
            5 => [y, x],
            6 => [y, bottom - x],
            7 => [right - y, bottom - x],
            8 => [right - y, x],
            _ => [x, y],
        }
    }
}

/// A decoded picture.
pub(super) struct Whole {
    bytes: Vec<u8>,
    shape: Shape,
    pixel: Pixel,
    /// Order of the bytes of 16-bit samples.
    code: Code,
    orientation: Orientation,
    /// Next row of the upright picture.
    next: usize,
    line: Vec<u8>,
}

impl Whole {
    pub(super) fn new(bytes: Vec<u8>, shape: Shape, pixel: Pixel, code: Code, orientation: Orientation) -> Self {
        Self { bytes, shape, pixel, code, orientation, next: 0, line: Vec::new() }
    }

    /// Width and height of the upright picture.
    pub(super) fn upright(&self) -> Shape {
        let Shape { width, height, .. } = self.shape;
        if self.orientation.is_transposed() { Shape::new(height, width) } else { self.shape }
    }

    /// Returns the next row.
    pub(super) fn row(&mut self) -> Stored<'_> {
        let size = self.pixel.samples() * if self.pixel.sixteen { 2 } else { 1 };
        let (stored_width, width, y) = (self.shape.width as usize, self.upright().width as usize, self.next);
        self.next += 1;
        let bytes = if self.orientation.is_upright() {
            self.bytes.chunks_exact(size * stored_width).nth(y).unwrap_or_default()
        } else {
            self.line.clear();
            for x in 0..width {
                let [x, y] = self.orientation.stored(self.shape, [x, y]);
                let at = size * (y * stored_width + x);
                self.line.extend_from_slice(&self.bytes[at..at + size]);
            }
            &self.line
        };
        Stored { bytes, code: self.pixel.sixteen.then_some(self.code) }
    }
}
