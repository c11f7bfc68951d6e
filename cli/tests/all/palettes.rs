//! `bluegrad dither --palette`: colours, indices and files.

use crate::common::Folder;
use crate::dither::{HEIGHT, WIDTH, encoded, rgb, samples};
use png::{BitDepth, ColorType};
use std::io::Cursor;

/// Colours that black-white-red panels are sent, and those that they show.
const NOMINAL: [[u8; 3]; 3] = [[0; 3], [255; 3], [255, 0, 0]];
const SHOWN: &str = "1a1a1a,dcdcdc,8c2a1e";

/// A flat of 64x64 pixels.
fn flat(color: [u8; 3]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 64, 64);
    encoder.set_color(ColorType::Rgb);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&color.repeat(64 * 64)).unwrap();
    writer.finish().unwrap();
    bytes
}

/// Palette, bits and indices of an indexed PNG.
fn indexed(bytes: &[u8]) -> (Vec<[u8; 3]>, u8, Vec<u8>) {
    let mut reader = png::Decoder::new(Cursor::new(bytes)).read_info().unwrap();
    let info = reader.info();
    assert_eq!(info.color_type, ColorType::Indexed);
    let (bits, width) = (info.bit_depth as usize, info.width as usize);
    let palette = info.palette.as_ref().unwrap().as_chunks::<3>().0.to_vec();
    let mut packed = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut packed).unwrap();
    let rows = packed.chunks(packed.len() / reader.info().height as usize);
    let index = |row: &[u8], x: usize| row[x * bits / 8] >> (8 - bits - x * bits % 8) & ((1 << bits) - 1) as u8;
    let indices = rows.flat_map(|row| (0..width).map(move |x| index(row, x)).collect::<Vec<u8>>());
    (palette, bits as u8, indices.collect())
}

fn dithered(folder: &Folder, options: &str) -> (Vec<[u8; 3]>, u8, Vec<u8>) {
    folder.good(&format!("dither in.png {options} --out out.png"));
    indexed(&folder.read("out.png"))
}

#[test]
fn lists_names_and_files() {
    let folder = Folder::new();
    folder.write("in.png", rgb(&samples(3)));
    folder.write("three.gpl", "GIMP Palette\nName: x\n#\n0 0 0 Black\n255 255 255\n255 0 0 Red\n");
    folder.write("three.hex", "000000\nffffff\nff0000\n");
    folder.write("three.pal", "JASC-PAL\r\n0100\r\n3\r\n0 0 0\r\n255 255 255\r\n255 0 0\r\n");
    folder.write(
        "three.png",
        encoded(ColorType::Indexed, BitDepth::Eight, &[("palette", NOMINAL.as_flattened())], &vec![0; WIDTH * HEIGHT]),
    );
    let listed = dithered(&folder, "--palette 000000,ffffff,ff0000");
    assert_eq!((&listed.0[..], listed.1), (&NOMINAL[..], 2));
    let used = |indices: &[u8]| (0..3).all(|index| indices.contains(&index)) && indices.iter().all(|index| *index < 3);
    assert!(used(&listed.2));
    for other in ["#000,#fff,#f00", "three.gpl", "three.hex", "three.pal", "three.png", "./three.hex"] {
        assert!(dithered(&folder, &format!("--palette {other}")) == listed, "{other}");
    }
    // A built-in palette is written in its nominal colours and mixed from those that its panel shows.
    let built_in = dithered(&folder, "--palette black-white-red");
    assert_eq!((&built_in.0[..], built_in.1), (&NOMINAL[..], 2));
    assert!(used(&built_in.2) && built_in.2 != listed.2);
    let run = folder.good("dither in.png --palette spectra-6 --out out.png");
    assert!(run.stdout.contains(": 37x23, 6 colours, 4 bits a pixel; mask 64x64"), "{}", run.stdout);
}

#[test]
fn palette_colours_have_no_dots() {
    let folder = Folder::new();
    let shown = [[0x1A; 3], [0xDC; 3], [0x8C, 0x2A, 0x1E]];
    for (index, color) in shown.into_iter().enumerate() {
        folder.write("in.png", flat(color));
        for nodes in ["--nodes 9", "", "--nodes 33"] {
            let (colors, _, indices) = dithered(&folder, &format!("--palette 000,fff,f00 --shown {SHOWN} {nodes}"));
            assert_eq!(colors, NOMINAL);
            assert!(indices.iter().all(|other| usize::from(*other) == index), "{color:?} {nodes}");
        }
    }
    let (colors, ..) = dithered(&folder, &format!("--palette 000,fff,f00 --shown {SHOWN} --output-colors shown"));
    assert_eq!(colors, shown);
    // The panel's range: black and white of the picture are the panel's.
    for (value, index) in [(0, 0), (255, 1)] {
        folder.write("in.png", flat([value; 3]));
        let (.., indices) = dithered(&folder, &format!("--palette 000,fff,f00 --shown {SHOWN} --fit panel"));
        assert!(indices.iter().all(|other| *other == index), "{value}");
    }
    folder.write("in.png", flat([128; 3]));
    let by = |fit: &str| dithered(&folder, &format!("--palette 000,fff,f00 --shown {SHOWN} --fit {fit}")).2;
    assert!(by("panel") != by("none"));
    assert!(by("none") == dithered(&folder, &format!("--palette 000,fff,f00 --shown {SHOWN}")).2);
}

