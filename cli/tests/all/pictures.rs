//! Pictures that `bluegrad dither` reads: formats, orientation, colour spaces, alpha.

use crate::common::{Folder, Run};
use crate::dither::{HEIGHT, WIDTH, decoded, encoded, grey, samples};
use png::{BitDepth, ColorType};

/// A PNG with chunks before its data.
fn png_with(size: [u32; 2], color: ColorType, depth: BitDepth, chunks: &[(&[u8; 4], Vec<u8>)], data: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, size[0], size[1]);
    encoder.set_color(color);
    encoder.set_depth(depth);
    let mut writer = encoder.write_header().unwrap();
    for (name, chunk) in chunks {
        writer.write_chunk(png::chunk::ChunkType(**name), chunk).unwrap();
    }
    writer.write_image_data(data).unwrap();
    writer.finish().unwrap();
    bytes
}

/// Width, height and samples of a picture after `dither` with 256 levels: what the program has read, if the picture has 8 bits.
fn read(folder: &Folder, picture: &[u8], options: &str) -> ([u32; 2], Vec<u8>, Run) {
    folder.write("in", picture);
    let line = format!("dither in --bits 8 --depth 8 {options} --out out.png");
    let run = folder.run(&line.split_whitespace().collect::<Vec<_>>());
    assert_eq!(run.status, Some(0), "{line}: {}", run.stderr);
    let mut reader = png::Decoder::new(std::io::Cursor::new(folder.read("out.png"))).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    ([reader.info().width, reader.info().height], pixels, run)
}

/// [`read`] without a word on standard error.
fn quiet(folder: &Folder, picture: &[u8], options: &str) -> Vec<u8> {
    let (_, pixels, run) = read(folder, picture, options);
    assert_eq!(run.stderr, "");
    pixels
}

/// An interlaced PNG, in stored blocks.
fn interlaced(width: usize, height: usize, data: &[u8]) -> Vec<u8> {
    let passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];
    let mut raw = Vec::new();
    for (x0, y0, dx, dy) in passes {
        for y in (y0..height).step_by(dy) {
            let row: Vec<u8> = (x0..width).step_by(dx).map(|x| data[y * width + x]).collect();
            if !row.is_empty() {
                raw.push(0);
                raw.extend(row);
            }
        }
    }
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in &raw {
        a = (a + u32::from(*byte)) % 65521;
        b = (b + a) % 65521;
    }
    let length = raw.len() as u16;
    let zlib = [&[0x78, 1, 1][..], &length.to_le_bytes(), &(!length).to_le_bytes(), &raw, &(b << 16 | a).to_be_bytes()]
        .concat();
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let header = [&(width as u32).to_be_bytes()[..], &(height as u32).to_be_bytes(), &[8, 0, 0, 0, 1]].concat();
    for (name, chunk) in [(b"IHDR", header), (b"IDAT", zlib), (b"IEND", Vec::new())] {
        bytes.extend((chunk.len() as u32).to_be_bytes());
        let body = [&name[..], &chunk].concat();
        bytes.extend(&body);
        bytes.extend(crc32fast::hash(&body).to_be_bytes());
    }
    bytes
}

#[test]
fn an_interlaced_png() {
    let folder = Folder::new();
    for (width, height) in [(11, 9), (1, 7), (8, 1), (3, 2)] {
        let data: Vec<u8> = (0..width * height).map(|i| (i * 23 % 256) as u8).collect();
        let (size, pixels, _) = read(&folder, &interlaced(width, height, &data), "");
        assert_eq!((size, pixels), ([width as u32, height as u32], data));
    }
}

/// EXIF data with an orientation, little- or big-endian.
fn exif(orientation: u8, big: bool) -> Vec<u8> {
    if big {
        [&b"MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"[..], &[orientation], &[0; 6]].concat()
    } else {
        [&b"II\x2A\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"[..], &[orientation, 0], &[0; 6]].concat()
    }
}

