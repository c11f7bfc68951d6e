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

noise = np.random.default_rng(2).permutation(3 * 8 * 16 * 2).reshape(3, 8, 16, 2)
volume = bluegrad.refine(noise, steps=0).step()
planes = noise.transpose(0, 3, 1, 2).reshape(6, -1).argsort(axis=1).argsort(axis=1).reshape(3, 2, 8, 16)
assert np.array_equal(volume.ranks(), planes.transpose(0, 2, 3, 1))
assert np.array_equal(volume.ranks(layer=2, channel=1), planes[2, 1]) and volume.ranks(channel=0).shape == (3, 8, 16)
assert np.array_equal(volume.u8(layer=1), volume.u8()[1]) and volume.thresholds().shape == (3, 8, 16, 2)
assert refused(lambda: volume.u8(layer=3)) and refused(lambda: volume.f32(channel=2)) and refused(lambda: bluegrad.mask(8, 8, layers=257))
assert np.array_equal(bluegrad.refine(noise[..., 0], steps=0).step().ranks(), planes[:, 0])
assert refused(lambda: bluegrad.Run(16, 8, start=noise[0], steps=0))
frames = bluegrad.mask(16, 16, preset="space-time", layers=8, dtype="uint32")
assert frames.shape == (8, 16, 16) and all(sorted(layer.ravel()) == list(range(256)) for layer in frames)
assert np.array_equal(frames, bluegrad.mask(16, 16, preset="space-time", layers=8, dtype="uint32", time_weight=0.28))
random = np.stack([np.random.default_rng(k).permutation(256).reshape(16, 16) for k in range(8)])
blue, white = bluegrad.measure_volume(frames), bluegrad.measure_volume(random)
assert blue["channels"][0]["space"][0] < -6 and blue["channels"][0]["time"][1] < -3 and abs(white["channels"][0]["space"][0]) < 3
assert blue["channels"][0]["rss"] < white["channels"][0]["rss"] and blue["peak_mean"] < blue["largest_peak_worst"]
rgb = bluegrad.measure_volume(bluegrad.mask(16, 16, layers=2, channels=3, dtype="uint32"))
assert len(rgb["channels"]) == 3 and rgb["summed"][0] < -6
assert refused(lambda: bluegrad.mask(16, 16, preset="void-and-cluster", layers=2)) and refused(lambda: bluegrad.measure_volume(frames + 1))
assert refused(lambda: bluegrad.mask(16, 16, preset="space-time", time_weight=1.1))

grey = np.full((48, 80), 64, np.uint8)
dots = bluegrad.dither(grey, run.u8())
assert set(np.unique(dots)) == {0, 255} and abs(dots.mean() - 64) < 1
assert bluegrad.dither(np.zeros((5, 7, 3), np.uint8), run.u8(), 4).max() == 0
fine = run.thresholds()
assert sorted(fine.ravel()) == [16 * rank + 8 for rank in range(4096)]
flat = np.full((64, 64), 0.3, np.float32)
assert abs(bluegrad.dither(flat, fine).mean() / 255 - 0.3) < 0.5 / 4096 + 1e-5
assert abs(bluegrad.dither((flat * 65535).astype(np.uint16), fine, 4).mean() / 255 - 0.3) < 0.5 / 3 / 4096 + 1e-4
assert abs(bluegrad.dither(flat, fine, np.array([0, 255]), linear=True).mean() / 255 - ((0.3 + 0.055) / 1.055) ** 2.4) < 2e-4
assert set(np.unique(bluegrad.dither(grey, fine, np.array([10, 100, 200])))) == {10, 100}
dots = bluegrad.dither(grey, fine)
grey_rgb = bluegrad.dither(np.repeat(grey[:, :, None], 3, 2), fine, (2, 2, 2))
assert np.array_equal(grey_rgb[:, :, 0], dots) and np.array_equal(grey_rgb[:, :, 2], dots)
assert np.array_equal(np.unpackbits(bluegrad.dither(grey, fine, form="packed"), axis=1) * 255, dots)
assert bluegrad.dither(grey_rgb, fine, (32, 64, 32), form="rgb565").shape == (48, 160)
assert bluegrad.dither(grey, fine, 4, form="planes").shape == (2, 48, 10)
moved = bluegrad.dither(grey, fine, at=(3, 5))
assert np.array_equal(moved[:40, :60], dots[5:45, 3:63])

paper = bluegrad.Palette("spectra-6", nodes=9)
solid = bluegrad.dither(np.repeat(paper.shown[:, None], 20, 1), fine, palette=paper)
assert np.array_equal(solid, np.repeat(np.arange(6)[:, None], 20, 1)) and paper.nominal[1].tolist() == [255, 255, 255]
assert bluegrad.dither(np.repeat(flat[:, :, None], 3, 2), fine, palette=paper).shape == (64, 64)
duo = bluegrad.Palette([[0, 0, 0], [255, 255, 255]], grain=0, nodes=9)
light = bluegrad.dither(np.full((64, 64, 3), 128, np.uint8), fine, palette=duo)
assert abs(light.mean() - ((128 / 255 + 0.055) / 1.055) ** 2.4) < 2e-3
assert refused(lambda: bluegrad.Palette("no such")) and refused(lambda: bluegrad.Palette([[1, 2, 3]]))
assert refused(lambda: bluegrad.Palette([[1, 2, 3]] * 2)) and refused(lambda: bluegrad.dither(grey, fine, palette=duo))
assert refused(lambda: bluegrad.dither(grey, fine, 1)) and refused(lambda: bluegrad.dither(grey, fine, form="rgb565"))
assert refused(lambda: bluegrad.dither(grey, fine, np.array([5, 5]))) and refused(lambda: bluegrad.dither(grey.astype(int), fine))
print(f"{fnv1a(ranks.astype('<u4').tobytes()):016x}")
