"""How good a mask is, as numbers."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from . import _native
from ._config import config
from .records import Filters


def measure(
    mask: ArrayLike,
    *,
    channels: bool = False,
    filters: Filters | None = None,
    space_filter: str | None = None,
    time_filter: str | None = None,
    separate: float | None = None,
) -> dict[str, Any]:
    """Figures of a mask of any origin: dithering error, spectrum, histogram, structure.

    mask: real numbers of shape (H, W), (L, H, W) or (L, H, W, C), sides from 8 to 4096; with `channels=True` an array of three
        axes is (H, W, C).
    filters: filters, as data or as in `generate`, whose loss is measured too.

    Returns the object that `bluegrad measure --json` prints, without the name of the file: keys end with the unit, figures that do
    not exist are None. All dB are relative to white noise of the same variance: 0 is white, lower is better. A low error of a mask
    with a high `peak` is that of a lattice.

    Raises `ValueError` and `TypeError`.
    """
    array = np.asarray(mask)
    if array.dtype.kind not in "uif":
        raise TypeError(f"the mask has dtype {array.dtype}: it must hold real numbers")
    height, width, layers, count = _sides(array.shape, channels)
    if filters is None and (space_filter, time_filter, separate) != (None, None, None):
        # the shape does not matter for the filters themselves
        several = (2, 64, 64) if layers > 1 else 64
        filters = config(several, space_filter=space_filter, time_filter=time_filter, separate=separate).recipe.filters
    kinds = {"u": 2 ** (8 * array.dtype.itemsize), "i": 2 ** (8 * array.dtype.itemsize)}
    levels = kinds.get(array.dtype.kind) if array.dtype.itemsize < 8 else None
    values = np.ascontiguousarray(array, np.float64).reshape(-1)
    data = None if filters is None else bytes(filters)
    figures: dict[str, Any] = json.loads(_native.figures(values, [width, height, layers, count], levels, data))
    for name in ("file", "slice"):
        figures.pop(name, None)
    return figures


def _sides(shape: tuple[int, ...], channels: bool) -> tuple[int, int, int, int]:
    if channels and len(shape) == 3:
        return shape[0], shape[1], 1, shape[2]
    if len(shape) == 2:
        return shape[0], shape[1], 1, 1
    if len(shape) == 3:
        return shape[1], shape[2], shape[0], 1
    if len(shape) == 4:
        return shape[1], shape[2], shape[0], shape[3]
    raise ValueError(f"the mask has shape {shape}: it must be (H, W), (L, H, W) or (L, H, W, C)")
