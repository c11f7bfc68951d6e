//! FFTW 3 in single precision, through its C interface.
//!
//! One thread, `FFTW_PATIENT` plans, out of place, memory from `fftwf_malloc`. MKL has the same interface. All builds are loaded at
//! run time into one process.

use super::library::{beginning, open, symbol};
use super::{Peer, SECOND_YARDSTICK, YARDSTICK, folder};
use crate::pair::Pair;
use bluegrad::Shape;
use bluegrad::fft::{Complex, natural_len};
use bytemuck::Pod;
use libloading::Library;
use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;

/// `struct fftwf_plan_s`, opaque.
#[repr(C)]
struct OpaquePlan {
    _opaque: [u8; 0],
}

const FFTW_PATIENT: c_uint = 1 << 5;

type PlanForward = unsafe extern "C" fn(c_int, c_int, *mut f32, *mut Complex, c_uint) -> *mut OpaquePlan;
type PlanInverse = unsafe extern "C" fn(c_int, c_int, *mut Complex, *mut f32, c_uint) -> *mut OpaquePlan;

/// The functions of fftw3.h; `Complex` is two floats, `fftwf_complex`.
struct Interface {
    malloc: unsafe extern "C" fn(usize) -> *mut c_void,
    free: unsafe extern "C" fn(*mut c_void),
    plan_forward: PlanForward,
    plan_inverse: PlanInverse,
    execute: unsafe extern "C" fn(*const OpaquePlan),
    destroy: unsafe extern "C" fn(*mut OpaquePlan),
}

impl Interface {
    fn new(library: &'static Library) -> Result<&'static Self, String> {
        // SAFETY: these are the declarations of fftw3.h.
        let interface = unsafe {
            Self {
                malloc: symbol(library, "fftwf_malloc")?,
                free: symbol(library, "fftwf_free")?,
                plan_forward: symbol(library, "fftwf_plan_dft_r2c_2d")?,
                plan_inverse: symbol(library, "fftwf_plan_dft_c2r_2d")?,
                execute: symbol(library, "fftwf_execute")?,
                destroy: symbol(library, "fftwf_destroy_plan")?,
            }
        };
        Ok(Box::leak(Box::new(interface)))
    }
}

/// FFTW from the system: the build of Debian has code for SSE2 and AVX.
pub(super) fn system() -> Result<Peer, String> {
    let library = open(&["libfftw3f.so.3".into(), "libfftw3f.so".into(), "libfftw3f.3.dylib".into()])?;
    fftw(YARDSTICK, "the system's", library)
}

/// FFTW from `bench/peers/build-fftw.sh`, with code for all instruction sets.
pub(super) fn wide() -> Result<Peer, String> {
    let library = open(&[folder().join("fftw").join("libfftw3f-wide.so")])?;
    fftw(SECOND_YARDSTICK, "from Debian's source package", library)
}

fn fftw(name: &str, whose: &str, library: &'static Library) -> Result<Peer, String> {
    let interface = Interface::new(library)?;
    // SAFETY: `const char fftwf_version[]`; a symbol's value is its address.
    let version: *const c_char = unsafe { symbol(library, "fftwf_version")? };
    // SAFETY: FFTW's version is a constant array of characters that ends with 0.
    let version = unsafe { CStr::from_ptr(version) }.to_string_lossy();
    Ok(peer(name, format!("{version}, {whose}, PATIENT"), interface))
}

/// MKL from the Python wheel, set to one thread.
pub(super) fn mkl() -> Result<Peer, String> {
    let library = open(&beginning(&folder().join("venv").join("lib"), "libmkl_rt.so"))?;
    const SEQUENTIAL: c_int = 1;
    // SAFETY: the declarations of mkl_service.h; the layer is chosen before any other call, as its manual wants it.
    let version = unsafe {
        let set_layer: unsafe extern "C" fn(c_int) -> c_int = symbol(library, "MKL_Set_Threading_Layer")?;
        let set_threads: unsafe extern "C" fn(c_int) = symbol(library, "MKL_Set_Num_Threads")?;
        let write_version: unsafe extern "C" fn(*mut c_char, c_int) = symbol(library, "MKL_Get_Version_String")?;
        set_layer(SEQUENTIAL);
        set_threads(1);
        let mut text = [0_u8; 200];
        write_version(text.as_mut_ptr().cast(), 199);
        CStr::from_bytes_until_nul(&text).map(|text| text.to_string_lossy().trim().to_owned()).unwrap_or_default()
    };
    Ok(peer("MKL", format!("{version}; its FFTW interface, sequential"), Interface::new(library)?))
}

fn peer(name: &str, about: String, interface: &'static Interface) -> Peer {
    let label = name.to_owned();
    Peer::new(name, about, move |shape| Ok(Box::new(Fftw::new(&label, interface, shape)?)))
}

/// Memory from the library, aligned as its SIMD code needs.
struct Buffer<T: Pod> {
    interface: &'static Interface,
    start: NonNull<T>,
    len: usize,
}

impl<T: Pod> Buffer<T> {
    fn new(interface: &'static Interface, len: usize) -> Result<Self, String> {
        // SAFETY: any size may be asked for; the result is checked.
        let memory = unsafe { (interface.malloc)(len * size_of::<T>()) };
        let start = NonNull::new(memory.cast::<T>()).ok_or("no memory")?;
        // SAFETY: the memory is ours, `len` elements long and aligned to 16 bytes at least, which is more than a `Pod` of
        // floats needs; all zeros is a value of every `Pod`.
        unsafe { start.as_ptr().write_bytes(0, len) };
        Ok(Self { interface, start, len })
    }
}

impl<T: Pod> Deref for Buffer<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        // SAFETY: `len` initialised elements, which nobody writes to while `self` is borrowed: the library does so only
        // inside `Fftw`'s methods that borrow it mutably.
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
        // SAFETY: the memory came from this library's `malloc` and is freed once.
        unsafe { (self.interface.free)(self.start.as_ptr().cast()) };
    }
}

