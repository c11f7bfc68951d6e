"""Tileable blue-noise masks as NumPy arrays: bluegrad's C library through ctypes.

    import bluegrad
    texture = bluegrad.mask(64, 64, seed=7)                      # uint8, like an image
    noise = bluegrad.mask(128, 128, preset="spectral", dtype="float32")
    run = bluegrad.Run(256, 256)                                 # step by step
    while not run.done:
        run.step(4)
        print(run.report.step, "of", run.report.steps)
    ranks = run.ranks()

The library is looked for in the environment variable BLUEGRAD_LIBRARY, beside this file, and where the system looks.
"""

import ctypes
import os
import pathlib
import sys

import numpy as np

__all__ = ["Error", "Palette", "Run", "algorithm_version", "dither", "mask", "measure", "measure_volume", "presets", "refine", "simd_level"]

ALIGN = 64


class _Distribution(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_uint32), ("sigma", ctypes.c_float), ("table", ctypes.c_float * 65)]


class _Profile(ctypes.Structure):
    _fields_ = [("knots", ctypes.c_float * 2 * 32), ("knot_count", ctypes.c_uint32)]


class Config(ctypes.Structure):
    """bluegrad_config; the stages and the filters are left as words."""

    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("width", ctypes.c_uint32),
        ("height", ctypes.c_uint32),
        ("layers", ctypes.c_uint32),
        ("channels", ctypes.c_uint32),
        ("level", ctypes.c_uint32),
        ("seed", ctypes.c_uint64),
        ("distribution", _Distribution),
        ("start", ctypes.c_uint32),
        ("stage_count", ctypes.c_uint32),
        ("stages", ctypes.c_uint32 * 64 * 8),
        ("profile", _Profile),
        ("filters", ctypes.c_uint32 * 76),
        ("reserved", ctypes.c_uint32 * 16),
    ]


_SPECTRAL = 0  # the kind of a stage, its first word


class Report(ctypes.Structure):
    """bluegrad_report: how far a run is."""

    _fields_ = [
        ("stage", ctypes.c_uint32),
        ("step", ctypes.c_uint32),
        ("steps", ctypes.c_uint32),
        ("losses", ctypes.c_float * 8),
        ("gradient_norm", ctypes.c_float),
        ("level", ctypes.c_uint32),
        ("done", ctypes.c_bool),
        ("reserved", ctypes.c_uint8 * 27),
    ]


_QUALITY = [
    # bluegrad_grey_quality
    ("low_power", 6),
    ("flatness", 1),
    ("anisotropy", 1),
    # bluegrad_pattern_quality
    ("hvs_error_mean", 5),
    ("hvs_error_worst", 5),
    ("total_energy", 5),
    ("rms", 5),
    ("low_frequency", 1),
    ("hard_cut", 1),
    ("pattern_anisotropy", 1),
    ("peak_mean", 1),
    ("peak_mid", 1),
    ("peak_worst", 1),
    ("peak_worst_grey", 1),
    ("peak_worst_frequency", 2),
]
_CHANNEL = [
    # bluegrad_channel_quality
    ("space", 3),
    ("time", 4),
    ("accumulated", 4),
    ("first", 1),
    ("frame_8", 1),
    ("frame_16", 1),
    ("frame_32", 1),
    ("last", 1),
    ("rss", 1),
]
_VOLUME = [
    # bluegrad_volume_quality after its channels
    ("summed", 3),
    ("peak_mean", 1),
    ("peak_mid", 1),
    ("peak_worst", 1),
    ("largest_peak_mean", 1),
    ("largest_peak_mid", 1),
    ("largest_peak_worst", 1),
]
_QUALITY_RESERVED = 3


class _Region(ctypes.Structure):
    _fields_ = [
        ("layer", ctypes.c_uint32),
        ("layers", ctypes.c_uint32),
        ("channel", ctypes.c_uint32),
        ("channels", ctypes.c_uint32),
        ("row_stride", ctypes.c_size_t),
        ("layer_stride", ctypes.c_size_t),
        ("pixel_stride", ctypes.c_size_t),
    ]


