//! FFTW 3 in single precision through its C interface: one thread, plans `FFTW_PATIENT`, out of place, FFTW's own aligned
//! memory. Declarations as in the manual, <https://www.fftw.org/fftw3_doc/>, chapter 4.

use crate::pair::Pair;
use bluegrad::Shape;
use bluegrad::fft::{Complex, natural_len};
use bytemuck::Pod;
use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;

/// `struct fftwf_plan_s`, which only FFTW sees into.
#[repr(C)]
struct OpaquePlan {
    _opaque: [u8; 0],
}

const FFTW_PATIENT: c_uint = 1 << 5;

// SAFETY: these are the declarations of fftw3.h; `Complex` is two floats, `fftwf_complex`.
unsafe extern "C" {
    /// `const char fftwf_version[]`: its first character.
    static fftwf_version: c_char;
    fn fftwf_malloc(bytes: usize) -> *mut c_void;
    fn fftwf_free(memory: *mut c_void);
    fn fftwf_plan_dft_r2c_2d(
        rows: c_int,
        columns: c_int,
        from: *mut f32,
        to: *mut Complex,
        flags: c_uint,
    ) -> *mut OpaquePlan;
    fn fftwf_plan_dft_c2r_2d(
        rows: c_int,
        columns: c_int,
        from: *mut Complex,
        to: *mut f32,
        flags: c_uint,
    ) -> *mut OpaquePlan;
    fn fftwf_execute(plan: *const OpaquePlan);
    fn fftwf_destroy_plan(plan: *mut OpaquePlan);
}

/// FFTW's name, version and instruction sets: `fftw-3.3.10-sse2-avx`.
#[must_use]
pub fn version() -> String {
    // SAFETY: FFTW's version is a constant array of characters that ends with 0.
    let version = unsafe { CStr::from_ptr(&raw const fftwf_version) };
    version.to_string_lossy().into_owned()
}

/// Memory of FFTW's, aligned as its SIMD code wants it.
struct Buffer<T: Pod> {
    start: NonNull<T>,
    len: usize,
}

impl<T: Pod> Buffer<T> {
    fn new(len: usize) -> Self {
        // SAFETY: any size may be asked for; the result is checked.
        let memory = unsafe { fftwf_malloc(len * size_of::<T>()) };
        let start = NonNull::new(memory.cast::<T>()).expect("memory for FFTW");
        // SAFETY: the memory is ours, `len` elements long and aligned to 16 bytes at least, which is more than a `Pod` of
        // floats needs; all zeros is a value of every `Pod`.
        unsafe { start.as_ptr().write_bytes(0, len) };
        Self { start, len }
    }
}

impl<T: Pod> Deref for Buffer<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        // SAFETY: `len` initialised elements, which nobody writes to while `self` is borrowed: FFTW does so only inside
        // `Fftw`'s methods that borrow it mutably.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), self.len) }
    }
}

impl<T: Pod> DerefMut for Buffer<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: as above, and the borrow is exclusive.
        unsafe { std::slice::from_raw_parts_mut(self.start.as_ptr(), self.len) }
    }
}

impl<T: Pod> Drop for Buffer<T> {
    fn drop(&mut self) {
        // SAFETY: the memory came from `fftwf_malloc` and is freed once.
        unsafe { fftwf_free(self.start.as_ptr().cast()) };
    }
}

/// A plan; it holds pointers into the buffers of the [`Fftw`] that owns it.
struct Plan(NonNull<OpaquePlan>);

impl Drop for Plan {
    fn drop(&mut self) {
        // SAFETY: the plan came from FFTW and is destroyed once.
        unsafe { fftwf_destroy_plan(self.0.as_ptr()) };
    }
}

/// FFTW's pair of transforms of one shape.
pub struct Fftw {
    // before the buffers: fields are dropped in this order
    forward: Plan,
    inverse: Plan,
    image: Buffer<f32>,
    spectrum: Buffer<Complex>,
    output: Buffer<f32>,
}

impl Fftw {
    /// Plans both transforms; patient, so 512 takes seconds. Not to be called from two threads at once: FFTW's planner is
    /// not made for it.
    ///
    /// # Panics
    /// If FFTW has no memory or no plan.
    #[must_use]
    pub fn new(shape: Shape) -> Self {
        let pixels = shape.pixels();
        let (image, spectrum, output) = (Buffer::new(pixels), Buffer::new(natural_len(shape)), Buffer::new(pixels));
        let (rows, columns) = (shape.height as c_int, shape.width as c_int);
        // SAFETY: the arrays have the sizes that a real transform of rows x columns reads and writes; they live as long as
        // the plan, in `Self`. Planning overwrites them, which is fine: they hold nothing yet.
        let plans = unsafe {
            (
                fftwf_plan_dft_r2c_2d(rows, columns, image.start.as_ptr(), spectrum.start.as_ptr(), FFTW_PATIENT),
                fftwf_plan_dft_c2r_2d(rows, columns, spectrum.start.as_ptr(), output.start.as_ptr(), FFTW_PATIENT),
            )
        };
        let forward = Plan(NonNull::new(plans.0).expect("a plan of FFTW's"));
        let inverse = Plan(NonNull::new(plans.1).expect("a plan of FFTW's"));
        Self { forward, inverse, image, spectrum, output }
    }

    fn forward(&mut self) {
        // SAFETY: the plan's arrays are this value's own buffers, borrowed exclusively here. An out-of-place r2c plan keeps
        // its input.
        unsafe { fftwf_execute(self.forward.0.as_ptr()) };
    }

    fn inverse(&mut self) {
        // SAFETY: as above; the plan destroys its input, the spectrum.
        unsafe { fftwf_execute(self.inverse.0.as_ptr()) };
    }
}

impl Pair for Fftw {
    fn name(&self) -> String {
        "FFTW".into()
    }

    fn image(&mut self) -> &mut [f32] {
        &mut self.image
    }

    fn run(&mut self) {
        self.forward();
        self.inverse();
    }

    fn output(&self) -> (&[f32], f32) {
        (&self.output, self.output.len() as f32)
    }

    fn spectrum(&mut self) -> Vec<Complex> {
        self.forward();
        self.spectrum.to_vec()
    }
}
