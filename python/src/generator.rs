//! A run that owns its block.

use crate::config::ConfigParts;
use crate::error::of_core;
use crate::memory::{array, block, copy_of, zeros};
use bluegrad::{Config, Error, Jobs, Layout, Line, Mask, Range, Report, Serial};
use numpy::PyReadonlyArray1;
use pyo3::exceptions::{PyRuntimeError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use std::sync::{Mutex, MutexGuard, TryLockError};
use std::time::{Duration, Instant};

/// Time between looks at signals and calls of the progress function.
const PERIOD: Duration = Duration::from_millis(50);

/// Stage, step, steps, losses, norm of the gradient, SIMD level, whether the mask is ready.
#[derive(IntoPyObject)]
pub(crate) struct ReportParts<'py>(u32, u32, u32, Bound<'py, PyDict>, f32, &'static str, bool);

fn report_parts<'py>(py: Python<'py>, report: &Report) -> PyResult<ReportParts<'py>> {
    let losses = PyDict::new(py);
    for (name, loss) in report.losses.iter() {
        losses.set_item(name, loss)?;
    }
    let Report { stage, step, steps, gradient_norm, level, done, .. } = *report;
    Ok(ReportParts(stage, step, steps, losses, gradient_norm, level.name(), done))
}

/// Threads of one call: none outlive the call, so a process may fork between calls.
enum Threads {
    Own,
    Pool(rayon::ThreadPool),
}

impl Threads {
    fn new(count: usize) -> PyResult<Self> {
        if count == 1 {
            return Ok(Self::Own);
        }
        let pool = rayon::ThreadPoolBuilder::new().num_threads(count).build();
        let failed = |error| PyRuntimeError::new_err(format!("cannot start {count} threads: {error}"));
        pool.map(Self::Pool).map_err(failed)
    }
}

impl Jobs for Threads {
    fn run(&self, tiles: u32, tile: &(dyn Fn(u32) + Sync)) {
        match self {
            Self::Own => Serial.run(tiles, tile),
            Self::Pool(pool) => pool.install(|| (0..tiles).into_par_iter().for_each(tile)),
        }
    }
}

fn open(memory: &mut [Line]) -> Result<bluegrad::Generator<'_>, Error> {
    bluegrad::Generator::open(Line::as_bytes_mut(memory))
}

#[pyclass(frozen, module = "bluegrad._native")]
pub(crate) struct Generator {
    memory: Mutex<Vec<Line>>,
}

impl Generator {
    fn lock(&self) -> PyResult<MutexGuard<'_, Vec<Line>>> {
        self.memory.try_lock().map_err(|error| {
            PyRuntimeError::new_err(match error {
                TryLockError::WouldBlock => "the generator is in use by another thread: use one generator per thread",
                TryLockError::Poisoned(_) => "an earlier call failed inside: make a new generator",
            })
        })
    }

    /// Calls `work` with the generator, detached from the interpreter.
    fn detached<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(bluegrad::Generator<'_>) -> Result<T, Error> + Send,
    ) -> PyResult<T> {
        let mut guard = self.lock()?;
        let memory: &mut [Line] = &mut guard;
        py.detach(|| work(open(memory)?)).map_err(of_core)
    }

    /// Copies what `write` writes of the finished mask.
    fn read<'py, T: numpy::Element + Copy + Default + Send>(
        &self,
        py: Python<'py>,
        write: impl Fn(&Mask<'_>, &mut [T], &Config) -> Result<(), Error> + Sync,
    ) -> PyResult<Bound<'py, PyAny>> {
        let elements = self.detached(py, |generator| {
            let mask = generator.mask()?;
            Ok(zeros(mask.shape().elements()).map(|mut elements| {
                let written = write(&mask, &mut elements, generator.config());
                written.map(|()| elements)
            }))
        })?;
        Ok(array(py, elements?.map_err(of_core)?))
    }
}

