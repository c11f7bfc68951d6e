//! A picture of the patterns of small masks, tiled and enlarged.

use bluegrad::Shape;
use bluegrad::measure::{self, GreyLevel, LEVELS};
use embedded_graphics::Drawable;
use embedded_graphics::mono_font::MonoTextStyle;
use embedded_graphics::mono_font::ascii::{FONT_8X13, FONT_9X18_BOLD};
use embedded_graphics::pixelcolor::BinaryColor;
use embedded_graphics::prelude::{DrawTarget, OriginDimensions, Pixel, Point, Size};
use embedded_graphics::text::Text;
use std::convert::Infallible;

/// Grey levels of the columns, in 128ths, with their names.
const COLUMNS: [(u32, &str); 5] = [(4, "1/32"), (16, "1/8"), (32, "1/4"), (48, "3/8"), (64, "1/2")];

/// Side of a cell, in pixels of the picture.
const CELL: u32 = 192;

/// Space between and around cells, in pixels of the picture.
const GAP: u32 = 14;

/// Heights of labels and captions, in pixels of the picture.
const TEXT: [u32; 2] = [26, 18];

/// A labelled mask.
#[derive(Clone, Debug)]
pub struct Row {
    /// Origin of the mask.
    pub label: String,
    /// Width and height, in pixels.
    pub shape: Shape,
    /// Ranks of the mask.
    pub ranks: Vec<u32>,
}

/// A black-and-white picture: `true` is white.
struct Canvas {
    size: Size,
    pixels: Vec<bool>,
}

impl OriginDimensions for Canvas {
    fn size(&self) -> Size {
        self.size
    }
}

impl DrawTarget for Canvas {
    type Color = BinaryColor;
    type Error = Infallible;

    fn draw_iter<I: IntoIterator<Item = Pixel<BinaryColor>>>(&mut self, pixels: I) -> Result<(), Infallible> {
        for Pixel(Point { x, y }, color) in pixels {
            let inside = |at: i32, side: u32| u32::try_from(at).ok().filter(|at| *at < side);
            if let (Some(x), Some(y)) = (inside(x, self.size.width), inside(y, self.size.height)) {
                self.pixels[(y * self.size.width + x) as usize] = color.is_on();
            }
        }
        Ok(())
    }
}

/// Draws masks at five grey levels as a 1-bit PNG.
///
/// A cell shows four tiles along each axis for masks up to 16 pixels wide, else three, cut at the edge of the cell.
///
/// # Errors
/// Errors of [`measure`] and of the encoder.
pub fn picture(rows: &[Row]) -> Result<Vec<u8>, String> {
    let columns = COLUMNS.len() as u32;
    let row_height = TEXT[0] + TEXT[1] + CELL + GAP;
    let size = Size::new(GAP + columns * (CELL + GAP), GAP + row_height * rows.len() as u32);
    let mut canvas = Canvas { size, pixels: vec![true; (size.width * size.height) as usize] };
    for (row, top) in rows.iter().zip((GAP..).step_by(row_height as usize)) {
        draw_row(&mut canvas, row, top)?;
    }
    encode(&canvas)
}

fn draw_row(canvas: &mut Canvas, row: &Row, top: u32) -> Result<(), String> {
    let Row { label, shape, ranks } = row;
    let mut scratch = vec![0.0; measure::levels_scratch_len(*shape).map_err(|error| error.to_string())?];
    let mut levels = [GreyLevel::default(); LEVELS];
    let figures = measure::patterns(ranks, *shape, &mut levels, &mut scratch).map_err(|error| error.to_string())?;
    let measure::Peak { mean, mid, worst, .. } = figures.peak;
    let title =
        format!("{}x{} {label}: peak {mean:.1}, {mid:.1} from 1/4 to 3/4, worst {worst:.1}", shape.width, shape.height);
    text(canvas, &title, GAP, top + 16, true);
    for ((k, name), left) in COLUMNS.iter().zip((GAP..).step_by((CELL + GAP) as usize)) {
        let caption = format!("{name}, peak {:.1}", levels[*k as usize - 1].peak);
        text(canvas, &caption, left, top + TEXT[0] + 11, false);
        for y in 0..CELL {
            for x in 0..CELL {
                let at = (top + TEXT[0] + TEXT[1] + y) * canvas.size.width + left + x;
                canvas.pixels[at as usize] = is_set(row, *k, x, y);
            }
        }
    }
    Ok(())
}