/// Pixel (x, y) of the upright picture in a stored picture of w by h, by the words of EXIF: where row 0 and column 0 are seen.
fn upright(orientation: u8, w: usize, h: usize, data: &[u8]) -> ([u32; 2], Vec<u8>) {
    // (row 0 is the visual .., column 0 is the visual ..)
    let sides = [
        "top left",
        "top right",
        "bottom right",
        "bottom left",
        "left top",
        "right top",
        "right bottom",
        "left bottom",
    ];
    let (row, column) = sides[usize::from(orientation) - 1].split_once(' ').unwrap();
    let turned = matches!(row, "left" | "right");
    let (width, height) = if turned { (h, w) } else { (w, h) };
    let mut seen = vec![0; w * h];
    for sy in 0..h {
        for sx in 0..w {
            let place = |side: &str, i: usize| match side {
                "top" | "left" => i,
                "bottom" => height - 1 - i,
                _ => width - 1 - i,
            };
            let (a, b) = (place(row, sy), place(column, sx));
            let (x, y) = if turned { (a, b) } else { (b, a) };
            seen[y * width + x] = data[sy * w + sx];
        }
    }
    ([width as u32, height as u32], seen)
}

#[cfg(feature = "formats")]
#[test]
fn orientation() {
    let folder = Folder::new();
    let (w, h) = (5, 3);
    let data: Vec<u8> = (0..w * h).map(|i| (i * 17) as u8).collect();
    for orientation in 1..=8 {
        for big in [false, true] {
            let chunk = (b"eXIf", exif(orientation, big));
            let picture = png_with([w as u32, h as u32], ColorType::Grayscale, BitDepth::Eight, &[chunk], &data);
            let (size, pixels, run) = read(&folder, &picture, "");
            assert_eq!((size, pixels), upright(orientation, w, h, &data), "{orientation}");
            assert_eq!(run.stderr, "");
        }
    }
    // An orientation that does not exist, and EXIF data that is none, leave the picture as it is.
    for chunk in [exif(9, false), b"nothing".to_vec()] {
        let picture = png_with([5, 3], ColorType::Grayscale, BitDepth::Eight, &[(b"eXIf", chunk)], &data);
        assert_eq!(quiet(&folder, &picture, ""), data);
    }
}

/// A JPEG with EXIF data: two halves, dark left and light right, become top and bottom.
#[cfg(feature = "formats")]
#[test]
fn orientation_of_a_jpeg() {
    let folder = Folder::new();
    let data: Vec<u8> = (0..16 * 8).map(|i| if i % 16 < 8 { 40 } else { 200 }).collect();
    let mut jpeg = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 100)
        .encode(&data, 16, 8, image::ExtendedColorType::L8)
        .unwrap();
    let body = [&b"Exif\0\0"[..], &exif(6, true)].concat();
    let segment = [&[0xFF, 0xE1][..], &(body.len() as u16 + 2).to_be_bytes(), &body].concat();
    let picture = [&jpeg[..2], &segment, &jpeg[2..]].concat();
    let (size, pixels, _) = read(&folder, &picture, "");
    assert_eq!(size, [8, 16]);
    assert!(pixels[..64].iter().all(|v| v.abs_diff(40) < 3) && pixels[64..].iter().all(|v| v.abs_diff(200) < 3));
}

