//! Figures of published masks, recorded when bluegrad was designed.

/// A published mask.
#[derive(Clone, Copy, Debug)]
pub struct Published {
    /// Author or name.
    pub name: &'static str,
    /// Side, in pixels.
    pub side: u32,
    /// Figures in [`super::family::COLUMNS`].
    pub figures: [f64; 7],
    /// Figures in [`super::family::PEAKS`], for masks that can be made again.
    pub peaks: Option<[f64; 2]>,
}

const fn mask(name: &'static str, side: u32, figures: [f64; 7]) -> Published {
    Published { name, side, figures, peaks: None }
}

const fn with_peaks(mask: Published, peaks: [f64; 2]) -> Published {
    Published { peaks: Some(peaks), ..mask }
}

/// Measured from the published files; 8-bit masks have a floor near -48 dB.
pub const PUBLISHED: [Published; 11] = [
    mask("published spectral method", 64, [-47.0, -46.6, -43.7, -2.7, 80.0, 53.0, 41.5]),
    mask("Stable Fiddusion", 64, [-32.9, -32.9, -15.1, -2.9, 78.5, 52.1, 40.9]),
    mask("Peters' free textures", 64, [-36.2, -16.0, -3.0, -6.6, 45.6, 15.5, 9.5]),
    with_peaks(mask("void-and-cluster 1.5", 128, [-33.7, -20.6, -7.3, -9.1, 38.4, 15.6, 10.6]), [12.9, 17.4]),
    with_peaks(mask("void-and-cluster 1.0", 128, [-30.5, -21.1, -12.2, -9.9, 36.9, 18.1, 13.1]), [16.9, 25.9]),
    with_peaks(mask("libplacebo", 64, [-32.5, -19.7, -11.6, -9.6, 38.0, 17.5, 12.1]), [30.4, 61.3]),
    with_peaks(mask("libplacebo", 128, [-33.3, -18.8, -10.7, -9.6, 37.6, 15.6, 9.8]), [27.7, 65.8]),
    mask("FAST, spatial", 128, [-31.5, -15.7, -4.5, -7.6, 43.4, 17.7, 12.0]),
    mask("STBN, spatial", 128, [-18.7, -17.4, -11.9, -9.3, 39.1, 20.5, 15.3]),
    mask("pixel swaps, 2016", 64, [-19.3, -9.5, -3.1, -5.5, 53.0, 24.1, 17.0]),
    with_peaks(mask("Bayer", 64, [-17.8, -11.2, -14.2, -11.9, 29.8, 5.7, 1.1]), [1635.4, 4096.0]),
];