/// A plan; it holds pointers into the buffers of the [`Fftw`] that owns it.
struct Plan {
    interface: &'static Interface,
    plan: NonNull<OpaquePlan>,
}

impl Plan {
    fn new(interface: &'static Interface, plan: *mut OpaquePlan) -> Result<Self, String> {
        Ok(Self { interface, plan: NonNull::new(plan).ok_or("no plan")? })
    }
}

impl Drop for Plan {
    fn drop(&mut self) {
        // SAFETY: the plan came from this library and is destroyed once.
        unsafe { (self.interface.destroy)(self.plan.as_ptr()) };
    }
}

/// The pair of transforms of one shape.
struct Fftw {
    name: String,
    // before the buffers: fields are dropped in this order
    forward: Plan,
    inverse: Plan,
    image: Buffer<f32>,
    spectrum: Buffer<Complex>,
    output: Buffer<f32>,
}

impl Fftw {
    /// Plans both transforms; at 512 this takes seconds.
    ///
    /// The planner of FFTW is not thread-safe: do not call this from two threads at once.
    fn new(name: &str, interface: &'static Interface, shape: Shape) -> Result<Self, String> {
        let image = Buffer::new(interface, shape.pixels())?;
        let spectrum = Buffer::new(interface, natural_len(shape))?;
        let output = Buffer::new(interface, shape.pixels())?;
        let (rows, columns) = (shape.height as c_int, shape.width as c_int);
        let (from, to, back) = (image.start.as_ptr(), spectrum.start.as_ptr(), output.start.as_ptr());
        // SAFETY: the arrays have the sizes that a real transform of rows x columns reads and writes; they live as long as
        // the plan, in `Self`. Planning overwrites them, which is fine: they hold nothing yet.
        let plans = unsafe {
            (
                (interface.plan_forward)(rows, columns, from, to, FFTW_PATIENT),
                (interface.plan_inverse)(rows, columns, to, back, FFTW_PATIENT),
            )
        };
        let (forward, inverse) = (Plan::new(interface, plans.0)?, Plan::new(interface, plans.1)?);
        Ok(Self { name: name.into(), forward, inverse, image, spectrum, output })
    }

    fn forward(&mut self) {
        // SAFETY: the plan's arrays are this value's own buffers, borrowed exclusively here. An out-of-place r2c plan keeps
        // its input.
        unsafe { (self.forward.interface.execute)(self.forward.plan.as_ptr()) };
    }

    fn inverse(&mut self) {
        // SAFETY: as above; the plan destroys its input, the spectrum.
        unsafe { (self.inverse.interface.execute)(self.inverse.plan.as_ptr()) };
    }
}

impl Pair for Fftw {
    fn name(&self) -> String {
        self.name.clone()
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