/// Lossless files of each format, the simplest ones written by hand.
#[cfg(feature = "formats")]
#[test]
fn every_format() {
    use image::{ExtendedColorType, ImageEncoder, codecs};
    let folder = Folder::new();
    let (w, h) = (WIDTH as u32, HEIGHT as u32);
    let rgb = samples(3);
    let mut files: Vec<(&str, Vec<u8>)> = Vec::new();
    files.push(("ppm", [&b"P6\n37 23\n255\n"[..], &rgb].concat()));
    let plain = rgb.iter().map(u8::to_string).collect::<Vec<_>>().join(" ");
    files.push(("plain ppm", format!("P3\n# a comment\n37 23 255\n{plain}\n").into_bytes()));
    let mut bmp = b"BM".to_vec();
    let row = (3 * WIDTH).next_multiple_of(4);
    bmp.extend((54 + row as u32 * h).to_le_bytes());
    bmp.extend([0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0]);
    bmp.extend([w.to_le_bytes(), h.to_le_bytes()].concat());
    bmp.extend([1, 0, 24, 0]);
    bmp.extend([0; 24]);
    for pixels in rgb.chunks(3 * WIDTH).rev() {
        bmp.extend(pixels.as_chunks::<3>().0.iter().flat_map(|[r, g, b]| [*b, *g, *r]));
        bmp.extend(vec![0; row - 3 * WIDTH]);
    }
    files.push(("bmp", bmp));
    let mut webp = Vec::new();
    codecs::webp::WebPEncoder::new_lossless(&mut webp).write_image(&rgb, w, h, ExtendedColorType::Rgb8).unwrap();
    files.push(("webp", webp));
    let mut tiff = std::io::Cursor::new(Vec::new());
    codecs::tiff::TiffEncoder::new(&mut tiff).write_image(&rgb, w, h, ExtendedColorType::Rgb8).unwrap();
    files.push(("tiff", tiff.into_inner()));
    for (name, bytes) in files {
        assert!(quiet(&folder, &bytes, "") == rgb, "{name}");
    }
    // GIF holds few colours, and alpha.
    let few: Vec<u8> = (0..WIDTH * HEIGHT).flat_map(|i| [[255, 0, 0, 255], [0, 0, 255, 255]][i % 5 % 2]).collect();
    let mut gif = Vec::new();
    codecs::gif::GifEncoder::new(&mut gif).encode(&few, w, h, ExtendedColorType::Rgba8).unwrap();
    let shown: Vec<u8> = few.as_chunks::<4>().0.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]).collect();
    assert!(quiet(&folder, &gif, "") == shown);
    // 16 bits of TIFF and PGM are not rounded: as those of a PNG.
    let codes: Vec<u16> = samples(1).iter().map(|v| (257 * u16::from(*v)).saturating_add(100)).collect();
    let big: Vec<u8> = codes.iter().flat_map(|code| code.to_be_bytes()).collect();
    let native: Vec<u8> = codes.iter().flat_map(|code| code.to_ne_bytes()).collect();
    let wanted = quiet(&folder, &encoded(ColorType::Grayscale, BitDepth::Sixteen, &[], &big), "");
    let mut tiff = std::io::Cursor::new(Vec::new());
    codecs::tiff::TiffEncoder::new(&mut tiff).write_image(&native, w, h, ExtendedColorType::L16).unwrap();
    assert!(quiet(&folder, &tiff.into_inner(), "") == wanted);
    assert!(quiet(&folder, &[&b"P5\n37 23\n65535\n"[..], &big].concat(), "") == wanted);
    // Bits: 1 is black.
    let bits = [&b"P4\n9 2\n"[..], &[0b0101_0101, 0x80, 0b1111_0000, 0]].concat();
    let wanted = [255, 0, 255, 0, 255, 0, 255, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255];
    assert_eq!(quiet(&folder, &bits, ""), wanted);
    // A JPEG of one colour.
    for (color, data) in [(ExtendedColorType::L8, vec![100]), (ExtendedColorType::Rgb8, vec![200, 100, 50])] {
        let mut jpeg = Vec::new();
        let pixels = data.repeat(24 * 16);
        codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 100).encode(&pixels, 24, 16, color).unwrap();
        let got = quiet(&folder, &jpeg, "");
        assert!(got.len() == pixels.len() && got.iter().zip(&pixels).all(|(a, b)| a.abs_diff(*b) < 3), "{color:?}");
    }
}

/// sRGB code of a light, 0 to 255.
fn srgb(light: f64) -> f64 {
    255.0 * if light <= 0.003_130_8 { 12.92 * light } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 }
}

