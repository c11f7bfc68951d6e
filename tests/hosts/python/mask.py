"""Prints the hash of the 64x64 `dither` mask of seed 7, after trying the rest of bluegrad.py."""

import numpy as np

import bluegrad


def fnv1a(data):
    """FNV-1a 64."""
    total = 0xCBF29CE484222325
    for byte in data:
        total = (total ^ byte) * 0x100000001B3 % 2**64
    return total


def refused(call):
    """Whether the library refuses it."""
    try:
        call()
    except bluegrad.Error:
        return True
    return False


run = bluegrad.Run(64, 64, seed=7)
while not run.done:
    assert refused(run.u8), "not done"
    run.step(10)
ranks = run.ranks()
assert sorted(ranks.ravel()) == list(range(4096))
assert np.array_equal(run.u8(), (ranks // 16).astype(np.uint8))
assert np.array_equal(run.u16(), (ranks * 16).astype(np.uint16))
assert np.allclose(run.f32(), (ranks + 0.5) / 4096)
assert np.array_equal(ranks, bluegrad.mask(64, 64, seed=7, dtype="uint32"))

assert "dither" in bluegrad.presets() and bluegrad.simd_level() and bluegrad.algorithm_version() > 0
assert refused(lambda: bluegrad.mask(64, 64, preset="no such")) and refused(lambda: bluegrad.mask(7, 64))
assert refused(lambda: bluegrad.mask(64, 64, sigma=9.0))

half = bluegrad.mask(32, 32, preset="dither-smooth", seed=7, mix=0.5, dtype="uint32")
assert np.array_equal(half, bluegrad.mask(32, 32, preset="dither-smooth", seed=7, mix=0.5, dtype="uint32"))
assert not np.array_equal(half, bluegrad.mask(32, 32, preset="dither-smooth", seed=7, dtype="uint32"))
preset = bluegrad.mask(32, 32, preset="dither-smooth", seed=7, dtype="uint32")
assert np.array_equal(preset, bluegrad.mask(32, 32, preset="dither-smooth", seed=7, mix=0.25, dtype="uint32"))
dark = bluegrad.Run(32, 32, preset="dither-smooth", mix=1)
assert dark.config.stage_count == bluegrad.Run(24, 24, preset="dither-smooth", mix=1).config.stage_count + 1
assert dark.config.stage_count == bluegrad.Run(32, 32, preset="dither-smooth", mix=1, levels=4).config.stage_count
assert refused(lambda: bluegrad.Run(32, 32, mix=0.5)) and refused(lambda: bluegrad.Run(32, 32, preset="dither-smooth", mix=1.1))

quality = bluegrad.measure(ranks)
white = bluegrad.measure(np.random.default_rng(1).permutation(4096).reshape(64, 64))
assert quality["hvs_error_mean"][2] < -10 and abs(white["hvs_error_mean"][2]) < 2
assert quality["total_energy"].shape == (5,)
y, x = np.divmod(np.arange(4096), 64)
half = np.empty(4096, np.uint32)
half[np.argsort((x + y) % 2, kind="stable")] = np.arange(4096)
lattice = bluegrad.measure(half.reshape(64, 64))
assert abs(lattice["peak_worst"] - 4096) < 1e-6 and lattice["peak_worst_grey"] == 0.5
assert list(lattice["peak_worst_frequency"]) == [0.5, 0.5]
assert 3 < white["peak_mean"] < white["peak_worst"] < 100 and 3 < quality["peak_mid"] < 100

refined = bluegrad.refine(run.u8(), seed=1).step()
assert refined.ties == 4096 - 256 and sorted(refined.ranks().ravel()) == list(range(4096))

grey = np.full((48, 80), 64, np.uint8)
dots = bluegrad.dither(grey, run.u8())
assert set(np.unique(dots)) == {0, 255} and abs(dots.mean() - 64) < 1
assert bluegrad.dither(np.zeros((5, 7, 3), np.uint8), run.u8(), 4).max() == 0
print(f"{fnv1a(ranks.astype('<u4').tobytes()):016x}")
