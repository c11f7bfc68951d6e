"""Tileable blue-noise masks by gradient descent, as NumPy arrays.

    mask = bluegrad.generate(64)             # (64, 64), uint8: every thresholded pattern is blue
    figures = bluegrad.measure(mask)         # how good it is
    dots = bluegrad.dither(picture, 2)       # a picture in black and white

The same arguments give the same bytes on every machine, as the command `bluegrad` and the Rust and C libraries do.
"""

from . import records
from ._config import Config, Preset, Recipe, config, presets
from ._dither import Mask, Palette, dither, palettes
from ._generator import Generator, Report, generate
from ._measure import measure
from ._native import ALGORITHM_VERSION, LEVELS, __version__
from .records import Shape
from .sweeps import sweep

__all__ = [
    "ALGORITHM_VERSION", "LEVELS", "Config", "Generator", "Mask", "Palette", "Preset", "Recipe", "Report", "Shape",
    "__version__", "config", "dither", "generate", "measure", "palettes", "presets", "records", "sweep",
]  # fmt: skip