/// Mean sample of a flat after dithering to 256 levels: finer than a level.
fn mean(folder: &Folder, chunks: &[(&[u8; 4], Vec<u8>)], code: u16) -> f64 {
    let data = code.to_be_bytes().repeat(64 * 64);
    let picture = png_with([64, 64], ColorType::Grayscale, BitDepth::Sixteen, chunks, &data);
    let pixels = quiet(folder, &picture, "");
    pixels.iter().map(|v| f64::from(*v)).sum::<f64>() / 4096.0
}

#[test]
fn gamma() {
    let folder = Folder::new();
    let gama = |gamma: u32| (b"gAMA", gamma.to_be_bytes().to_vec());
    for code in [0, 1000, 20000, 32768, 65535] {
        let plain = f64::from(code) / 257.0;
        for gamma in [100_000_u32, 50_000, 30_000] {
            let wanted = srgb((f64::from(code) / 65535.0).powf(100_000.0 / f64::from(gamma)));
            let got = mean(&folder, &[gama(gamma)], code);
            // Half a 16-bit code, and half a pixel.
            assert!((got - wanted).abs() < 0.0021, "{gamma}, {code}: {got}, wanted {wanted}");
        }
        // 1/2.2 is how sRGB is written; sRGB's own chunk comes first.
        for chunks in [vec![gama(45455)], vec![gama(100_000), (b"sRGB", vec![0])]] {
            let got = mean(&folder, &chunks, code);
            assert!((got - plain).abs() < 0.0002, "{chunks:?}, {code}: {got}, wanted {plain}");
        }
    }
    // Alpha is no light.
    let data: Vec<u8> = [100, 128].repeat(64);
    let picture = png_with([8, 8], ColorType::GrayscaleAlpha, BitDepth::Eight, &[gama(100_000)], &data);
    let pixels = quiet(&folder, &picture, "--alpha keep");
    assert!(pixels.as_chunks::<2>().0.iter().all(|[v, a]| *a == 128 && f64::from(*v) - srgb(100.0 / 255.0) < 1.0));
}

/// An iCCP chunk; zlib with a stored block.
#[cfg(feature = "formats")]
fn iccp(profile: &[u8]) -> (&'static [u8; 4], Vec<u8>) {
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in profile {
        a = (a + u32::from(*byte)) % 65521;
        b = (b + a) % 65521;
    }
    let length = profile.len() as u16;
    let sizes = [length.to_le_bytes(), (!length).to_le_bytes()].concat();
    (b"iCCP", [&b"p\0\0\x78\x01\x01"[..], &sizes, profile, &(b << 16 | a).to_be_bytes()].concat())
}