/// Mean light of a flat within the palette's gamut.
#[test]
fn means_in_light() {
    let folder = Folder::new();
    let light = |v: u8| {
        let x = f64::from(v) / 255.0;
        if x <= 0.04045 { x / 12.92 } else { ((x + 0.055) / 1.055).powf(2.4) }
    };
    for color in [[128; 3], [200, 150, 120], [60, 90, 40]] {
        folder.write("in.png", flat(color));
        let primaries = "000000,ff0000,00ff00,ffff00,0000ff,ff00ff,00ffff,ffffff";
        let (colors, bits, indices) = dithered(&folder, &format!("--palette {primaries} --grain 0 --nodes 33"));
        assert_eq!(bits, 4);
        for channel in 0..3 {
            let sum: f64 = indices.iter().map(|index| light(colors[usize::from(*index)][channel])).sum();
            let (mean, wanted) = (sum / indices.len() as f64, light(color[channel]));
            // Shares and thresholds of 15 bits, 64x64 pixels, several colours.
            assert!((mean - wanted).abs() < 0.0015, "{color:?}, {channel}: {mean}, wanted {wanted}");
        }
    }
    let by = |grain: &str| dithered(&folder, &format!("--palette spectra-6 --grain {grain}")).2;
    assert!(by("0") != by("0.1") && by("0.002") == dithered(&folder, "--palette spectra-6").2);
}

#[test]
fn indices_in_every_format() {
    let folder = Folder::new();
    folder.write("in.png", rgb(&samples(3)));
    let palette = "--palette black-white-red";
    let (.., indices) = dithered(&folder, palette);
    let made = |options: &str, name: &str| {
        folder.good(&format!("dither in.png {palette} {options} --out {name}"));
        folder.read(name)
    };
    let rows = || indices.chunks(WIDTH);
    assert!(made("", "o.raw8") == indices);
    let pack = |row: &[u8], bits: usize| -> Vec<u8> {
        let join = |group: &[u8]| group.iter().enumerate().fold(0, |byte, (i, v)| byte | v << (8 - bits - i * bits));
        row.chunks(8 / bits).map(join).collect()
    };
    assert!(made("", "o.raw2") == rows().flat_map(|row| pack(row, 2)).collect::<Vec<u8>>());
    assert!(made("", "o.raw4") == rows().flat_map(|row| pack(row, 4)).collect::<Vec<u8>>());
    let plane = |bit: u8| {
        rows().flat_map(move |row| pack(&row.iter().map(|v| v >> bit & 1).collect::<Vec<u8>>(), 1)).collect::<Vec<u8>>()
    };
    assert!(made("", "o.planes") == [plane(0), plane(1)].concat());
    let colors: Vec<u8> = indices.iter().flat_map(|index| NOMINAL[usize::from(*index)]).collect();
    assert!(made("", "o.ppm") == [&b"P6\n37 23\n255\n"[..], &colors].concat());
    let text = String::from_utf8(made("", "o.h")).unwrap();
    assert!(text.contains("// Layout, row by row: 3 colours, 2 bits a pixel.\n"), "{text}");
    assert!(text.contains("// Colours of the indices, from 0: 000000, ffffff, ff0000.\n"), "{text}");
    // Grey is RGB with equal channels; --grey makes it so.
    folder.good("dither in.png --grey --bits 8 --depth 8 --out grey.png");
    folder.good(&format!("dither grey.png {palette} --out by-grey.png"));
    folder.good(&format!("dither in.png --grey {palette} --depth 8 --out by-option.png"));
    let mut reader = png::Decoder::new(Cursor::new(folder.read("by-option.png"))).read_info().unwrap();
    assert_eq!(reader.output_color_type(), (ColorType::Rgb, BitDepth::Eight));
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    assert!(pixels.as_chunks::<3>().0.iter().all(|pixel| NOMINAL.contains(pixel)));
    assert_eq!(indexed(&folder.read("by-grey.png")).0, NOMINAL);
    // Alpha beside the colours.
    let alphas: Vec<u8> = (0..WIDTH * HEIGHT).map(|i| (i % 256) as u8).collect();
    let data: Vec<u8> =
        samples(3).as_chunks::<3>().0.iter().zip(&alphas).flat_map(|([r, g, b], a)| [*r, *g, *b, *a]).collect();
    folder.write("in.png", encoded(ColorType::Rgba, BitDepth::Eight, &[], &data));
    folder.good(&format!("dither in.png {palette} --alpha keep --out out.png"));
    let mut reader = png::Decoder::new(Cursor::new(folder.read("out.png"))).read_info().unwrap();
    assert_eq!(reader.output_color_type(), (ColorType::Rgba, BitDepth::Eight));
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    let wanted = colors.as_chunks::<3>().0.iter().zip(&alphas).flat_map(|([r, g, b], a)| [*r, *g, *b, *a]);
    assert!(pixels.into_iter().eq(wanted));
}

