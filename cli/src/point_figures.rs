//! Files of points with their figures, for `measure --points`.

use crate::failure::{Failure, Result};
use crate::npy;
use bluegrad::measure::{
    MOST_MEASURED_POINTS, PointErrors, PointQuality, point_errors, point_quality, point_scratch_len,
};
use serde::Serialize;
use std::path::Path;

/// Units of 2^-32 in a side of the torus.
const SIDE: f64 = 4_294_967_296.0;

/// A file's points with all figures.
pub(crate) struct MeasuredPoints {
    file: String,
    count: usize,
    quality: PointQuality,
    errors: PointErrors,
}

/// The same as JSON. Field names are a stable interface. A figure that is undefined or infinite is null.
#[derive(Serialize)]
pub(crate) struct PointRecord<'m> {
    file: &'m str,
    points: usize,
    low_power_db: [f64; 2],
    middle_power_db: f64,
    effective_nyquist: f64,
    oscillation: f64,
    min_distance: f64,
    anisotropy_db: f64,
    peak: f64,
    disk_error_db: f64,
    gaussian_error_db: f64,
    tent_error_db: f64,
    half_plane_error_db: f64,
    bilinear_error_db: f64,
}

impl MeasuredPoints {
    /// Reads and measures a file; only the first `prefix` points, if given.
    pub(crate) fn of_file(path: &Path, prefix: Option<u32>) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(|error| Failure::file(path, error))?;
        let of_file = |why: String| Failure::file(path, why);
        let mut points = read(path, &bytes).map_err(of_file)?;
        if let Some(prefix) = prefix {
            let prefix = prefix as usize;
            if prefix > points.len() {
                return Err(of_file(format!("{} points, of which {prefix} were asked for", points.len())));
            }
            points.truncate(prefix);
        }
        let count = points.len();
        if count > MOST_MEASURED_POINTS {
            let why =
                format!("{count} points: at most {MOST_MEASURED_POINTS} can be measured; --prefix takes the first");
            return Err(of_file(why));
        }
        let len = point_scratch_len(count).map_err(|error| of_file(error.to_string()))?;
        let quality = point_quality(&points, &mut vec![0.0; len])?;
        let errors = point_errors(&points, 0)?;
        Ok(Self { file: path.display().to_string(), count, quality, errors })
    }

    pub(crate) fn record(&self) -> PointRecord<'_> {
        let Self { file, count, quality, errors } = self;
        PointRecord {
            file,
            points: *count,
            low_power_db: quality.low_power,
            middle_power_db: quality.middle_power,
            effective_nyquist: quality.nyquist,
            oscillation: quality.oscillation,
            min_distance: quality.min_distance,
            anisotropy_db: quality.anisotropy,
            peak: quality.peak,
            disk_error_db: errors.disk,
            gaussian_error_db: errors.gaussian,
            tent_error_db: errors.tent,
            half_plane_error_db: errors.half_plane,
            bilinear_error_db: errors.bilinear,
        }
    }

    /// All figures as lines.
    pub(crate) fn text(&self) -> String {
        let Self { file, count, quality, errors } = self;
        let rows = [
            ("Power below 1/4 of the principal frequency, dB", quality.low_power[0], 1),
            ("  below 1/2", quality.low_power[1], 1),
            ("  from 1/2 to 0.7", quality.middle_power, 1),
            ("Effective Nyquist frequency, x sqrt(N)", quality.nyquist, 3),
            ("Oscillation of the spectrum above", quality.oscillation, 3),
            ("Anisotropy, dB", quality.anisotropy, 1),
            ("Largest power of a frequency, x random points'", quality.peak, 1),
            ("Least distance, x hexagonal lattice's", quality.min_distance, 3),
            ("Integration: disks, dB", errors.disk, 1),
            ("  Gaussians", errors.gaussian, 1),
            ("  tents", errors.tent, 1),
            ("  half-planes in the square", errors.half_plane, 1),
            ("  bilinear in the square", errors.bilinear, 1),
        ];
        let mut text = format!("{file}: {count} points\n0 dB is that of random points, lower is better\n\n");
        for (name, value, decimals) in rows {
            text += &format!("{name:48}{value:>9.decimals$}\n");
        }
        text
    }
}

/// Points of a file, in units of 2^-32.
pub(crate) fn read(path: &Path, bytes: &[u8]) -> std::result::Result<Vec<[u32; 2]>, String> {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        "npy" => array(bytes),
        "csv" | "ply" | "svg" => {
            let text = std::str::from_utf8(bytes).map_err(|_| "the file is not text".to_string())?;
            let (pairs, whole) = match extension.to_ascii_lowercase().as_str() {
                "csv" => table(text)?,
                "ply" => cloud(text)?,
                _ => (circles(text)?, false),
            };
            pairs.into_iter().map(|pair| position(pair, whole)).collect()
        }
        _ => Err("points are read from .npy, .csv, .ply and .svg".to_string()),
    }
}