class _Dither(ctypes.Structure):
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("channels", ctypes.c_uint32),
        ("mask", ctypes.c_void_p),
        ("tables", ctypes.c_void_p * 3),
        ("values", ctypes.c_void_p * 3),
        ("palette", ctypes.c_void_p),
        ("palette_words", ctypes.c_size_t),
        ("from_stride", ctypes.c_size_t),
        ("to_stride", ctypes.c_size_t),
        ("plane_offset", ctypes.c_size_t),
        ("mask_bits", ctypes.c_uint32),
        ("width", ctypes.c_uint32),
        ("height", ctypes.c_uint32),
        ("x", ctypes.c_uint32),
        ("y", ctypes.c_uint32),
        ("channel_offsets", ctypes.c_uint32 * 2 * 3),
        ("sample", ctypes.c_uint32),
        ("form", ctypes.c_uint32),
        ("levels", ctypes.c_uint32 * 3),
        ("sink", ctypes.c_uint32),
        ("bits", ctypes.c_uint32),
        ("bit_order", ctypes.c_uint32),
        ("byte_order", ctypes.c_uint32),
        ("level", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32 * 11),
    ]


_SAMPLES = {"uint8": 0, "uint16": 1, "float32": 2}
_EVEN, _TABLE, _PALETTE = 0, 1, 3  # what samples become
_SINKS = {"levels": 0, "values": 1, "packed": 3, "planes": 4, "rgb332": 5, "rgb565": 6}
_MAPPED = 2  # a sink: levels looked up


