"""The golden masks of the repository, through the module."""

import dataclasses
import pathlib

import numpy as np
import pytest

import bluegrad
from bluegrad.records import Front, Spectral

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden.txt"
VERSION, *LINES = GOLDEN.read_text().splitlines()
FILTERS = {
    "box-3": {"space_filter": "box:3"},
    "box-3-ema": {"space_filter": "box:3", "time_filter": "ema:.1"},
    "gauss-1-exponential": {"space_filter": "gauss:1", "time_filter": "exponential:.1,.1"},
}


def fnv(data):
    """FNV-1a of 64 bits."""
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def hash_of(ranks, shape):
    """The hash of the ranks, plane by plane."""
    planes = ranks.reshape(shape.layers, shape.height, shape.width, shape.channels).transpose(0, 3, 1, 2)
    return fnv(planes.astype("<u4").tobytes())


def test_version():
    assert VERSION == f"version {bluegrad.ALGORITHM_VERSION}"


@pytest.mark.parametrize(
    "line", [line for line in LINES if eval(line.split()[1] + "*" + line.split()[2].replace("x", "*")) <= 16384]
)
def test_golden(line):
    name, width, rest, seed, steps, wanted = line.split()
    height, layers, channels = ([*map(int, rest.split("x")), 1, 1])[:3]
    shape = (layers, height, int(width), channels)
    recipe = bluegrad.config(shape, **FILTERS[name]).recipe if name in FILTERS else bluegrad.presets()[name].recipe
    first = recipe.stages[0]
    # the file's runs of these stages are short
    if isinstance(first, Spectral):
        first = dataclasses.replace(first, steps=50)
    elif isinstance(first, Front):
        first = dataclasses.replace(first, steps=60)
    recipe = dataclasses.replace(recipe, stages=(first, *recipe.stages[1:]))
    config = bluegrad.config(shape, recipe=recipe, seed=int(seed))
    generator = bluegrad.Generator(config)
    assert generator.run().steps == int(steps) + 1
    assert hash_of(generator.mask(np.uint32), config.shape) == wanted


def test_one_call_makes_a_golden_mask():
    wanted = next(line.split()[-1] for line in LINES if line.startswith("dither 64 64 7 "))
    assert fnv(bluegrad.generate(64, seed=7, dtype=np.uint32).astype("<u4").tobytes()) == wanted


@pytest.mark.parametrize("level", bluegrad.LEVELS)
def test_every_level_gives_the_same_mask(level):
    assert np.array_equal(bluegrad.generate(32, level=level), bluegrad.generate(32))
