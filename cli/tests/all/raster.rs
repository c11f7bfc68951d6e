//! `bluegrad dither --format`: every format, byte by byte, against writers of this file.

use crate::common::Folder;
use crate::dither::{BY_MASK, HEIGHT, N, WIDTH, decoded, folder, grey, rgb, samples, value};
use png::{BitDepth, ColorType};

/// Returns the level of each sample by the formula, for the levels of its channel.
fn levels(samples: &[u8], counts: &[u64], ranks: &[u32]) -> Vec<u8> {
    let channels = counts.len();
    let one = |(i, v): (usize, &u8)| {
        let (x, y, count) = (i / channels % WIDTH, i / channels / WIDTH, counts[i % channels]);
        let rank = u64::from(ranks[y % 16 * 32 + x % 32]);
        // floor(v·(L − 1)/255 + (rank + ½)/n)
        ((u64::from(*v) * (count - 1) * 2 * N + 255 * (2 * rank + 1)) / (255 * 2 * N)) as u8
    };
    samples.iter().enumerate().map(one).collect()
}

/// Packs levels of a row of `row` samples, each row at a whole byte.
fn packed(levels: &[u8], row: usize, bits: usize, lsb: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    for levels in levels.chunks(row) {
        let mut text: Vec<String> = levels.iter().map(|level| format!("{level:0bits$b}")).collect();
        while !(text.len() * bits).is_multiple_of(8) {
            text.push("0".repeat(bits));
        }
        for group in text.chunks(8 / bits) {
            let group: Vec<String> = if lsb { group.iter().rev().cloned().collect() } else { group.to_vec() };
            bytes.push(u8::from_str_radix(&group.concat(), 2).unwrap());
        }
    }
    bytes
}

fn grey_folder() -> (Folder, Vec<u32>) {
    folder(&grey(&samples(1)))
}

fn made(folder: &Folder, options: &str, name: &str) -> Vec<u8> {
    let run = folder.good(&format!("dither in.png {BY_MASK} {options} --out {name}"));
    assert!(run.stdout.starts_with(&format!("wrote {name}: 37x23, ")), "{}", run.stdout);
    folder.read(name)
}

#[test]
fn raw_levels_of_grey() {
    let (folder, ranks) = grey_folder();
    for (options, count, bits, lsb) in [
        ("", 2, 1, false),
        ("--bit-order lsb", 2, 1, true),
        ("", 4, 2, false),
        ("--bit-order lsb", 4, 2, true),
        ("", 16, 4, false),
        ("--bit-order lsb", 16, 4, true),
        ("", 256, 8, false),
        ("--levels 6", 6, 4, false),
        ("--levels 3 --bit-order msb", 3, 8, false),
    ] {
        let bytes = made(&folder, options, &format!("o.raw{bits}"));
        assert!(bytes == packed(&levels(&samples(1), &[count], &ranks), WIDTH, bits, lsb), "raw{bits} {options}");
    }
}

#[test]
fn raw_levels_of_colour() {
    let (folder, ranks) = folder(&rgb(&samples(3)));
    let bytes = made(&folder, "--levels 2,4,3", "o.raw2");
    assert!(bytes == packed(&levels(&samples(3), &[2, 4, 3], &ranks), 3 * WIDTH, 2, false));
    let bytes = made(&folder, "", "o.raw1");
    assert!(bytes == packed(&levels(&samples(3), &[2; 3], &ranks), 3 * WIDTH, 1, false));
}

#[test]
fn planes() {
    let (folder, ranks) = grey_folder();
    for (options, lsb) in [("", false), ("--bit-order lsb", true)] {
        let levels = levels(&samples(1), &[4], &ranks);
        let plane = |bit: u8| {
            let bits: Vec<u8> = levels.iter().map(|level| level >> bit & 1).collect();
            packed(&bits, WIDTH, 1, lsb)
        };
        assert!(made(&folder, options, "o.planes") == [plane(0), plane(1)].concat(), "{options}");
    }
}

#[test]
fn rgb332_and_rgb565() {
    let (folder, ranks) = folder(&rgb(&samples(3)));
    let three = levels(&samples(3), &[8, 8, 4], &ranks);
    let bytes = made(&folder, "", "o.rgb332");
    assert!(bytes.into_iter().eq(three.as_chunks::<3>().0.iter().map(|[r, g, b]| 32 * r + 4 * g + b)));
    let three = levels(&samples(3), &[32, 64, 32], &ranks);
    let word = |[r, g, b]: &[u8; 3]| 2048 * u16::from(*r) + 32 * u16::from(*g) + u16::from(*b);
    let words: Vec<u16> = three.as_chunks::<3>().0.iter().map(word).collect();
    let (little, big) = (made(&folder, "", "o.rgb565le"), made(&folder, "--levels 32,64,32", "o.rgb565be"));
    assert!(little.into_iter().eq(words.iter().flat_map(|word| word.to_le_bytes())));
    assert!(big.into_iter().eq(words.iter().flat_map(|word| word.to_be_bytes())));
    // Grey becomes RGB565 too.
    let (folder, ranks) = grey_folder();
    let all: Vec<u8> = samples(1).iter().flat_map(|v| [*v; 3]).collect();
    let words: Vec<u16> = levels(&all, &[32, 64, 32], &ranks).as_chunks::<3>().0.iter().map(word).collect();
    assert!(made(&folder, "", "o.rgb565le").into_iter().eq(words.iter().flat_map(|word| word.to_le_bytes())));
}

