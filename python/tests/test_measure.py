"""`measure` beside NumPy, SciPy and the command."""

import json
import subprocess
import sys

import numpy as np
import pytest
import scipy.ndimage

import bluegrad


def command(*words):
    ran = subprocess.run([sys.executable, "-m", "bluegrad", *map(str, words)], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_low_power_is_numpys():
    mask = bluegrad.generate((32, 48), preset="dither", dtype=np.float32)
    figures = bluegrad.measure(mask)
    power = np.abs(np.fft.fft2(mask - mask.mean(dtype=np.float64))) ** 2
    power /= power.sum() / (power.size)
    f = np.hypot(*np.meshgrid(np.fft.fftfreq(32), np.fft.fftfreq(48), indexing="ij"))
    for radius, got in zip(figures["low_power_radii_cycles_per_pixel"], figures["low_power_db"]):
        inside = (f > 0) & (f <= radius + 1e-12)
        assert got == pytest.approx(10 * np.log10(power[inside].mean()), abs=1e-4)


def test_rms_is_scipys():
    ranks = bluegrad.generate(64, dtype=np.uint32)
    figures = bluegrad.measure(ranks)["patterns"]
    squares = []
    for k in range(1, 16):
        pattern = (ranks < 4096 * k // 16).astype(np.float64)
        # SciPy's kernel is sampled: at 3 pixels it is that of the spectrum
        squares.append(((scipy.ndimage.gaussian_filter(pattern, 3, mode="wrap", truncate=10) - k / 16) ** 2).mean())
    assert figures["rms_thousandths"][4] == pytest.approx(1000 * np.mean(squares) ** 0.5, rel=1e-4)


@pytest.mark.parametrize("size", [32, (4, 16, 16), (2, 16, 16, 2)])
def test_figures_are_those_of_the_command(tmp_path, size):
    mask = bluegrad.generate(size, dtype=np.uint16)
    np.save(tmp_path / "mask.npy", mask)
    words = ["--slices", "1"] if size == 32 else []
    (wanted,) = json.loads(command("measure", "--json", tmp_path / "mask.npy", *words[:0]))
    wanted = {name: value for name, value in wanted.items() if name not in ("file", "slice")}
    assert bluegrad.measure(mask) == wanted


def test_any_array_of_real_numbers():
    mask = bluegrad.generate(32, dtype=np.uint32)
    wanted = bluegrad.measure(mask.astype(np.float64))
    strided = np.zeros((64, 96), np.float32)
    strided[::2, 1::3] = mask
    frozen = mask.astype(">i4")
    frozen.flags.writeable = False
    for same in (np.asfortranarray(mask, np.float64), strided[::2, 1::3], frozen.astype(">f8"), mask.tolist()):
        measured = bluegrad.measure(same)
        assert {**measured, "histogram": 0} == {**wanted, "histogram": 0}


def test_filters_of_layers():
    mask = bluegrad.generate((4, 32, 32))
    by_name = bluegrad.measure(mask, space_filter="gauss:1.0", time_filter="ema:0.2")
    data = bluegrad.config((4, 32, 32), space_filter="gauss:1.0", time_filter="ema:0.2").recipe.filters
    assert by_name == bluegrad.measure(mask, filters=data)
    assert by_name != bluegrad.measure(mask)


def test_channels():
    mask = bluegrad.generate(16, channels=3)
    assert bluegrad.measure(mask, channels=True) == bluegrad.measure(mask[np.newaxis])
