//! pffft through its C interface, as `bench/peers/build-pffft.sh` builds it. Declarations from pffft.h.

use super::composed::{Axes, Composed};
use super::library::{open, symbol};
use super::{Peer, folder};
use crate::memory::Floats;
use bluegrad::Shape;
use bluegrad::fft::Complex;
use libloading::Library;
use std::ffi::c_int;
use std::ptr::NonNull;

const NAME: &str = "pffft";

/// `struct PFFFT_Setup`, opaque.
#[repr(C)]
struct OpaqueSetup {
    _opaque: [u8; 0],
}

const REAL: c_int = 0;
const COMPLEX: c_int = 1;
const FORWARD: c_int = 0;
const BACKWARD: c_int = 1;

type Transform = unsafe extern "C" fn(*mut OpaqueSetup, *const f32, *mut f32, *mut f32, c_int);

/// The functions of pffft.h.
struct Interface {
    new_setup: unsafe extern "C" fn(c_int, c_int) -> *mut OpaqueSetup,
    destroy_setup: unsafe extern "C" fn(*mut OpaqueSetup),
    /// The spectrum is in the order of the library.
    transform: Transform,
    transform_ordered: Transform,
    reorder: unsafe extern "C" fn(*mut OpaqueSetup, *const f32, *mut f32, c_int),
    simd_size: unsafe extern "C" fn() -> c_int,
}

impl Interface {
    fn new(library: &'static Library) -> Result<&'static Self, String> {
        // SAFETY: these are the declarations of pffft.h.
        let interface = unsafe {
            Self {
                new_setup: symbol(library, "pffft_new_setup")?,
                destroy_setup: symbol(library, "pffft_destroy_setup")?,
                transform: symbol(library, "pffft_transform")?,
                transform_ordered: symbol(library, "pffft_transform_ordered")?,
                reorder: symbol(library, "pffft_zreorder")?,
                simd_size: symbol(library, "pffft_simd_size")?,
            }
        };
        Ok(Box::leak(Box::new(interface)))
    }
}

pub(super) fn peer() -> Result<Peer, String> {
    let interface = Interface::new(open(&[folder().join("pffft").join("libpffft.so")])?)?;
    // SAFETY: it takes nothing and says a number.
    let lanes = unsafe { (interface.simd_size)() };
    let about = format!("{lanes} lanes, rows, transposed by blocks, columns left transposed and in its own order");
    Ok(Peer::new(NAME, about, |shape| Ok(Box::new(Composed::new(Pffft::new(interface, shape)?, shape)))))
}

/// The tables of one size.
struct Setup {
    interface: &'static Interface,
    setup: NonNull<OpaqueSetup>,
    /// Number of floats of a signal.
    len: usize,
    work: Floats,
}

impl Setup {
    /// Makes the tables for `side` real or complex elements.
    fn new(interface: &'static Interface, side: u32, kind: c_int) -> Result<Self, String> {
        let (least, len) = if kind == REAL { (32, side as usize) } else { (16, 2 * side as usize) };
        if side < least {
            return Err(format!("no transform of {side}"));
        }
        // SAFETY: the size is a power of two and not below the least that pffft.h names.
        let setup = unsafe { (interface.new_setup)(side as c_int, kind) };
        Ok(Self { interface, setup: NonNull::new(setup).ok_or("no setup")?, len, work: Floats::new(len) })
    }

    /// Transforms `from` into `to`.
    fn run(&mut self, transform: Transform, from: &[f32], to: &mut [f32], direction: c_int) {
        assert!(from.len() == self.len && to.len() == self.len && aligned(from) && aligned(to));
        // SAFETY: three arrays of the setup's length, aligned to 16 bytes (the work space to 64).
        unsafe { transform(self.setup.as_ptr(), from.as_ptr(), to.as_mut_ptr(), self.work.as_mut_ptr(), direction) };
    }

    /// Transforms in place.
    fn run_in_place(&mut self, transform: Transform, signal: &mut [f32], direction: c_int) {
        assert!(signal.len() == self.len && aligned(signal));
        let signal = signal.as_mut_ptr();
        // SAFETY: as above; input and output may be the same, says pffft.h.
        unsafe { transform(self.setup.as_ptr(), signal, signal, self.work.as_mut_ptr(), direction) };
    }
}

fn aligned(signal: &[f32]) -> bool {
    signal.as_ptr().align_offset(16) == 0
}

impl Drop for Setup {
    fn drop(&mut self) {
        // SAFETY: the setup came from this library and is destroyed once.
        unsafe { (self.interface.destroy_setup)(self.setup.as_ptr()) };
    }
}

struct Pffft {
    rows: Setup,
    columns: Setup,
    pixels: usize,
}

impl Pffft {
    fn new(interface: &'static Interface, shape: Shape) -> Result<Self, String> {
        let rows = Setup::new(interface, shape.width, REAL)?;
        let columns = Setup::new(interface, shape.height, COMPLEX)?;
        Ok(Self { rows, columns, pixels: shape.pixels() })
    }

    fn columns(&mut self, columns: &mut [Complex], direction: c_int) {
        let transform = self.columns.interface.transform;
        let columns: &mut [f32] = bytemuck::cast_slice_mut(columns);
        for column in columns.chunks_exact_mut(self.columns.len) {
            self.columns.run_in_place(transform, column, direction);
        }
    }
}

impl Axes for Pffft {
    fn name(&self) -> String {
        NAME.into()
    }

    fn scale(&self) -> f32 {
        self.pixels as f32
    }

    fn packed(&self) -> bool {
        true
    }

    fn rows(&mut self, image: &[f32], spectra: &mut [Complex]) {
        let (len, transform) = (self.rows.len, self.rows.interface.transform_ordered);
        let spectra: &mut [f32] = bytemuck::cast_slice_mut(spectra);
        for (row, spectrum) in image.chunks_exact(len).zip(spectra.chunks_exact_mut(len)) {
            self.rows.run(transform, row, spectrum, FORWARD);
        }
    }

    fn columns(&mut self, columns: &mut [Complex]) {
        self.columns(columns, FORWARD);
    }

    fn columns_back(&mut self, columns: &mut [Complex]) {
        self.columns(columns, BACKWARD);
    }

    fn rows_back(&mut self, spectra: &mut [Complex], output: &mut [f32]) {
        let (len, transform) = (self.rows.len, self.rows.interface.transform_ordered);
        let spectra: &[f32] = bytemuck::cast_slice(spectra);
        for (row, spectrum) in output.chunks_exact_mut(len).zip(spectra.chunks_exact(len)) {
            self.rows.run(transform, spectrum, row, BACKWARD);
        }
    }

    fn to_natural(&self, column: &mut [Complex]) {
        let mut ordered = Floats::new(2 * column.len());
        let setup = &self.columns;
        assert!(ordered.len() == setup.len);
        // SAFETY: both arrays have the setup's length and are aligned to 16 bytes, as columns are; they do not overlap.
        unsafe {
            (setup.interface.reorder)(setup.setup.as_ptr(), column.as_ptr().cast(), ordered.as_mut_ptr(), FORWARD);
        }
        column.copy_from_slice(bytemuck::cast_slice(&ordered));
    }
}
