//! The core allocates nothing: an allocator that panics while it is armed.

#![allow(unsafe_code, reason = "an allocator")]

use bluegrad::dither::palette::{self, Palette, PaletteConfig};
use bluegrad::dither::{self, BitOrder, Levels, Mix, Samples, Sink, Thresholds, Tone};
use bluegrad::recipe::{Coupling, FilterFill, Polish};
use bluegrad::{Config, Dither, Generator, Layout, Line, Preset, Recipe, Shape, Spectral, Stage, measure};
use std::alloc::{GlobalAlloc, System};
use std::cell::Cell;

thread_local! {
    /// Of the test's own thread, for the one that waits for it may allocate at any time.
    static ARMED: Cell<bool> = const { Cell::new(false) };
}

/// Whether it was armed; it is not any more.
fn disarm() -> bool {
    ARMED.try_with(|armed| armed.replace(false)).unwrap_or(false)
}

struct Guard;

// SAFETY: both calls go to the system's allocator unchanged.
unsafe impl GlobalAlloc for Guard {
    unsafe fn alloc(&self, layout: std::alloc::Layout) -> *mut u8 {
        if disarm() {
            std::process::abort();
        }
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: std::alloc::Layout) {
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Guard = Guard;

const CONFIG: Config = Config::new(Preset::Spectral, 64, 64);
/// The size is known when compiling, so static storage works.
const LAYOUT: Layout = match Layout::new(&CONFIG) {
    Ok(layout) => layout,
    Err(_) => panic!("a valid configuration"),
};
/// A fill of filters, then a polish in which layers act on each other.
const VOLUME: Recipe = {
    let coupling = Coupling { time_weight: 0.3, time_radius: 2, ..Coupling::PLAIN };
    let polish = Polish { steps: 2, coupling, product_weight: 0.1, ..Polish::PLAIN };
    Recipe::new(&[Stage::FilterFill(FilterFill::PLAIN), Stage::Polish(polish)])
};
static MEMORY: std::sync::Mutex<[Line; LAYOUT.lines()]> = std::sync::Mutex::new([Line::ZERO; LAYOUT.lines()]);

#[test]
fn nothing_is_allocated() {
    let mut memory = MEMORY.lock().expect("one thread");
    let shape = CONFIG.shape;
    let mut texture = vec![0_u8; shape.pixels()];
    let (mut thresholds, mut positions) = (vec![0_u16; shape.pixels()], [0_u32; 256]);
    let mut values = vec![0.0_f32; shape.pixels()];
    let mut power = vec![0.0; measure::power_len(shape)];
    let mut scratch = vec![0.0; measure::levels_scratch_len(shape).expect("a good size")];
    let mut levels = [measure::GreyLevel::default(); measure::LEVELS];
    let (mut order, mut ranks) = (vec![0; shape.pixels()], vec![0; shape.pixels()]);
    let inks = PaletteConfig { nodes: 9, ..PaletteConfig::new(&[[5; 3], [200; 3], [120, 15, 5]]) };
    let mut table = vec![0; inks.words().expect("a size")];
    let wide: Vec<f64> = vec![0.5; shape.pixels()];

    ARMED.set(true);
    let mut generator = Generator::init(Line::as_bytes_mut(&mut *memory), &CONFIG).expect("valid");
    while !generator.step(100).expect("a good block").done {}
    generator.evaluate(&Spectral::PUBLISHED).expect("a good block");
    let mask = generator.mask().expect("done");
    mask.write_u8(&mut texture).expect("the right length");
    dither::texels(&mask, &mut texture).expect("the right length");
    let dither = Dither::rgb(Thresholds::U8(&texture), shape, Levels::Even([2; 3])).expect("good input");
    let mut packed = [0; 38];
    let sink = Sink::Packed { to: &mut packed, bits: 1, order: BitOrder::MsbFirst };
    dither.row(0, Samples::U8(&[128; 300]), sink).expect("the right length");
    dither::thresholds(&mask, &mut thresholds).expect("the right length");
    Tone::new(&[0, 20000, 65535], Mix::Light, 4)
        .expect("good values")
        .fill::<u8>(&mut positions)
        .expect("the right length");
    let mask_of_16_bits = Thresholds::U16(&thresholds);
    let dither = Dither::grey(mask_of_16_bits, shape, Levels::Table([&positions])).expect("good input");
    dither.row(0, Samples::U8(&[128; 300]), Sink::Levels(&mut [0; 300])).expect("the right length");
    palette::build(&inks, &mut table).expect("good colours");
    let palette = Palette::new(&table).expect("a table");
    let dither = Dither::palette(Thresholds::U16(&thresholds), shape, palette).expect("good input");
    dither.row(0, Samples::U8(&[128; 300]), Sink::Levels(&mut [0; 100])).expect("the right length");
    mask.write_f32(&mut values, bluegrad::Range::Signed).expect("the right length");
    measure::power_spectrum(&values, shape, &mut power, &mut scratch).expect("the right lengths");
    let quality = measure::quality(&power, shape).expect("the right lengths");
    measure::patterns(mask.ranks(), shape, &mut levels, &mut scratch).expect("the right lengths");
    measure::pattern_power_spectrum(mask.ranks(), shape, 0.25, &mut power, &mut scratch).expect("the right lengths");
    measure::ranks(&wide, &mut order, &mut ranks).expect("the right lengths");
    let levels_of = |preset: Preset| preset.recipe().with_levels(4, 1.26).expect("room");
    for preset in [Preset::Dither, Preset::VoidAndCluster, Preset::DitherFast] {
        let small = Config { recipe: levels_of(preset), ..Config::new(preset, 30, 20) };
        let mut generator = Generator::init(Line::as_bytes_mut(&mut *memory), &small).expect("valid, and less memory");
        while !generator.step(10).expect("a good block").done {}
    }
    let channels = Config {
        shape: Shape::new(12, 10).with_layers(2).with_channels(3),
        recipe: VOLUME,
        ..Config::new(Preset::Dither, 12, 10)
    };
    let mut generator = Generator::init(Line::as_bytes_mut(&mut *memory), &channels).expect("valid, and less memory");
    while !generator.step(10).expect("a good block").done {}
    let volume = generator.mask().expect("done");
    volume.layer(1).expect("of two").write_u8(&mut texture[..360]).expect("the right length");
    measure::space_time(volume.ranks(), channels.shape, 2, &mut scratch).expect("enough scratch");
    assert!(disarm(), "something was allocated");
    assert!(quality.low_power[3] < -55.0);
}