#[test]
fn web_safe_is_made_of_levels() {
    let folder = Folder::new();
    folder.write("in.png", rgb(&samples(3)));
    folder.good("dither in.png --palette web-safe --out out.png");
    folder.good("dither in.png --levels 6,6,6 --out by-levels.png");
    assert!(folder.read("out.png") == folder.read("by-levels.png"));
    folder.bad(&["dither", "in.png", "--palette", "web-safe", "--shown", "000,fff"], 2, &["web-safe", "--shown"]);
}

#[test]
fn bad_palettes() {
    let folder = Folder::new();
    folder.write("in.png", rgb(&samples(3)));
    let bad = |options: &str, status: i32, said: &[&str]| {
        let line = format!("dither in.png --out o.png {options}");
        folder.bad(&line.split_whitespace().collect::<Vec<_>>(), status, said);
    };
    bad("--palette nonsense", 2, &["nonsense", "no such file", "000000,ffffff", "spectra-6", "web-safe"]);
    bad("--palette 000000", 2, &["000000", "1 colours", "2 to 64"]);
    let many: Vec<String> = (0..65).map(|i| format!("{i:06x}")).collect();
    bad(&format!("--palette {}", many.join(",")), 2, &["65 colours", "2 to 64"]);
    folder.write("many.hex", many.join("\n"));
    bad("--palette many.hex", 2, &["many.hex", "65 colours"]);
    bad("--palette 000,fff,000", 2, &["colours 0 and 2", "the same"]);
    bad("--palette 000,fff --shown 111,111", 2, &["the same"]);
    bad("--palette 000,fff --shown 111,eee,f00", 2, &["--shown", "3 colours for a palette of 2"]);
    bad("--palette 000,fff --shown 111,e", 2, &["--shown", "1a1a1a,dcdcdc"]);
    bad("--shown 000,fff", 2, &["--palette"]);
    bad("--palette 000,fff --fit all", 2, &["--fit", "none, panel"]);
    for grain in ["-0.1", "1.1", "NaN", "much"] {
        bad(&format!("--palette 000,fff --grain={grain}"), 2, &["--grain", "from 0 to 1"]);
    }
    for nodes in ["8", "0", "16", "34", "x"] {
        bad(&format!("--palette 000,fff --nodes {nodes}"), 2, &["--nodes", "9, 17 or 33"]);
    }
    bad("--palette 000,fff --output-colors all", 2, &["--output-colors", "nominal, shown"]);
    for option in ["--bits 1", "--levels 4", "--values 0,255", "--linear", "--channels apart"] {
        bad(&format!("--palette 000,fff {option}"), 2, &["--palette", option.split(' ').next().unwrap()]);
    }
    for option in ["--fit panel", "--grain 0", "--nodes 9", "--output-colors shown"] {
        bad(option, 2, &["--palette"]);
    }
    for format in ["pbm", "pgm", "xbm", "rgb332", "rgb565be", "c:rgb332"] {
        bad(&format!("--palette 000,fff --format {format}"), 2, &["--palette goes with png"]);
    }
    bad("--palette spectra-6 --format planes", 2, &["planes holds at most 4 colours", "6"]);
    bad("--palette spectra-6 --format c:raw2", 2, &["c holds at most 4 colours"]);
    folder.write("bad.gpl", "GIMP Palette\n0 0 300\n");
    bad("--palette bad.gpl", 1, &["bad.gpl: line 2"]);
    folder.write("grey.png", crate::dither::grey(&samples(1)));
    bad("--palette grey.png", 1, &["grey.png", "no palette"]);
    bad("--palette .", 1, &["bluegrad: .: "]);
}