class Error(ValueError):
    """What the library refused; `status` is its number."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


def _load():
    name = {"win32": "bluegrad.dll", "darwin": "libbluegrad.dylib"}.get(sys.platform, "libbluegrad.so")
    beside = pathlib.Path(__file__).with_name(name)
    library = ctypes.CDLL(os.environ.get("BLUEGRAD_LIBRARY") or (str(beside) if beside.exists() else name))
    pointer, size, number = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_uint32
    text = ctypes.c_char_p
    for function, result, arguments in [
        ("version", number, []),
        ("algorithm_version", number, []),
        ("simd_level", text, []),
        ("status_string", text, [ctypes.c_int32]),
        ("preset_name", text, [number]),
        ("preset_purpose", text, [number]),
        ("preset_by_name", ctypes.c_int32, [text, pointer]),
        ("config_default", ctypes.c_int32, [pointer, number, number, number, number]),
        ("config_dither", ctypes.c_int32, [pointer, ctypes.c_float, number]),
        ("config_mix", ctypes.c_int32, [pointer, ctypes.c_float]),
        ("config_space_time", ctypes.c_int32, [pointer, ctypes.c_float]),
        ("config_levels", ctypes.c_int32, [pointer, number, ctypes.c_float]),
        ("config_refine", ctypes.c_int32, [pointer]),
        ("config_check", ctypes.c_int32, [pointer, pointer, size]),
        ("memory_size", size, [pointer]),
        ("init", ctypes.c_int32, [pointer, size, pointer, pointer]),
        ("load_f32", ctypes.c_int32, [pointer, size, pointer, pointer, size, pointer, pointer, pointer]),
        ("step", ctypes.c_int32, [pointer, number, pointer, pointer]),
        ("read_u8", ctypes.c_int32, [pointer, pointer, size, pointer]),
        ("read_u16", ctypes.c_int32, [pointer, pointer, size, pointer]),
        ("read_f32", ctypes.c_int32, [pointer, pointer, size, pointer, number, pointer]),
        ("read_ranks", ctypes.c_int32, [pointer, pointer, size, pointer]),
        ("measure_memory_size", size, [number, number]),
        ("measure", ctypes.c_int32, [pointer, number, number, pointer, size, pointer]),
        ("measure_volume_memory_size", size, [pointer]),
        ("measure_volume", ctypes.c_int32, [pointer, pointer, pointer, size, pointer]),
        ("read_thresholds", ctypes.c_int32, [pointer, pointer, size, pointer]),
        ("dither_default", ctypes.c_int32, [pointer, number, pointer, number, number, number]),
        ("dither_row_size", size, [pointer, size]),
        ("dither_rows", ctypes.c_int32, [pointer, number, size, pointer, size, pointer, size]),
        ("tone_fill", ctypes.c_int32, [pointer, size, number, number, pointer, size]),
        ("palette_words", size, [size, number]),
        ("palette_by_name", ctypes.c_int32, [text, pointer, pointer, pointer]),
        ("palette_build", ctypes.c_int32, [pointer, size, number, ctypes.c_float, number, pointer, size]),
    ]:
        entry = getattr(library, "bluegrad_" + function)
        entry.restype, entry.argtypes = result, arguments
    return library


_library = _load()


def _check(status):
    if status != 0:
        raise Error(status, _library.bluegrad_status_string(status).decode())


def simd_level():
    """The instruction set that is used, "avx2" for instance."""
    return _library.bluegrad_simd_level().decode()


def algorithm_version():
    """Store it beside a seed: the same of both, and the same preset, give the same mask everywhere."""
    return _library.bluegrad_algorithm_version()


def presets():
    """Names of the presets and what each is for."""
    found = {}
    while (name := _library.bluegrad_preset_name(len(found))) is not None:
        found[name.decode()] = _library.bluegrad_preset_purpose(len(found)).decode()
    return found


def _config(width, height, layers, channels, preset, seed, sigma, steps, mix, time_weight, levels, refining):
    number, config = ctypes.c_uint32(), Config()
    _check(_library.bluegrad_preset_by_name(preset.encode(), ctypes.byref(number)))
    _check(_library.bluegrad_config_default(ctypes.byref(config), ctypes.sizeof(config), number, width, height))
    if sigma is not None or steps is not None:
        if preset != "dither":
            raise Error(-10, "sigma and steps are for the preset dither")
        sigma, steps = 1.26 if sigma is None else sigma, 14 if steps is None else steps
        _check(_library.bluegrad_config_dither(ctypes.byref(config), sigma, steps))
    if mix is not None:
        if preset != "dither-smooth":
            raise Error(-10, "mix is for the preset dither-smooth")
        _check(_library.bluegrad_config_mix(ctypes.byref(config), mix))
    if time_weight is not None:
        if preset != "space-time":
            raise Error(-10, "time_weight is for the preset space-time")
        _check(_library.bluegrad_config_space_time(ctypes.byref(config), time_weight))
    if levels is not None:
        if mix == 1 and config.stages[config.stage_count - 1][0] == _SPECTRAL:
            config.stage_count -= 1
        _check(_library.bluegrad_config_levels(ctypes.byref(config), levels, 1.26 if sigma is None else sigma))
    if refining:
        _check(_library.bluegrad_config_refine(ctypes.byref(config)))
    config.layers, config.channels, config.seed = layers, channels, seed
    text = ctypes.create_string_buffer(160)
    status = _library.bluegrad_config_check(ctypes.byref(config), text, len(text))
    if status != 0:
        raise Error(status, text.value.decode())
    return config


def _aligned(size):
    block = np.zeros(size + ALIGN, np.uint8)
    start = -block.ctypes.data % ALIGN
    return block[start : start + size]


class Run:
    """A run, step by step: `step` until `done`, then `u8`, `u16`, `f32` or `ranks`. `start`: a mask to refine, of any type.

    A mask is an array of shape (layers, height, width, channels); layers and channels are left out where there is one, or where the read
    names one, counted from 0.

    `sigma` and `steps` are for the preset "dither"; `mix`, 0 (dithering alone) to 1 (a dark grey mask), for "dither-smooth";
    `time_weight`, 0.02 (nearly independent layers) to 1 (as much time as space), for "space-time".
    """

    def __init__(
        self,
        width,
        height,
        preset="dither",
        seed=0,
        sigma=None,
        steps=None,
        mix=None,
        time_weight=None,
        levels=None,
        start=None,
        layers=1,
        channels=1,
    ):
        options = (preset, seed, sigma, steps, mix, time_weight, levels, start is not None)
        self.config = _config(width, height, layers, channels, *options)
        size = _library.bluegrad_memory_size(ctypes.byref(self.config))
        self._memory = _aligned(size)
        self._generator, self.report = ctypes.c_void_p(), Report()
        self.ties = 0
        block = (self._memory.ctypes.data, size, ctypes.byref(self.config))
        if start is None:
            _check(_library.bluegrad_init(*block, ctypes.byref(self._generator)))
        else:
            values, ties = np.ascontiguousarray(start, np.float32), ctypes.c_uint32()
            if values.shape != self._shape():
                raise Error(-14, f"the mask to refine is {values.shape}, not {self._shape()}")
            given = (values.ctypes.data, values.nbytes, None, ctypes.byref(ties))
            _check(_library.bluegrad_load_f32(*block, *given, ctypes.byref(self._generator)))
            self.ties = ties.value
        self.step(0)

    def step(self, steps=0xFFFFFFFF):
        """Does so many steps, all by default."""
        _check(_library.bluegrad_step(self._generator, steps, None, ctypes.byref(self.report)))
        return self

    @property
    def done(self):
        """Whether the mask is ready."""
        return self.report.done

    def _shape(self, layer=None, channel=None):
        layers = (self.config.layers,) if layer is None and self.config.layers > 1 else ()
        channels = (self.config.channels,) if channel is None and self.config.channels > 1 else ()
        return (*layers, self.config.height, self.config.width, *channels)

    def _read(self, function, dtype, layer, channel, *more):
        region = _Region(layer or 0, int(layer is not None), channel or 0, int(channel is not None))
        to = np.empty(self._shape(layer, channel), dtype)
        _check(function(self._generator, to.ctypes.data, to.nbytes, ctypes.byref(region), *more))
        return to

    def u8(self, layer=None, channel=None):
        """floor(256 rank/n)."""
        return self._read(_library.bluegrad_read_u8, np.uint8, layer, channel)

    def u16(self, layer=None, channel=None):
        """floor(65536 rank/n)."""
        return self._read(_library.bluegrad_read_u16, np.uint16, layer, channel)

    def f32(self, layer=None, channel=None, signed=False):
        """(rank + 1/2)/n, or twice that less 1."""
        return self._read(_library.bluegrad_read_f32, np.float32, layer, channel, int(signed), None)

    def thresholds(self, layer=None, channel=None):
        """What dither wants for 16-bit and float images: floor((2 rank + 1) 2^15/n)."""
        return self._read(_library.bluegrad_read_thresholds, np.uint16, layer, channel)

    def ranks(self, layer=None, channel=None):
        """Each of 0 to n - 1 once in each channel of each layer."""
        return self._read(_library.bluegrad_read_ranks, np.uint32, layer, channel)


def mask(width, height, preset="dither", seed=0, dtype="uint8", **options):
    """A mask as an array of shape (layers, height, width, channels), without those of which there is one, as Run has it.

    `dtype`: uint8, uint16, float32, or uint32 for the ranks.
    """
    readers = {"uint8": Run.u8, "uint16": Run.u16, "float32": Run.f32, "uint32": Run.ranks}
    name = np.dtype(dtype).name
    if name not in readers:
        raise Error(-35, f"no mask of {name}: one of {', '.join(readers)}")
    return readers[name](Run(width, height, preset, seed, **options).step())


def refine(start, **options):
    """A run that starts from a given mask: an array of any real type, of which only the order in each layer and channel counts.

    Its shape: (height, width), (layers, height, width), or (layers, height, width, channels).
    """
    start = np.asarray(start)
    layers, height, width, channels = {2: (1, *start.shape, 1), 3: (*start.shape, 1)}.get(start.ndim, start.shape)
    given = start.reshape([side for i, side in enumerate((layers, height, width, channels)) if i in (1, 2) or side > 1])
    return Run(width, height, start=given, layers=layers, channels=channels, **options)


def measure(ranks):
    """How good a mask is: a dict of numbers and arrays, dB relative to white noise. `ranks`: of Run.ranks or mask(dtype="uint32")."""
    ranks = np.ascontiguousarray(ranks, np.uint32)
    height, width = ranks.shape
    scratch = np.empty(_library.bluegrad_measure_memory_size(width, height) // 8, np.float64)
    figures = np.zeros(sum(count for _, count in _QUALITY) + _QUALITY_RESERVED)
    _check(
        _library.bluegrad_measure(
            ranks.ctypes.data, width, height, scratch.ctypes.data, scratch.nbytes, figures.ctypes.data
        )
    )
    return _named(_QUALITY, figures)


def _named(names, figures):
    found, at = {}, 0
    for name, count in names:
        found[name] = figures[at] if count == 1 else figures[at : at + count].copy()
        at += count
    return found


def measure_volume(ranks):
    """How good a mask with layers or channels is: a dict as of `measure`, whose `channels` has one of each channel.

    `ranks`: of shape (layers, height, width) or (layers, height, width, channels).
    """
    ranks = np.ascontiguousarray(ranks, np.uint32)
    layers, height, width, channels = ranks.shape if ranks.ndim == 4 else (*ranks.shape, 1)
    shape = (ctypes.c_uint32 * 4)(width, height, layers, channels)
    scratch = np.empty(_library.bluegrad_measure_volume_memory_size(shape) // 8 or 1, np.float64)
    one = sum(count for _, count in _CHANNEL)
    figures = np.zeros(4 * one + sum(count for _, count in _VOLUME) + _QUALITY_RESERVED)
    _check(
        _library.bluegrad_measure_volume(ranks.ctypes.data, shape, scratch.ctypes.data, scratch.nbytes, figures.ctypes.data)
    )
    return {"channels": [_named(_CHANNEL, figures[one * i :]) for i in range(channels)], **_named(_VOLUME, figures[4 * one :])}


class Palette:
    """Colours to dither to: the name of a built-in palette, or rows of 8-bit RGB as the display shows them.

    `fit`: black becomes the palette's darkest colour and white its lightest. `shown` and `nominal` are the colours that an index of the
    output stands for: as they look, and as the display is sent them.
    """

    def __init__(self, colors, fit=False, grain=0.002, nodes=17):
        if isinstance(colors, str):
            shown, nominal, count = np.empty((64, 3), np.uint8), np.empty((64, 3), np.uint8), ctypes.c_size_t()
            name = (colors.encode(), shown.ctypes.data, nominal.ctypes.data, ctypes.byref(count))
            _check(_library.bluegrad_palette_by_name(*name))
            self.shown, self.nominal = shown[: count.value], nominal[: count.value]
        else:
            self.shown = self.nominal = np.array(colors, np.uint8).reshape(-1, 3)
        self.table = np.empty(_library.bluegrad_palette_words(len(self.shown), nodes) or 1, np.uint16)
        given = (self.shown.ctypes.data, len(self.shown), int(fit), grain, nodes)
        _check(_library.bluegrad_palette_build(*given, self.table.ctypes.data, self.table.size))


def dither(image, mask, levels=2, palette=None, form="values", linear=False, at=(0, 0)):
    """An image of uint8, uint16 or float32 codes, grey (h, w) or RGB (h, w, 3), dithered by a mask of uint8 texels or uint16 thresholds.

    `levels`: a number of even levels, one for each channel, or an array of rising 8-bit output values; `linear` mixes these in light.
    `palette`: a Palette; the output is then indices (h, w), unless `form` says otherwise. `form`: "values", 8 bits; "levels"; "packed", rows
    of 1, 2, 4 or 8 bits a level; "planes"; "rgb332"; "rgb565". `at`: the mask's column and row over the first pixel.
    """
    image, mask = np.ascontiguousarray(image), np.ascontiguousarray(mask)
    if image.dtype.name not in _SAMPLES or image.ndim not in (2, 3) or mask.dtype not in (np.uint8, np.uint16) or mask.ndim != 2:
        raise Error(-35, "the image must be of uint8, uint16 or float32, the mask of uint8 or uint16")
    if form not in _SINKS:
        raise Error(-35, f"no form {form}: one of {', '.join(_SINKS)}")
    row = _Dither()
    height, width = mask.shape
    _check(_library.bluegrad_dither_default(ctypes.byref(row), ctypes.sizeof(row), mask.ctypes.data, width, height, 2))
    row.mask_bits, row.sample, row.sink = 8 * mask.itemsize, _SAMPLES[image.dtype.name], _SINKS[form]
    row.channels = 1 if image.ndim == 2 else image.shape[2]
    row.x, row.y = at
    if palette is not None:
        row.form, row.palette, row.palette_words = _PALETTE, palette.table.ctypes.data, palette.table.size
        row.sink = _SINKS["levels"] if form == "values" else row.sink
    elif isinstance(levels, np.ndarray):
        values, bytes_ = levels.astype(np.uint16) * 257, levels.astype(np.uint8)
        table = np.empty(256 if image.dtype == np.uint8 else 65536, np.uint32)
        pixels = 256 if mask.dtype == np.uint8 else mask.size
        given = (values.ctypes.data, values.size, int(linear), pixels)
        _check(_library.bluegrad_tone_fill(*given, table.ctypes.data, table.size))
        row.form, row.sink = _TABLE, _MAPPED if form == "values" else row.sink
        for channel in range(3):
            row.tables[channel], row.values[channel] = table.ctypes.data, bytes_.ctypes.data
    else:
        row.levels[:] = np.broadcast_to(levels, 3).tolist()
    height, samples = image.shape[0], image.size // max(image.shape[0], 1)
    size = _library.bluegrad_dither_row_size(ctypes.byref(row), samples)
    to = np.empty((2, height, size) if form == "planes" else (height, size), np.uint8)
    given = (ctypes.byref(row), 0, height, image.ctypes.data, samples)
    _check(_library.bluegrad_dither_rows(*given, to.ctypes.data, to.nbytes))
    return to.reshape(image.shape) if to.size == image.size and form in ("values", "levels") else to