fn position(pair: [f64; 2], whole: bool) -> std::result::Result<[u32; 2], String> {
    let coordinate = |x: f64| match whole {
        true if x.fract() == 0.0 && (0.0..SIDE).contains(&x) => Ok(x as u32),
        true => Err(format!("a coordinate is {x}: whole numbers must be from 0 to 2^32 - 1")),
        false if (0.0..1.0).contains(&x) => Ok((x * SIDE) as u32),
        false => Err(format!("a coordinate is {x}: floats must be at least 0 and below 1")),
    };
    Ok([coordinate(pair[0])?, coordinate(pair[1])?])
}

fn array(bytes: &[u8]) -> std::result::Result<Vec<[u32; 2]>, String> {
    let npy::Array { element, slices, shape, data } = npy::decode(bytes)?;
    let (rows, whole) = (shape.height as usize, element.levels().is_some());
    if slices.is_some() || shape.width != 2 || shape.channels != 1 {
        return Err("points are an array of shape (N, 2)".to_string());
    }
    if whole && element.size() != 4 {
        return Err("whole numbers must have 32 bits (NumPy: m.astype('<u4'))".to_string());
    }
    if data.len() != 2 * rows * element.size() {
        return Err(format!(
            "{} bytes of elements: an array of shape ({rows}, 2) has {}",
            data.len(),
            2 * rows * element.size()
        ));
    }
    element.decode(data).as_chunks::<2>().0.iter().map(|pair| position(*pair, whole)).collect()
}

/// Two numbers of a line, and whether they are written as whole numbers.
fn pair(line: &str) -> std::result::Result<([f64; 2], bool), String> {
    let cells: Vec<&str> = line.split([',', ';', ' ', '\t']).filter(|cell| !cell.is_empty()).take(2).collect();
    let number = |cell: &&str| cell.parse::<f64>().map_err(|_| format!("`{cell}` is no number"));
    let [x, y] = &cells[..] else { return Err(format!("`{}`: a line has x and y", line.trim())) };
    let whole = cells.iter().all(|cell| cell.parse::<u32>().is_ok());
    Ok(([number(x)?, number(y)?], whole))
}

/// Lines of x and y, after a line of names or not. Whole numbers, if all are and one is above 1.
fn table(text: &str) -> std::result::Result<(Vec<[f64; 2]>, bool), String> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).peekable();
    lines.next_if(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()));
    let pairs: Vec<_> = lines.map(pair).collect::<std::result::Result<_, _>>()?;
    let whole = pairs.iter().all(|(_, whole)| *whole) && pairs.iter().flat_map(|(pair, _)| pair).any(|x| *x > 1.0);
    Ok((pairs.into_iter().map(|(pair, _)| pair).collect(), whole))
}

fn cloud(text: &str) -> std::result::Result<(Vec<[f64; 2]>, bool), String> {
    let (header, body) = text.split_once("end_header").ok_or("a .ply file has a header that ends with end_header")?;
    if !header.contains("format ascii 1.0") {
        return Err("only .ply files in ASCII can be read".to_string());
    }
    let count = header.lines().find_map(|line| line.strip_prefix("element vertex ")?.trim().parse::<usize>().ok());
    let count = count.ok_or("the .ply header has no number of vertices")?;
    let whole = header.contains("property uint x");
    let lines = body.lines().filter(|line| !line.trim().is_empty());
    let pairs: Vec<_> = lines.take(count).map(|line| Ok(pair(line)?.0)).collect::<std::result::Result<_, String>>()?;
    if pairs.len() < count {
        return Err(format!("{} of {count} vertices: the file is cut off", pairs.len()));
    }
    Ok((pairs, whole))
}

/// The centres of the circles of a drawing with the viewBox "0 0 1 1".
fn circles(text: &str) -> std::result::Result<Vec<[f64; 2]>, String> {
    if !text.contains("viewBox=\"0 0 1 1\"") {
        return Err("only .svg files with viewBox=\"0 0 1 1\" can be read".to_string());
    }
    let value = |circle: &str, name: &str| {
        let (_, rest) = circle.split_once(&format!(" {name}=\""))?;
        rest.split_once('"')?.0.parse::<f64>().ok()
    };
    let circles = text.split("<circle").skip(1).map(|rest| rest.split('>').next().unwrap_or_default());
    let centre = |circle: &str| Some([value(circle, "cx")?, value(circle, "cy")?]);
    circles.map(|circle| centre(circle).ok_or_else(|| "a circle has no cx and cy".to_string())).collect()
}
