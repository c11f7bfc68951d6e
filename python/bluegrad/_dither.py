"""Dithers pictures in arrays."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _native
from ._config import whole
from ._generator import generate

# As the command line does: in larger pictures, repetitions of the small mask would show.
_MOST_FOR_SMALL = 256
_SIDES = (64, 128)


@dataclass(frozen=True)
class Palette:
    """Colours to dither to, 2 to 64. `palettes()` has the built-in ones."""

    colors: tuple[tuple[int, int, int], ...]
    """What the device is sent, sRGB codes 0 to 255; indices count them."""
    shown: tuple[tuple[int, int, int], ...] | None = None
    """What the device shows, colour by colour; by default `colors`."""
    fit: str = "none"
    """With "none", colours are shown as they are; with "panel", black becomes the darkest colour, white the lightest."""
    grain: float | None = None
    """Weight of noise against the error of the mean, 0 to 1; by default 0.002."""
    nodes: int | None = None
    """Nodes of the table along each channel: 9, 17 (the default) or 33."""

    @functools.cached_property
    def _table(self) -> NDArray[np.uint16]:
        colors, shown = _colors("colors", self.colors), _colors("shown", self.shown or self.colors)
        if len(colors) != len(shown):
            raise ValueError(f"shown has {len(shown)} colours for a palette of {len(colors)}")
        if self.fit not in ("none", "panel"):
            raise ValueError(f"fit is {self.fit!r}: it must be 'none' or 'panel'")
        nodes = None if self.nodes is None else whole("nodes", self.nodes, 0, 2**32 - 1)
        return _native.palette(shown, self.fit == "panel", self.grain, nodes)


def _colors(name: str, colors: Sequence[Sequence[int]]) -> list[list[int]]:
    rows = [[whole(name, code, 0, 255) for code in color] for color in colors]
    if any(len(row) != 3 for row in rows):
        raise ValueError(f"{name}: each colour must have three codes, red, green and blue")
    return rows


@functools.cache
def palettes() -> dict[str, Palette]:
    """The built-in palettes by name, as the command line has them; "web-safe" is `levels=6`."""
    return {name: Palette(tuple(sent), tuple(shown))
            for name, _, sent, shown, levels in _native.named_palettes() if levels is None}  # fmt: skip


class Mask:
    """A mask, ready to dither with: made once for many pictures."""

    def __init__(self, mask: ArrayLike) -> None:
        """mask: real numbers of shape (H, W), of which only the order counts; sides from 1 to 4096."""
        array = np.asarray(mask)
        if array.dtype.kind not in "uif":
            raise TypeError(f"the mask has dtype {array.dtype}: it must hold real numbers")
        if array.ndim != 2:
            raise ValueError(f"the mask has shape {array.shape}: it must be (H, W); take one layer and one channel")
        values = np.ascontiguousarray(array, np.float64).reshape(-1)
        self.shape = array.shape
        self._native = _native.Mask(values, array.shape[1], array.shape[0])


@functools.cache
def _default_mask(side: int) -> Mask:
    return Mask(generate(side, dtype=np.uint32))


def dither(
    image: ArrayLike,
    levels: int | Sequence[int] | None = None,
    *,
    values: ArrayLike | None = None,
    palette: Palette | str | None = None,
    mask: Mask | ArrayLike | None = None,
    linear: bool = False,
    at: tuple[int, int] = (0, 0),
    channels_apart: bool = False,
    indices: bool = False,
) -> NDArray[Any]:
    """Dithers a picture to few levels, to values or to the colours of a palette, with exact means.

    image: shape (H, W), grey, or (H, W, 3), sRGB; `uint8`, `uint16`, or floats from 0 to 1 (of 64 bits: rounded to 32; NaN counts
        as 0). Arrays of any strides and read-only arrays are taken.
    levels: even levels from black to white, 2 to 256, by default 2; three numbers for red, green and blue.
    values: rising output values instead, in the units of the image; shape (levels,).
    palette: a `Palette`, or the name of a built-in one, for (H, W, 3).
    mask: by default the 64x64 mask of the preset "dither", for pictures with a side above 256 the 128x128 one.
    linear: dots mix as light, so that the brightness is right; else as code values.
    at: pixel (x, y) of the mask over pixel (0, 0) of the image, for parts of a picture and for frames.
    channels_apart: another place of the mask for each channel: less noise in brightness, greys of coloured dots.
    indices: return levels or indices of colours, `uint8`.

    Returns an array of the shape and dtype of the image (of a palette: (H, W, 3), `uint8`), or the indices. Raises `ValueError` and
    `TypeError`.
    """
    picture = np.asarray(image)
    if picture.dtype == np.float64 or picture.dtype == np.float16:
        samples = picture.astype(np.float32)
    elif picture.dtype in (np.uint8, np.uint16, np.float32):
        samples = picture
    else:
        raise TypeError(f"the image has dtype {picture.dtype}: it must be uint8, uint16, or floats from 0 to 1")
    if picture.ndim not in (2, 3) or (picture.ndim == 3 and picture.shape[2] != 3):
        raise ValueError(f"the image has shape {picture.shape}: it must be (H, W) or (H, W, 3)")
    grey = picture.ndim == 2
    chosen = [name for name, given in (("levels", levels), ("values", values), ("palette", palette)) if given is not None]
    if len(chosen) > 1:
        raise TypeError(f"{chosen[0]} and {chosen[1]} both say what the picture becomes: leave one out")
    most = {"u1": 255, "u2": 65535}.get(samples.dtype.str[1:], 1)
    goal: Any
    if palette is not None:
        if grey:
            raise ValueError(f"the image has shape {picture.shape}: a palette wants (H, W, 3)")
        if linear:
            raise TypeError("linear: a palette mixes light already; leave it out")
        palette = _named(palette)
        goal = palette._table
    elif values is not None:
        codes = np.asarray(values, np.float64)
        if codes.ndim != 1:
            raise ValueError(f"values has shape {codes.shape}: it must be (levels,)")
        if not ((codes >= 0) & (codes <= most)).all():
            raise ValueError(f"values must be from 0 to {most}, as the image's")
        goal = [np.rint(codes * (65535 / most)).astype(int).tolist()] * (1 if grey else 3)
    else:
        counts = _counts(2 if levels is None else levels, grey)
        # to the nearest, halves up, in integers
        goal = [[(2 * 65535 * i + count - 1) // (2 * (count - 1)) for i in range(count)] for count in counts]
    x, y = (whole("at", number, -(2**63), 2**63) for number in at)
    if mask is None:
        mask = _default_mask(_SIDES[max(picture.shape[:2], default=0) > _MOST_FOR_SMALL])
    elif not isinstance(mask, Mask):
        mask = Mask(mask)
    place = [x % mask.shape[1], y % mask.shape[0]]
    flat = np.ascontiguousarray(samples).reshape(-1)
    found = _native.dither(flat, picture.shape[1], goal, linear, mask._native, place, channels_apart)
    if palette is not None:
        found = found.reshape(picture.shape[:2])
        return found if indices else np.array(palette.colors, np.uint8)[found]
    found = found.reshape(picture.shape)
    if indices:
        return found
    tables = [np.asarray(values if values is not None else _scaled(channel, most), picture.dtype) for channel in goal]
    if grey:
        return tables[0][found]
    return np.stack([table[found[..., channel]] for channel, table in enumerate(tables)], axis=-1)


def _scaled(codes: list[int], most: int) -> list[float]:
    """Even levels in the units of the image: integers to the nearest, halves up."""
    last = len(codes) - 1
    return [i / last if most == 1 else (2 * most * i + last) // (2 * last) for i in range(len(codes))]


def _counts(levels: int | Sequence[int], grey: bool) -> list[int]:
    counts: list[Any]
    try:
        counts = list(levels)  # type: ignore[arg-type]
    except TypeError:
        counts = [levels] * (1 if grey else 3)
    if len(counts) != (1 if grey else 3):
        raise ValueError(f"levels has {len(counts)} numbers: it must be one, or for (H, W, 3) three")
    return [whole("levels", count, 2, 256) for count in counts]


def _named(palette: Palette | str) -> Palette:
    if isinstance(palette, Palette):
        return palette
    if palette not in palettes():
        raise ValueError(f"palette {palette!r}: no such palette; built in are {', '.join(palettes())}")
    return palettes()[palette]