#[cfg(feature = "formats")]
#[test]
fn profiles() {
    use moxcms::ColorProfile;
    let folder = Folder::new();
    let rgb = |chunks: &[(&[u8; 4], Vec<u8>)], color: [u8; 3]| {
        png_with([64, 64], ColorType::Rgb, BitDepth::Eight, chunks, &color.repeat(4096))
    };
    let means = |picture: &[u8]| {
        let pixels = quiet(&folder, picture, "");
        [0, 1, 2].map(|i| pixels.iter().skip(i).step_by(3).map(|v| f64::from(*v)).sum::<f64>() / 4096.0)
    };
    let p3 = iccp(&ColorProfile::new_display_p3().encode().unwrap());
    // Display P3 to sRGB in linear light: its primaries in those of sRGB, rows of the matrix.
    let matrix = [[1.2249, -0.2247, 0.0], [-0.0420, 1.0419, 0.0], [-0.0197, -0.0786, 1.0979]];
    let light = |v: u8| {
        let x = f64::from(v) / 255.0;
        if x <= 0.04045 { x / 12.92 } else { ((x + 0.055) / 1.055).powf(2.4) }
    };
    for color in [[128, 128, 128], [150, 100, 90], [60, 120, 110], [0, 0, 0], [255, 255, 255]] {
        let got = means(&rgb(std::slice::from_ref(&p3), color));
        let lights = color.map(light);
        for (row, got) in matrix.iter().zip(got) {
            let wanted = srgb(row.iter().zip(lights).map(|(m, light)| m * light).sum::<f64>());
            assert!((got - wanted).abs() < 0.3, "{color:?}: {got}, wanted {wanted}");
        }
    }
    // Black and white have no dots.
    for v in [0, 255] {
        assert!(quiet(&folder, &rgb(std::slice::from_ref(&p3), [v; 3]), "").iter().all(|got| *got == v));
    }
    // A profile of sRGB changes nothing; it comes before gAMA.
    let own = iccp(&ColorProfile::new_srgb().encode().unwrap());
    let gama = (b"gAMA", 100_000_u32.to_be_bytes().to_vec());
    assert_eq!(quiet(&folder, &rgb(&[own, gama], [7, 100, 201]), ""), [7, 100, 201].repeat(4096));
    // Grey by a gamma of 1.
    let grey = iccp(&ColorProfile::new_gray_with_gamma(1.0).encode().unwrap());
    let got = mean(&folder, &[grey], 20000);
    assert!((got - srgb(20000.0 / 65535.0)).abs() < 0.3, "{got}");
    // Profiles that cannot be used are named in one line.
    let cases = [iccp(b"no profile"), iccp(&ColorProfile::new_gray_with_gamma(1.0).encode().unwrap())];
    for chunk in cases {
        let (_, pixels, run) = read(&folder, &rgb(&[chunk], [7, 100, 201]), "");
        assert_eq!(pixels, [7, 100, 201].repeat(4096));
        assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
        assert!(run.stderr.starts_with("bluegrad: warning: in: its colour profile is ignored"), "{}", run.stderr);
    }
}

#[test]
fn alpha_over_a_colour() {
    let folder = Folder::new();
    // Alpha 0, 51, 204 and 255 of a colour.
    let data: Vec<u8> = [0, 51, 204, 255].iter().flat_map(|alpha| [10, 100, 250, *alpha]).collect();
    let picture = png_with([4, 1], ColorType::Rgba, BitDepth::Eight, &[], &data);
    let over = |below: [u8; 3]| -> Vec<u8> {
        let mix = |c: u8, b: u8, a: u32| (u32::from(c) * a + u32::from(b) * (255 - a)) as f64 / 255.0;
        let pixel = |a: u32| [0, 1, 2].map(|i| mix([10, 100, 250][i], below[i], a).round() as u8);
        [0, 51, 204, 255].into_iter().flat_map(pixel).collect()
    };
    for (options, below) in [("", [255; 3]), ("--alpha ff8000", [255, 128, 0]), ("--alpha #000", [0; 3])] {
        let got = quiet(&folder, &picture, options);
        // A mean between two values is dithered to either.
        assert!(got.iter().zip(over(below)).all(|(a, b)| a.abs_diff(b) <= 1), "{options}: {got:?}");
        assert_eq!([&got[..3], &got[9..]].concat(), [&below[..], &[10, 100, 250]].concat());
    }
    // Grey over a colour is in colour; over grey, or with --grey, it is grey.
    let picture = png_with([2, 1], ColorType::GrayscaleAlpha, BitDepth::Eight, &[], &[50, 0, 50, 255]);
    assert_eq!(quiet(&folder, &picture, "--alpha 102030"), [16, 32, 48, 50, 50, 50]);
    assert_eq!(quiet(&folder, &picture, "--alpha 202020"), [32, 50]);
    assert_eq!(quiet(&folder, &picture, "--alpha 202020 --grey"), [32, 50]);
    // Half of black over white: half the light, with --linear.
    let picture = png_with([64, 64], ColorType::GrayscaleAlpha, BitDepth::Sixteen, &[], &[0, 0, 128, 0].repeat(4096));
    for (options, wanted) in [("", 127.5), ("--linear", srgb(1.0 - 32768.0 / 65535.0))] {
        let pixels = quiet(&folder, &picture, options);
        let mean = pixels.iter().map(|v| f64::from(*v)).sum::<f64>() / 4096.0;
        assert!((mean - wanted).abs() < 0.01, "{options}: {mean}, wanted {wanted}");
    }
}