#[test]
fn netpbm() {
    let (folder, ranks) = grey_folder();
    let black: Vec<u8> = levels(&samples(1), &[2], &ranks).iter().map(|level| 1 - level).collect();
    assert!(made(&folder, "", "o.pbm") == [&b"P4\n37 23\n"[..], &packed(&black, WIDTH, 1, false)].concat());
    let values = |count: u64| -> Vec<u8> {
        levels(&samples(1), &[count], &ranks).iter().map(|level| value(u64::from(*level), count) as u8).collect()
    };
    assert!(made(&folder, "--bits 4", "o.pgm") == [&b"P5\n37 23\n255\n"[..], &values(16)].concat());
    let wide = levels(&samples(1), &[16], &ranks);
    let wide: Vec<u8> = wide.iter().flat_map(|level| (4369 * u16::from(*level)).to_be_bytes()).collect();
    let bytes = made(&folder, "--bits 4 --depth 16", "o.pgm");
    assert!(bytes == [&b"P5\n37 23\n65535\n"[..], &wide].concat());
    let three: Vec<u8> = values(2).iter().flat_map(|v| [*v; 3]).collect();
    assert!(made(&folder, "", "o.ppm") == [&b"P6\n37 23\n255\n"[..], &three].concat());
}

/// Numbers between the braces of an array.
fn numbers(text: &str) -> Vec<u16> {
    let (_, rest) = text.split_once("= {").unwrap();
    let (inside, _) = rest.split_once('}').unwrap();
    let words = inside.split(',').map(str::trim).filter(|word| !word.is_empty());
    words.map(|word| u16::from_str_radix(word.strip_prefix("0x").unwrap(), 16).unwrap()).collect()
}

fn bytes(text: &str) -> Vec<u8> {
    numbers(text).into_iter().map(|number| u8::try_from(number).unwrap()).collect()
}

#[test]
fn xbm() {
    let (folder, ranks) = grey_folder();
    let text = String::from_utf8(made(&folder, "", "sun-rise.xbm")).unwrap();
    let start = "#define sun_rise_width 37\n#define sun_rise_height 23\nstatic unsigned char sun_rise_bits[] = {\n";
    assert!(text.starts_with(start) && text.ends_with("\n};\n"), "{text}");
    let black: Vec<u8> = levels(&samples(1), &[2], &ranks).iter().map(|level| 1 - level).collect();
    assert!(bytes(&text) == packed(&black, WIDTH, 1, true));
    let text = String::from_utf8(made(&folder, "--name moon", "o.xbm")).unwrap();
    assert!(text.starts_with("#define moon_width 37\n"), "{text}");
}

#[test]
fn c_arrays() {
    let (folder, ranks) = grey_folder();
    let text = String::from_utf8(made(&folder, "--bits 2", "1st picture.h".replace(' ', "-").as_str())).unwrap();
    for line in [
        "// A picture of 37x23 pixels, dithered by bluegrad 0.1.0: 230 bytes.",
        "// Layout, row by row: 4 levels of grey, 2 bits a pixel.",
        "#ifndef PICTURE_1ST_PICTURE_H",
        "#define PICTURE_1ST_PICTURE_H",
        "#include <stdint.h>",
        "#define PICTURE_1ST_PICTURE_WIDTH 37",
        "#define PICTURE_1ST_PICTURE_HEIGHT 23",
        "#define PICTURE_1ST_PICTURE_STRIDE 10",
        "static const uint8_t picture_1st_picture[PICTURE_1ST_PICTURE_HEIGHT * PICTURE_1ST_PICTURE_STRIDE] = {",
        "#endif",
    ] {
        assert!(text.lines().any(|other| other == line), "{line}: {text}");
    }
    let four = levels(&samples(1), &[4], &ranks);
    assert!(bytes(&text) == packed(&four, WIDTH, 2, false));
    let text = String::from_utf8(made(&folder, "--format c:planes --name panel", "o.h")).unwrap();
    assert!(text.contains("static const uint8_t panel[2 * PANEL_HEIGHT * PANEL_STRIDE] = {\n"), "{text}");
    assert!(text.contains("#define PANEL_STRIDE 5\n"), "{text}");
    let plane = |bit: u8| packed(&four.iter().map(|level| level >> bit & 1).collect::<Vec<u8>>(), WIDTH, 1, false);
    assert!(bytes(&text) == [plane(0), plane(1)].concat());
    let three: Vec<u8> = samples(1).iter().flat_map(|v| [*v; 3]).collect();
    let three = levels(&three, &[32, 64, 32], &ranks);
    let word = |[r, g, b]: &[u8; 3]| 2048 * u16::from(*r) + 32 * u16::from(*g) + u16::from(*b);
    let words: Vec<u16> = three.as_chunks::<3>().0.iter().map(word).collect();
    let text = String::from_utf8(made(&folder, "--levels 32,64,32", "o.c")).unwrap();
    assert!(text.contains("static const uint16_t o[O_HEIGHT * O_STRIDE] = {\n"), "{text}");
    assert!(text.contains("#define O_STRIDE 37\n"), "{text}");
    assert!(numbers(&text) == words);
    let text = String::from_utf8(made(&folder, "--format c:rgb565be", "o.c")).unwrap();
    assert!(bytes(&text).into_iter().eq(words.iter().flat_map(|word| word.to_be_bytes())));
}