#[pymethods]
impl Generator {
    /// Starts a run: from noise, or from the order of the values of a mask.
    #[new]
    fn new(py: Python<'_>, config: ConfigParts, init: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let config = Config::try_from(&config)?;
        let init = init.map(|array| copy_of(&array.extract::<PyReadonlyArray1<'_, f32>>()?)).transpose()?;
        let layout = Layout::new(&config).map_err(of_core)?;
        py.detach(|| {
            let mut memory = block(layout.lines())?;
            let bytes = Line::as_bytes_mut(&mut memory);
            match &init {
                None => bluegrad::Generator::init(bytes, &config).map(|_| ()),
                Some(values) => bluegrad::Generator::init_with_mask(bytes, &config, values).map(|_| ()),
            }
            .map_err(of_core)?;
            Ok(Self { memory: Mutex::new(memory) })
        })
    }

    /// Goes on from a snapshot.
    #[staticmethod]
    fn open(snapshot: &[u8]) -> PyResult<Self> {
        let layout = bluegrad::Generator::layout_of(snapshot).map_err(of_core)?;
        let (needed, got) = (layout.bytes(), snapshot.len());
        if needed != got {
            return Err(of_core(Error::Length { what: "snapshot, bytes", needed, got }));
        }
        let mut memory = block(layout.lines())?;
        Line::as_bytes_mut(&mut memory).copy_from_slice(snapshot);
        open(&mut memory).map_err(of_core)?;
        Ok(Self { memory: Mutex::new(memory) })
    }

    /// The block: a copy of its bytes goes on anywhere.
    fn snapshot<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let mut guard = self.lock()?;
        let generator = open(&mut guard).map_err(of_core)?;
        let block = generator.block();
        PyBytes::new_with(py, block.len(), |to| {
            to.copy_from_slice(block);
            Ok(())
        })
    }

    fn config(&self) -> PyResult<ConfigParts> {
        let mut guard = self.lock()?;
        Ok(open(&mut guard).map_err(of_core)?.config().into())
    }

    fn report<'py>(&self, py: Python<'py>) -> PyResult<ReportParts<'py>> {
        let report = open(&mut self.lock()?).map_err(of_core)?.report();
        report_parts(py, &report)
    }

    /// Does up to `steps` steps. Looks at signals, and calls `progress`, about 20 times a second.
    fn step<'py>(
        &self,
        py: Python<'py>,
        mut steps: u32,
        threads: usize,
        progress: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<ReportParts<'py>> {
        let tell = |report: &Report| match progress {
            Some(progress) => progress.call1((report_parts(py, report)?,)).map(|_| ()),
            None => Ok(()),
        };
        let threads = Threads::new(threads)?;
        let mut report = self.detached(py, |generator| Ok(generator.report()))?;
        tell(&report)?;
        while steps > 0 && !report.done {
            (report, steps) = self.detached(py, |mut generator| {
                let started = Instant::now();
                loop {
                    let report = generator.step_on(1, &threads)?;
                    steps -= 1;
                    if steps == 0 || report.done || started.elapsed() >= PERIOD {
                        return Ok((report, steps));
                    }
                }
            })?;
            py.check_signals()?;
            tell(&report)?;
        }
        report_parts(py, &report)
    }

    /// Returns the present values, in [-1, 1].
    fn values<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let values = self.detached(py, |mut generator| {
            Ok(zeros(generator.config().shape.elements())
                .map(|mut values| generator.write_values(&mut values).map(|()| values)))
        })?;
        Ok(array(py, values?.map_err(of_core)?))
    }

    /// Returns the losses of the terms of a spectral stage at the present values.
    fn evaluate<'py>(&self, py: Python<'py>, stage: &[u8]) -> PyResult<Bound<'py, PyDict>> {
        let stage: bluegrad::Spectral = crate::config::parse(stage)?;
        let losses = self.detached(py, |mut generator| generator.evaluate(&stage))?;
        let dict = PyDict::new(py);
        for (name, loss) in losses.iter() {
            dict.set_item(name, loss)?;
        }
        Ok(dict)
    }

    /// Returns the finished mask: of `uint8`, `uint16` and `float32` values of the distribution, of `uint32` ranks.
    fn mask<'py>(&self, py: Python<'py>, dtype: &str, range: &str) -> PyResult<Bound<'py, PyAny>> {
        let range = match range {
            "unit" => Range::Unit,
            "signed" => Range::Signed,
            _ => return Err(PyValueError::new_err(format!("range {range}: expected unit or signed"))),
        };
        match dtype {
            "uint8" => self.read(py, |mask, to, config| mask.write_u8_as(to, &config.distribution)),
            "uint16" => self.read(py, |mask, to, config| mask.write_u16_as(to, &config.distribution)),
            "uint32" => self.read(py, |mask, to, _| mask.write_ranks(to)),
            "float32" => self.read(py, |mask, to, config| mask.write_f32_as(to, range, &config.distribution)),
            _ => Err(PyTypeError::new_err(format!("dtype {dtype}: expected uint8, uint16, uint32 (ranks) or float32"))),
        }
    }
}
