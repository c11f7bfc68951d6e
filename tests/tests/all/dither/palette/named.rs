//! The built-in palettes.

use super::{shares, table};
use bluegrad::dither::palette::named::{NAMED, named};
use bluegrad::dither::palette::{Fit, PaletteConfig};
use std::collections::HashSet;

#[test]
fn every_palette_shows_its_colors_solid() {
    for palette in &NAMED {
        assert_eq!(palette.nominal.len(), palette.shown.len(), "{}", palette.name);
        if palette.levels.is_some() {
            assert!(palette.shown.is_empty(), "{}", palette.name);
            continue;
        }
        for nodes in [9, 17] {
            let words = table(&PaletteConfig { nodes, ..PaletteConfig::new(palette.shown) });
            for (index, color) in palette.shown.iter().enumerate() {
                assert_eq!(shares(&words, *color)[index], 1.0, "{}, colour {index}, {nodes} nodes", palette.name);
            }
        }
        table(&PaletteConfig { nodes: 9, fit: Fit::Panel, ..PaletteConfig::new(palette.shown) });
    }
}

#[test]
fn names_are_found() {
    let names: HashSet<_> = NAMED.iter().map(|palette| palette.name).collect();
    assert_eq!(names.len(), NAMED.len());
    for palette in &NAMED {
        assert_eq!(named(palette.name).map(|found| found.shown), Some(palette.shown));
        assert_eq!(palette.source.is_empty(), palette.nominal == palette.shown, "{}", palette.name);
    }
    assert!(named("Web-safe").is_none());
    assert_eq!(named("web-safe").and_then(|palette| palette.levels), Some([6, 6, 6]));
}
