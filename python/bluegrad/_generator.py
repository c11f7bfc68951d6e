"""Makes masks, step by step or at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from . import _native
from ._config import Config, Preset, Recipe, config, config_of, config_parts, refining, shape_of, whole
from .records import Shape, Spectral, Start

# As the command line does: below, a second thread gains nothing.
_MIN_ELEMENTS_FOR_THREADS = {True: 1024 * 1024, False: 512 * 512}


@dataclass(frozen=True)
class Report:
    """Progress of a run, and what its last step saw."""

    stage: int
    """Stage of the last step, counted from 0; the number of stages for the step that ranks."""
    step: int
    """Steps done."""
    steps: int
    """Steps in all: those of the stages, and one that ranks."""
    losses: dict[str, float]
    """Loss of each term before the last step of a spectral stage; 0 for other stages."""
    gradient_norm: float
    """Euclidean norm of the gradient of the last spectral step."""
    level: str
    """SIMD level that the run has."""
    done: bool
    """Whether the mask is ready."""


class Generator:
    """A run in a block of memory of its own.

    One thread at a time: a call while another thread's call runs is a `RuntimeError`. Calls release the GIL while they work.

        generator = bluegrad.Generator(bluegrad.config(64, seed=7))
        while not generator.step(8).done:
            ...  # or one call per frame
        texture = generator.mask()
    """

    def __init__(self, config: Config, init: ArrayLike | None = None) -> None:
        """Starts a run: from noise, or from the order of the values of the mask `init`, if the recipe starts from a mask.

        Raises `ValueError` for what the core refuses, and `MemoryError`.
        """
        parts = config_parts(config)
        values = None if init is None else _values_of(init, config.shape)
        self._native = _native.Generator(parts, values)

    @classmethod
    def open(cls, snapshot: bytes) -> Generator:
        """Goes on from a snapshot of this or another machine of the same byte order. Raises `ValueError` for damaged bytes."""
        generator = cls.__new__(cls)
        generator._native = _native.Generator.open(bytes(memoryview(snapshot)))
        return generator

    def __reduce__(self) -> tuple[Callable[[bytes], Generator], tuple[bytes]]:
        return type(self).open, (self.snapshot(),)

    @property
    def config(self) -> Config:
        """Configuration of the run."""
        return config_of(self._native.config())

    @property
    def report(self) -> Report:
        """Progress of the run."""
        return Report(*self._native.report())

    def step(self, steps: int = 1, *, threads: int = 1, progress: Callable[[Report], object] | None = None) -> Report:
        """Does up to `steps` more steps, fewer if the run ends. After the end, it does nothing.

        `progress` gets a report before the first step, about 20 times a second, and at the end; an exception that it raises stops
        the run between two steps and propagates, as `KeyboardInterrupt` does. The run can then go on.
        """
        steps = whole("steps", steps, 0, 2**32 - 1)
        threads = whole("threads", threads, 1, 1024)
        tell = None if progress is None else lambda parts: progress(Report(*parts))
        return Report(*self._native.step(steps, threads, tell))

    def run(self, *, threads: int | None = None, progress: Callable[[Report], object] | None = None) -> Report:
        """Does all steps that are left, by default on as many threads as the size is worth. Otherwise as `step`."""
        return self.step(2**32 - 1, threads=_threads(threads, self.config), progress=progress)

    def values(self) -> NDArray[np.float32]:
        """The present values, in [-1, 1], in the shape of the mask. Before its end, a pixel that is not placed yet is 1."""
        return self._shaped(self._native.values())

    def evaluate(self, stage: Spectral) -> dict[str, float]:
        """Losses of the terms of any spectral stage at the present values, if the recipe has such a stage. The run goes on unchanged."""
        if not isinstance(stage, Spectral):
            raise TypeError(f"stage is {stage!r}: it must be a bluegrad.records.Spectral")
        return self._native.evaluate(bytes(stage))

    def mask(self, dtype: DTypeLike = np.uint8, *, range: str = "unit") -> NDArray[Any]:
        """The finished mask in the shape and with the values of `generate`. Raises `RuntimeError` before the last step."""
        return self._shaped(self._native.mask(_dtype_name(dtype), range))

    def snapshot(self) -> bytes:
        """The state of the run; `Generator.open` goes on from it. The same steps give the same bytes everywhere."""
        return self._native.snapshot()

    def _shaped(self, flat: NDArray[Any]) -> NDArray[Any]:
        return flat.reshape(array_shape(self.config.shape))


def generate(
    size: int | Sequence[int],
    *,
    preset: str | Preset | None = None,
    recipe: Recipe | None = None,
    seed: int = 0,
    dtype: DTypeLike = np.uint8,
    channels: int | None = None,
    range: str = "unit",
    init: ArrayLike | None = None,
    threads: int | None = None,
    level: str = "auto",
    progress: Callable[[Report], object] | None = None,
    **options: Any,
) -> NDArray[Any]:
    """Makes a tileable blue-noise mask.

    size: side in pixels of a square, or (H, W), (L, H, W) with L layers, one a frame, or (L, H, W, C) with C channels; sides from
        8 to 4096. The result has this shape; `channels=C` adds a last axis to the shorter ones.
    preset: a name of `presets()`, by default "dither", with layers "space-time".
    recipe: a recipe instead of a preset.
    seed: 0 to 2**64 - 1; the same seed gives the same mask on every machine.
    dtype: `uint8` or `uint16`: each value equally often, where the number of pixels allows; `uint32`: ranks, 0 to n - 1, each once
        in each plane of n pixels; `float32`: (rank + 1/2)/n.
    range: of floats: "unit" is [0, 1), "signed" is [-1, 1).
    init: a mask of the same shape to refine; only the order of its values counts.
    threads: 1 to 1024, by default as many as the size is worth; the mask does not depend on it.
    level: SIMD level, one of `LEVELS`; the mask does not depend on it.
    progress: gets a `Report` before the first step, about 20 times a second, and at the end. An exception stops the run and
        propagates.
    options: those of the command `bluegrad generate`, with `_` for `-`: sigma (pixels), mix, levels, steps, beta, initial_fraction,
        space_filter, time_filter, separate, distribution, gaussian_sigma, cutoff (cycles/pixel), weights, profile, profile_weight,
        optimizer, step_size, momentum, ranks. `bluegrad generate --help` describes them.

    Raises `ValueError` and `TypeError` for arguments that cannot be, with what would be right, and `MemoryError`.

        bluegrad.generate(64)                                   # (64, 64), uint8, for dithering
        bluegrad.generate(128, sigma=1.7, dtype=numpy.float32)  # for far viewing
        bluegrad.generate((16, 64, 64))                         # 16 frames
    """
    wanted = config(size, preset=preset, recipe=recipe, seed=seed, channels=channels, level=level, **options)
    name = _dtype_name(dtype)
    if range not in ("unit", "signed"):
        raise ValueError(f"range is {range!r}: it must be 'unit' or 'signed'")
    if init is not None and wanted.recipe.start != Start.MASK:
        wanted = refining(wanted)
    generator = Generator(wanted, init)
    generator.run(threads=threads, progress=progress)
    _, axes = shape_of(size, channels)
    return generator.mask(name, range=range).reshape(axes)


def array_shape(shape: Shape) -> tuple[int, ...]:
    """The axes of a mask: layers and channels only where there are several."""
    layers, channels = (shape.layers,) * (shape.layers > 1), (shape.channels,) * (shape.channels > 1)
    return (*layers, shape.height, shape.width, *channels)


def _dtype_name(dtype: DTypeLike) -> str:
    name = np.dtype(dtype).name
    if name not in ("uint8", "uint16", "uint32", "float32"):
        raise TypeError(f"dtype is {name}: it must be uint8, uint16, uint32 (ranks) or float32")
    return name


def _threads(threads: int | None, config: Config) -> int:
    if threads is not None:
        return whole("threads", threads, 1, 1024)
    shape = config.shape
    elements = shape.width * shape.height * shape.layers * shape.channels
    spectral = any(isinstance(stage, Spectral) for stage in config.recipe.stages)
    return min(os.cpu_count() or 1, 1024) if elements >= _MIN_ELEMENTS_FOR_THREADS[spectral] else 1


def _values_of(init: ArrayLike, shape: Shape) -> NDArray[np.float32]:
    """The values of a mask as 32-bit floats in the same order, though their type may have more digits."""
    array = np.asarray(init)
    if array.dtype.kind not in "uif":
        raise TypeError(f"init has dtype {array.dtype}: it must hold real numbers")
    elements = shape.width * shape.height * shape.layers * shape.channels
    wanted = array_shape(shape)
    if array.size != elements or array.shape not in (wanted, (shape.layers, shape.height, shape.width, shape.channels)):
        raise ValueError(f"init has shape {array.shape}: it must be {wanted}")
    planes = array.reshape(shape.layers, shape.height * shape.width, shape.channels)
    values = np.empty(planes.shape, np.float32)
    if array.dtype.itemsize <= 2 or array.dtype == np.float32:
        values[:] = planes
        return values.reshape(-1)
    if not np.isfinite(array).all():
        raise ValueError("init has a value that is not finite")
    for layer in range(shape.layers):
        for channel in range(shape.channels):
            # of the distinct values of a plane; it has at most 2**24 pixels, which a float counts exactly
            values[layer, :, channel] = np.unique(planes[layer, :, channel], return_inverse=True)[1]
    return values.reshape(-1)