/// Whether a pixel of a cell is set.
fn is_set(row: &Row, k: u32, x: u32, y: u32) -> bool {
    let Shape { width, height, .. } = row.shape;
    let tiles = if width <= 16 { 4 } else { 3 };
    let zoom = (CELL / (tiles * width)).max(1);
    let rank = row.ranks[(y / zoom % height * width + x / zoom % width) as usize];
    rank < measure::threshold(row.shape, f64::from(k) / 128.0)
}

fn text(canvas: &mut Canvas, text: &str, x: u32, y: u32, large: bool) {
    let font = if large { &FONT_9X18_BOLD } else { &FONT_8X13 };
    let style = MonoTextStyle::new(font, BinaryColor::Off);
    let Ok(_) = Text::new(text, Point::new(x as i32, y as i32), style).draw(canvas);
}

fn encode(canvas: &Canvas) -> Result<Vec<u8>, String> {
    let packed = |row: &[bool]| -> Vec<u8> {
        let byte =
            |bits: &[bool]| (0..8).fold(0, |byte, i| byte << 1 | u8::from(bits.get(i).copied().unwrap_or(false)));
        row.chunks(8).map(byte).collect()
    };
    let data: Vec<u8> = canvas.pixels.chunks_exact(canvas.size.width as usize).flat_map(packed).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, canvas.size.width, canvas.size.height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let written = encoder.write_header().and_then(|mut writer| {
        writer.write_image_data(&data)?;
        writer.finish()
    });
    written.map(|()| bytes).map_err(|error| format!("the PNG cannot be encoded: {error}"))
}

/// Decodes an 8-bit grey PNG: width, height, values.
///
/// # Errors
/// The file is not an 8-bit grey PNG.
pub fn read_grey(png: &[u8]) -> Result<(Shape, Vec<u8>), String> {
    let bad = |error: png::DecodingError| format!("no PNG that can be read: {error}");
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().map_err(bad)?;
    let info = reader.info();
    if (info.color_type, info.bit_depth) != (png::ColorType::Grayscale, png::BitDepth::Eight) {
        return Err(format!("{:?} of {:?} bits: a mask of 8-bit grey is wanted", info.color_type, info.bit_depth));
    }
    let shape = Shape::new(info.width, info.height);
    let mut values = vec![0; shape.pixels()];
    reader.next_frame(&mut values).map_err(bad)?;
    Ok((shape, values))
}

#[cfg(test)]
mod tests {
    use super::{CELL, GAP, Row, TEXT, is_set, picture, read_grey};
    use bluegrad::Shape;

    /// A chequerboard mask shows a chequerboard at 1/2.
    #[test]
    fn patterns_are_tiled_and_enlarged() {
        let shape = Shape::new(16, 16);
        let ranks: Vec<u32> = (0..256).map(|i| 128 * ((i % 16 + i / 16) % 2) + i / 2).collect();
        let row = Row { label: "chequers".into(), shape, ranks };
        for (x, y) in [(0, 0), (2, 2), (3, 3), (48, 0), (0, 96), (189, 189)] {
            assert!(is_set(&row, 64, x, y), "{x}, {y}");
            assert!(!is_set(&row, 64, x + 3 - x % 3, y - y % 3), "{x}, {y}");
        }
        let png = picture(&[row.clone(), row.clone()]).expect("a sound size");
        let mut reader = png::Decoder::new(std::io::Cursor::new(&png[..])).read_info().expect("a PNG");
        let (width, height) = (reader.info().width, reader.info().height);
        assert_eq!((width, height), (GAP + 5 * (CELL + GAP), GAP + 2 * (TEXT[0] + TEXT[1] + CELL + GAP)));
        let stride = width.div_ceil(8);
        let mut packed = vec![0; (stride * height) as usize];
        reader.next_frame(&mut packed).expect("a picture");
        let white = |x: u32, y: u32| packed[(y * stride + x / 8) as usize] >> (7 - x % 8) & 1 == 1;
        let (left, top) = (GAP + 4 * (CELL + GAP), GAP + TEXT[0] + TEXT[1]);
        for (x, y) in [(0, 0), (3, 0), (5, 4), (191, 190), (100, 77)] {
            assert_eq!(white(left + x, top + y), is_set(&row, 64, x, y), "{x}, {y}");
        }
        // the label's ink
        assert!((0..TEXT[0]).any(|y| (0..width).any(|x| !white(x, GAP + y))));
        assert!(read_grey(&png).is_err_and(|why| why.contains("8-bit grey")));
    }
}