/// Values that are not even, in every kind of PNG.
#[test]
fn values_of_png() {
    let (folder, _) = folder(&grey(&samples(1)));
    let listed = |pixels: &[u8]| {
        let mut all = pixels.to_vec();
        all.sort_unstable();
        all.dedup();
        all
    };
    let (color, depth, pixels) = decoded(&made(&folder, "--values 0,80,255", "o.png"));
    assert_eq!((color, depth, listed(&pixels)), (ColorType::Indexed, BitDepth::Two, vec![0, 80, 255]));
    let (color, depth, pixels) = decoded(&made(&folder, "--values 0,80,255 --depth 8", "o.png"));
    assert_eq!((color, depth, listed(&pixels)), (ColorType::Grayscale, BitDepth::Eight, vec![0, 80, 255]));
    let (color, depth, pixels) = decoded(&made(&folder, "--values 300,40000 --depth 16", "o.png"));
    assert_eq!((color, depth), (ColorType::Grayscale, BitDepth::Sixteen));
    let mut codes: Vec<u16> = pixels.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes, [300, 40000]);
    let (color, depth, pixels) = decoded(&made(&folder, "--values 0,255/10,20,30/40,50", "o.png"));
    assert_eq!((color, depth), (ColorType::Indexed, BitDepth::Four));
    let pixels = pixels.as_chunks::<3>().0;
    let channel = |i: usize| listed(&pixels.iter().map(|pixel| pixel[i]).collect::<Vec<u8>>());
    assert_eq!([channel(0), channel(1), channel(2)], [vec![0, 255], vec![10, 20, 30], vec![40, 50]]);
    // 16 levels by 16 by 17 are more than a palette holds.
    let (color, depth, pixels) = decoded(&made(&folder, "--levels 16,16,17", "o.png"));
    assert_eq!((color, depth, pixels.len()), (ColorType::Rgb, BitDepth::Eight, 3 * WIDTH * HEIGHT));
}

/// The mean of a flat is the picture's, between values that are not even.
#[test]
fn values_keep_the_mean() {
    let folder = Folder::new();
    folder.write("in.png", crate::dither::flat(257 * 100));
    for (options, mixed) in [("", [0.0, 80.0, 255.0]), ("--linear", [0.0, 80.0, 255.0])] {
        let light = |v: f64| {
            let x = v / 255.0;
            if options.is_empty() {
                x
            } else if x <= 0.04045 {
                x / 12.92
            } else {
                ((x + 0.055) / 1.055).powf(2.4)
            }
        };
        folder.good(&format!("dither in.png --values 0,80,255 --depth 8 {options} --out out.png"));
        let total = crate::dither::sum(&folder.read("out.png")) as f64;
        let share = (light(100.0) - light(mixed[1])) / (light(mixed[2]) - light(mixed[1]));
        let white = (total - 4096.0 * mixed[1]) / (mixed[2] - mixed[1]);
        assert!((white - 4096.0 * share).abs() <= 0.5001, "{options}: {white} of 4096, wanted {}", 4096.0 * share);
    }
}

/// Pictures of one row and of one column, in every format.
#[test]
fn thin_pictures() {
    let folder = Folder::new();
    let encode = |width: u32, height: u32| {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_color(ColorType::Rgb);
        let data: Vec<u8> = (0..3 * width * height).map(|i| (i * 7 % 256) as u8).collect();
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&data).unwrap();
        writer.finish().unwrap();
        bytes
    };
    for (width, height) in [(1, 1), (1, 300), (300, 1), (7, 1)] {
        folder.write("in.png", encode(width, height));
        for format in "png pbm pgm ppm xbm c raw1 raw2 raw4 raw8 planes rgb332 rgb565le rgb565be".split(' ') {
            folder.good(&format!("dither in.png --format {format} --out out.{format}"));
        }
        let size = |name: &str| folder.read(name).len() as u32;
        assert_eq!(size("out.raw1"), (3 * width).div_ceil(8) * height);
        assert_eq!(size("out.planes"), 2 * width.div_ceil(8) * height);
        assert_eq!(size("out.rgb565be"), 2 * width * height);
        let reader = png::Decoder::new(std::io::Cursor::new(folder.read("out.png"))).read_info().unwrap();
        assert_eq!((reader.info().width, reader.info().height), (width, height));
    }
}
