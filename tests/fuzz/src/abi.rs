//! The C functions in any order, with any numbers, on blocks of which any byte may be wrong.
//!
//! The model: a block is the run that it was begun as, that run with wrong buffers, or nothing that may be used before
//! `bluegrad_open` takes it. Whatever it is, nothing outside of the given buffers is written to, and only documented statuses come
//! back; a sound run takes its steps, and ends in the ranks of a run in one go at the level `scalar`.

mod block;
mod config;
mod damage;
mod dithering;
mod host;
mod measuring;
mod reading;
mod statuses;
mod words;

use arbitrary::Arbitrary;
use block::Block;
use bluegrad::Preset;
use bluegrad_ffi::*;
use config::Recipes;
use std::mem::MaybeUninit;

/// An input.
#[derive(Arbitrary, Debug)]
pub struct Case {
    recipes: Recipes,
    /// The mask that a run starts from, if it starts from one: repeated.
    values: Vec<u8>,
    calls: Vec<Call>,
}

/// One call.
#[derive(Arbitrary, Debug)]
enum Call {
    Begin(block::Begin),
    Open { short: u16 },
    Step { steps: u8, host: host::Host, report: bool },
    ToTheEnd,
    Report,
    Evaluate(damage::Terms),
    Values { wrong: bool },
    Read(reading::Read),
    Damage { at: u16, xor: u8 },
    Forge { at: u16, xor: u8 },
    Move { offset: u8 },
    Measure(measuring::Measure),
    Dither(dithering::Rows),
    Text(i32),
    Tone(dithering::Tone),
}

/// Makes all calls of a case.
pub fn run(case: &Case) {
    let config = case.recipes.make();
    let checked = config::check(&config);
    let mut block = Block::new(config, checked, &case.values);
    block.begin(&block::Begin::default());
    for call in case.calls.iter().take(24) {
        match call {
            Call::Begin(begin) => block.begin(begin),
            Call::Open { short } => block.open(usize::from(*short)),
            Call::Step { steps, host, report } => block.step(u32::from(steps % 16), host, *report),
            Call::ToTheEnd => block.step(u32::MAX, &host::Host::None, true),
            Call::Report => block.report(),
            Call::Evaluate(terms) => block.evaluate(terms),
            Call::Values { wrong } => block.values(*wrong),
            Call::Read(read) => read.run(&mut block),
            Call::Damage { at, xor } => block.damage(usize::from(*at), *xor),
            Call::Forge { at, xor } => block.forge(usize::from(*at), *xor),
            Call::Move { offset } => block.moved(usize::from(*offset)),
            Call::Measure(measure) => measure.run(&mut block.budget),
            Call::Dither(rows) => rows.run(),
            Call::Tone(tone) => tone.run(),
            Call::Text(number) => text(*number),
        }
        block.check();
    }
    block.compare();
}

/// A choice as C passes it: any word.
fn choice<T>(word: u32) -> MaybeUninit<T> {
    const { assert!(size_of::<T>() == 4) };
    let mut choice = MaybeUninit::<T>::uninit();
    // SAFETY: the choice is a word.
    unsafe { choice.as_mut_ptr().cast::<u32>().write(word) };
    choice
}

/// The functions that give texts, with any number.
fn text(number: i32) {
    // SAFETY: static texts that end with a NUL, or NULL.
    unsafe {
        assert!(!bluegrad_status_string(number).is_null());
        let name = bluegrad_preset_name(choice(number as u32));
        assert_eq!(name.is_null(), number as u32 as usize >= Preset::ALL.len());
        assert_eq!(bluegrad_preset_purpose(choice(number as u32)).is_null(), name.is_null());
        if !name.is_null() {
            let mut preset = Preset::Dither;
            assert_eq!(bluegrad_preset_by_name(name, &raw mut preset), BLUEGRAD_OK);
            assert_eq!(preset as u32, number as u32);
        }
    }
}
