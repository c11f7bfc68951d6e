//! Masks as C arrays: names, values, and how to threshold with them.
//!
//! A header compiles as C89 and later and as C++, and any number of headers with different names in one translation unit.

use crate::npy::Element;
use bluegrad::{ALGORITHM_VERSION, Shape};
use std::fmt::Write;

/// Most characters of a name: C99 tells names apart by their first 63.
const MAX_NAME: usize = 63;

/// Keywords of C and C++ up to C23 and C++23, and names of `<stdint.h>` with macros of their own.
const TAKEN: &str = "\
alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t char32_t class compl \
concept const const_cast consteval constexpr constinit continue co_await co_return co_yield decltype default delete do \
double dynamic_cast else enum explicit export extern false float for friend goto if inline int int8 int16 int32 int64 \
long mutable namespace new noexcept not not_eq nullptr operator or or_eq private protected public register \
reinterpret_cast requires restrict return short signed sizeof static static_assert static_cast struct switch template \
this thread_local throw true try typedef typeid typename typeof typeof_unqual uint8 uint16 uint32 uint64 union \
unsigned using virtual void volatile wchar_t while xor xor_eq";

/// Checks a name for an array: a C identifier that neither C nor C++ reserves.
pub(crate) fn check_name(name: &str) -> Result<(), String> {
    let is_word = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !is_word || !name.starts_with(|c: char| c.is_ascii_alphabetic()) || name.len() > MAX_NAME {
        return Err(format!(
            "expected a C identifier of at most {MAX_NAME} characters: a letter, then letters, digits and underscores"
        ));
    }
    if name.contains("__") || name.ends_with("_t") || TAKEN.split(' ').any(|taken| taken == name) {
        return Err("C or C++ reserves this name; choose another, such as blue_mask".to_string());
    }
    Ok(())
}

/// Returns the name of an array by default: `bluegrad_` and the name of the file, without the extension.
///
/// The prefix keeps names from beginning with a digit, and apart from keywords and the caller's own names.
pub(crate) fn name_of_file(stem: &str) -> String {
    const PREFIX: &str = "bluegrad_";
    let words: Vec<&str> = stem.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let words = if words.is_empty() { "mask".to_string() } else { words.join("_") };
    let mut name = if words.starts_with(PREFIX) { words } else { format!("{PREFIX}{words}") };
    name.truncate(MAX_NAME);
    name
}

/// Returns a header with an array of unsigned integers; `pixels` are little-endian.
pub(crate) fn header(name: &str, shape: Shape, element: Element, pixels: &[u8], command: &str) -> String {
    let Shape { width, height, layers, channels } = shape;
    let version = env!("CARGO_PKG_VERSION");
    let (kind, value, white, values_per_line) = match element {
        // t of `bluegrad::dither`, for texels.
        Element::U1 => ("uint8_t", "floor(256 * rank / N)", "v + value - (value > 127) >= 255".to_string(), 32),
        Element::U2 => ("uint16_t", "floor(65536 * rank / N)", white(1 << 16), 18),
        _ => ("uint32_t", "rank, 0 to N - 1", white(shape.pixels() as u64), 14),
    };
    let value = value.replace('N', &shape.pixels().to_string());
    let macros = name.to_ascii_uppercase();
    let mut array = String::new();
    for line in element.decode(pixels).chunks(values_per_line) {
        array.push_str("   ");
        for value in line {
            // Writing to a string cannot fail. Values are whole numbers below 2³².
            let _ = write!(array, " {},", *value as u32);
        }
        array.push('\n');
    }
    // A second mask of the same name would vanish without a word: the guard's value tells masks apart.
    let sides = if shape.is_flat() { String::new() } else { format!(" {layers} {channels}") };
    let identity = crc32fast::hash(format!("{kind} {width} {height}{sides}\n{array}").as_bytes());
    let (planes, order, counts, length) = if shape.is_flat() {
        (String::new(), String::new(), String::new(), format!("{macros}_HEIGHT * {macros}_WIDTH"))
    } else {
        (
            format!("layers: {layers}, channels: {channels}; layer by layer, "),
            format!(
                " * Channel c of the pixel in column x and row y of layer l is\n *   {name}[((l * {macros}_HEIGHT + y) * {macros}_WIDTH + x) * {macros}_CHANNELS + c]\n *\n"
            ),
            format!("#define {macros}_LAYERS {layers}\n#define {macros}_CHANNELS {channels}\n"),
            format!("{macros}_LAYERS * {macros}_HEIGHT * {macros}_WIDTH * {macros}_CHANNELS"),
        )
    };
    format!(
        "\
/* A {width}x{height} tileable blue-noise mask, {planes}row by row; value = {value}.
 *
{order} * Where values are high, pixels turn white first: a grey sample v of 0 to 255 becomes white where
 *   {white}
 * so that 0 has no white pixel, 255 has no black one, and the share of white pixels is about v/255.
 *
 * Made by bluegrad {version}, algorithm {ALGORITHM_VERSION}, free of any claim: use it as you like. Made again by
 *   {command}
 */
#ifndef {macros}_H
#define {macros}_H 0x{identity:08X}UL

#include <stdint.h>

#define {macros}_WIDTH {width}
#define {macros}_HEIGHT {height}
{counts}
static const {kind} {name}[{length}] = {{
{array}}};

#elif {macros}_H != 0x{identity:08X}UL
#error \"two masks are called {name}: make one with `bluegrad generate --name`\"
#endif
"
    )
}

/// Returns the C expression for white of a value of `of` equally frequent values: v ≥ 255 − floor(255·(value + ½)/of).
fn white(of: u64) -> String {
    // Terms reach 255·2·of; `long` may have 32 bits, and `int` 16.
    let l = if 255 * 2 * of <= i32::MAX as u64 { "L" } else { "LL" };
    format!("255{l} * (2{l} * value + 1) >= {}{l} * (255 - v)", 2 * of)
}

#[cfg(test)]
mod tests {
    use super::{check_name, name_of_file};

    #[test]
    fn names() {
        for name in ["a", "blue_mask", "M64x64", "texture_", &"a".repeat(63)] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
        for name in ["", "_a", "1a", "a-b", "a b", "ä", "a__b", "int", "class", "uint8", "size_t", &"a".repeat(64)] {
            assert!(check_name(name).is_err(), "{name}");
        }
    }

    #[test]
    fn names_of_files() {
        for (stem, name) in [
            ("mask", "bluegrad_mask"),
            ("bluegrad-64x64", "bluegrad_64x64"),
            ("bluegrad", "bluegrad_bluegrad"),
            ("64x64", "bluegrad_64x64"),
            ("int", "bluegrad_int"),
            ("_my mask..v2_", "bluegrad_my_mask_v2"),
            ("ä", "bluegrad_mask"),
            ("size_t", "bluegrad_size_t"),
        ] {
            assert_eq!(name_of_file(stem), name);
        }
        assert_eq!(name_of_file(&"x".repeat(100)).len(), 63);
    }
}
