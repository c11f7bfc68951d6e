//! One picture of all methods side by side, for pages that cannot hold the gallery.

use super::Exhibit;
use super::page::window;
use crate::failure::Result;
use bluegrad::Shape;

/// Largest side of a crop, in pixels.
const SIDE: u32 = 104;

/// Magnification.
const ZOOM: u32 = 2;

/// Crops per row.
const COLUMNS: u32 = 4;

/// Pixels between crops, in the nearest colour to white.
const GAP: u32 = 4;

/// Encodes the crops of the first output, in the order of the methods.
pub(super) fn png(exhibit: &Exhibit<'_>) -> Result<Vec<u8>> {
    let shape = exhibit.source.shape;
    let [left, top, width, height] = window(shape, SIDE);
    let Some((output, all)) = exhibit.outputs.first() else { return Ok(Vec::new()) };
    // Fits: there are at most 256 colours.
    let white = (0..).zip(&output.colors).max_by_key(|(_, color)| color.map(u32::from).iter().sum::<u32>());
    let white = white.map_or(0, |(index, _)| index as u8);
    let (columns, rows) = (COLUMNS, (all.len() as u32).div_ceil(COLUMNS));
    let (step_x, step_y) = (ZOOM * width + GAP, ZOOM * height + GAP);
    let whole = Shape::new(columns * step_x - GAP, rows * step_y - GAP);
    let pixel = |x: u32, y: u32| {
        let (at_x, at_y) = (x % step_x / ZOOM, y % step_y / ZOOM);
        let dithered = all.get((y / step_y * COLUMNS + x / step_x) as usize);
        match dithered.filter(|_| at_x < width && at_y < height) {
            Some(dithered) => dithered.indices[((top + at_y) * shape.width + left + at_x) as usize],
            None => white,
        }
    };
    let row = |y: u32| (0..whole.width).map(move |x| pixel(x, y));
    output.encode(whole, &(0..whole.height).flat_map(row).collect::<Vec<u8>>())
}