#[test]
fn alpha_that_stays() {
    let folder = Folder::new();
    let alphas: Vec<u8> = (0..WIDTH * HEIGHT).map(|i| (i * 37 % 256) as u8).collect();
    let data: Vec<u8> = samples(1).iter().zip(&alphas).flat_map(|(v, a)| [*v, *a]).collect();
    folder.write("in.png", encoded(ColorType::GrayscaleAlpha, BitDepth::Eight, &[], &data));
    let run = folder.good("dither in.png --alpha keep --out out.png");
    assert!(run.stdout.contains("2 levels of grey with alpha, 16 bits a pixel"), "{}", run.stdout);
    let (color, depth, pixels) = decoded(&folder.read("out.png"));
    assert_eq!((color, depth), (ColorType::GrayscaleAlpha, BitDepth::Eight));
    // The grey under the alpha is dithered as if it were opaque.
    folder.write("opaque.png", grey(&samples(1)));
    folder.good("dither opaque.png --out opaque.out.png");
    let (.., opaque) = decoded(&folder.read("opaque.out.png"));
    assert!(pixels.iter().copied().eq(opaque.iter().zip(&alphas).flat_map(|(v, a)| [*v, *a])));
    // 16 bits of alpha: rounded to 8, or kept.
    let wide = png_with([1, 1], ColorType::Rgba, BitDepth::Sixteen, &[], &[0, 0, 255, 255, 0, 0, 0x81, 0x7F]);
    assert_eq!(quiet(&folder, &wide, "--alpha keep"), [0, 255, 0, 0x81]);
    folder.write("in.png", &wide);
    folder.good("dither in.png --alpha keep --depth 16 --out out.png");
    let mut reader = png::Decoder::new(std::io::Cursor::new(folder.read("out.png"))).read_info().unwrap();
    assert_eq!(reader.output_color_type(), (ColorType::Rgba, BitDepth::Sixteen));
    let mut pixel = [0; 8];
    reader.next_frame(&mut pixel).unwrap();
    assert_eq!(pixel, [0, 0, 255, 255, 0, 0, 0x81, 0x7F]);
    // A picture without alpha gets none.
    folder.good("dither opaque.png --alpha keep --out out.png");
    assert_eq!(decoded(&folder.read("out.png")).0, ColorType::Grayscale);
}

#[test]
fn alpha_that_is_dithered() {
    let folder = Folder::new();
    for (v, a) in [(128, 128), (64, 200), (200, 30)] {
        let data: Vec<u8> = [v, a].repeat(64 * 64);
        let picture = png_with([64, 64], ColorType::GrayscaleAlpha, BitDepth::Eight, &[], &data);
        folder.write("in.png", picture);
        let run = folder.good("dither in.png --alpha dither --out out.png");
        assert!(run.stdout.contains("with alpha of 0 or 1"), "{}", run.stdout);
        let mut reader = png::Decoder::new(std::io::Cursor::new(folder.read("out.png"))).read_info().unwrap();
        assert_eq!(reader.output_color_type(), (ColorType::GrayscaleAlpha, BitDepth::Eight));
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        let pixels = pixels.as_chunks::<2>().0;
        assert!(pixels.as_flattened().iter().all(|value| matches!(value, 0 | 255)));
        let seen: Vec<_> = pixels.iter().filter(|[_, alpha]| *alpha == 255).collect();
        assert!((seen.len() as f64 - 4096.0 * f64::from(a) / 255.0).abs() <= 0.5001, "{}", seen.len());
        // What is seen is as light as the picture: the two patterns have nothing in common.
        let white = seen.iter().filter(|[value, _]| *value == 255).count() as f64 / seen.len() as f64;
        assert!((white - f64::from(v) / 255.0).abs() < 0.06, "{v}, {a}: {white} of what is seen is white");
    }
}
