//! Pictures of the mask.

use super::{Figure, Subject};
use crate::picture;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bluegrad::Shape;
use png::BitDepth;

/// Largest side of a picture on the page, in CSS pixels.
const SIDE: u32 = 512;

/// Largest side of the magnified part, in pixels.
///
/// A pixel is then 4 CSS pixels wide.
const MOST_MAGNIFIED: u32 = 128;

/// Returns the magnified mask. [`tiled`] refers to the same picture.
pub(super) fn magnified(subject: &Subject<'_>) -> Result<Figure, String> {
    let shape = subject.config.shape.plane();
    let Shape { width, height, .. } = shape;
    let url = data_url(&picture::encode_grey(shape, BitDepth::Eight, &subject.grey)?);
    let (shown_width, shown_height) = (width.min(MOST_MAGNIFIED), height.min(MOST_MAGNIFIED));
    let image = format!(
        "<image id=\"mask\" class=\"crisp\" width=\"{width}\" height=\"{height}\" preserveAspectRatio=\"none\" href=\"{url}\"/>"
    );
    let (box_width, box_height) = displayed(shown_width, shown_height);
    let zoom = (f64::from(box_width) / f64::from(shown_width)).max(1.0);
    let part = if (shown_width, shown_height) == (width, height) { "The whole mask" } else { "Its top left corner" };
    Ok(Figure {
        title: "The mask".to_string(),
        body: format!(
            "<svg class=\"picture\" role=\"img\" aria-label=\"The mask, magnified\" style=\"width:{box_width}px\" \
             viewBox=\"0 0 {shown_width} {shown_height}\">{image}</svg>"
        ),
        caption: format!(
            "{part}, {shown_width} × {shown_height} pixels at {zoom}:1 ({box_width} × {box_height}), 256 grey levels."
        ),
    })
}

/// Returns four copies of the mask: a seam would show as a line.
pub(super) fn tiled(subject: &Subject<'_>) -> Figure {
    let Shape { width, height, .. } = subject.config.shape;
    // For a large mask, the part around the corner where the four copies meet.
    let (shown_width, shown_height) = ((2 * width).min(SIDE), (2 * height).min(SIDE));
    let (left, top) = (width - shown_width / 2, height - shown_height / 2);
    let copies: String = [(0, 0), (width, 0), (0, height), (width, height)]
        .iter()
        .map(|(x, y)| format!("<use href=\"#mask\" x=\"{x}\" y=\"{y}\"/>"))
        .collect();
    let (box_width, _) = displayed(shown_width, shown_height);
    let part =
        if shown_width < 2 * width || shown_height < 2 * height { ", around the corner where they meet" } else { "" };
    Figure {
        title: "Tiled 2 × 2".to_string(),
        body: format!(
            "<svg class=\"picture\" role=\"img\" aria-label=\"Four copies of the mask\" style=\"width:{box_width}px\" \
             viewBox=\"{left} {top} {shown_width} {shown_height}\">{copies}</svg>"
        ),
        caption: format!("{shown_width} × {shown_height} pixels of four copies{part}; the mask tiles without a seam."),
    }
}

/// Returns the size on the page: a whole number of CSS pixels per pixel, if one fits.
pub(super) fn displayed(width: u32, height: u32) -> (u32, u32) {
    let longer = width.max(height).max(1);
    match SIDE / longer {
        0 => (SIDE * width / longer, SIDE * height / longer),
        zoom => (zoom * width, zoom * height),
    }
}

/// Returns a PNG as a data URL.
pub(crate) fn data_url(png: &[u8]) -> String {
    format!("data:image/png;base64,{}", STANDARD.encode(png))
}
