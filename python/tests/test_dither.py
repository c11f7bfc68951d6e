"""`dither` beside its formulas, with arrays of Pillow, SciPy and scikit-image."""

import numpy as np
import PIL.Image
import pytest
import scipy.ndimage
import skimage.data
import skimage.util

import bluegrad

CAMERA = skimage.data.camera()[::4, ::4]
RGB = np.stack([CAMERA, CAMERA.T, 255 - CAMERA], axis=-1)


def tiled(mask, shape):
    return mask[np.arange(shape[0])[:, None] % mask.shape[0], np.arange(shape[1]) % mask.shape[1]].astype(np.int64)


@pytest.mark.parametrize("levels", [2, 3, 16, 256])
def test_even_levels_by_the_formula(levels):
    ranks = bluegrad.generate(64, dtype=np.uint32)
    t = 255 * (2 * tiled(ranks, CAMERA.shape) + 1) // (2 * 4096)
    wanted = (CAMERA.astype(np.int64) * (levels - 1) + t) // 255
    got = bluegrad.dither(CAMERA, levels, indices=True)
    assert got.dtype == np.uint8 and np.array_equal(got, wanted)
    values = bluegrad.dither(CAMERA, levels)
    assert np.array_equal(values, np.floor(255 * wanted / (levels - 1) + 0.5)) and values.dtype == np.uint8


def test_levels_by_channel_and_offsets():
    mask = bluegrad.generate((16, 24), dtype=np.uint16)
    got = bluegrad.dither(RGB, (2, 3, 4), mask=mask, at=(5, -3), indices=True)
    for channel, levels in enumerate((2, 3, 4)):
        moved = np.roll(mask, (3, -5), (0, 1))
        assert np.array_equal(got[..., channel], bluegrad.dither(RGB[..., channel], levels, mask=moved, indices=True))
    apart = bluegrad.dither(RGB, 2, mask=mask, channels_apart=True, indices=True)
    assert np.array_equal(apart[..., 0], bluegrad.dither(RGB[..., 0], 2, mask=mask, indices=True))
    assert not np.array_equal(apart[..., 1], bluegrad.dither(RGB[..., 1], 2, mask=mask, indices=True))


def test_types_of_scikit_image():
    wide, floats = skimage.util.img_as_uint(CAMERA), skimage.util.img_as_float(CAMERA)
    narrow, fine = bluegrad.dither(CAMERA, 4, indices=True), bluegrad.dither(wide, 4, indices=True)
    # 8 and 16 bits of thresholds part ways at a few pixels only
    assert (narrow != fine).mean() < 0.01
    assert np.array_equal(bluegrad.dither(floats, 4, indices=True), fine)
    assert np.array_equal(bluegrad.dither(floats.astype(np.float32), 4, indices=True), fine)
    assert bluegrad.dither(wide, 4).dtype == np.uint16 and set(np.unique(bluegrad.dither(wide, 4))) == {0, 21845, 43690, 65535}
    assert bluegrad.dither(floats, 3).dtype == np.float64 and set(np.unique(bluegrad.dither(floats, 3))) == {0, 0.5, 1}


def test_arrays_of_any_memory():
    wanted = bluegrad.dither(RGB, 3)
    frozen = RGB.copy()
    frozen.flags.writeable = False
    for same in (
        frozen,
        np.asfortranarray(RGB),
        np.repeat(RGB, 2, axis=1)[:, ::2],
        RGB[::-1][::-1],
        np.asarray(PIL.Image.fromarray(RGB)),
    ):
        assert np.array_equal(bluegrad.dither(same, 3), wanted)
    assert np.array_equal(bluegrad.dither(PIL.Image.fromarray(CAMERA), 3), bluegrad.dither(CAMERA, 3))
    assert bluegrad.dither(np.zeros((0, 5), np.uint8)).shape == (0, 5)
    assert bluegrad.dither(np.zeros((5, 0, 3), np.uint8)).shape == (5, 0, 3)


def test_a_blurred_picture_is_kept_and_light_is_lighter():
    dots = bluegrad.dither(CAMERA, 2).astype(np.float64)
    blurred = [scipy.ndimage.gaussian_filter(image.astype(np.float64), 4, mode="wrap") for image in (CAMERA, dots)]
    assert np.abs(blurred[0] - blurred[1]).mean() < 3
    # in light, a grey of code 128 has about 22 % of white pixels
    grey = np.full((64, 64), 128, np.uint8)
    assert (bluegrad.dither(grey, 2, linear=True) == 255).mean() == pytest.approx(((128 / 255 + 0.055) / 1.055) ** 2.4, abs=1e-3)
    assert (bluegrad.dither(grey, 2) == 255).mean() == pytest.approx(128 / 255, abs=1e-3)


def test_values_of_ones_own():
    got = bluegrad.dither(CAMERA, values=[10, 100, 255])
    assert set(np.unique(got)) == {10, 100, 255}
    middle = np.full((64, 64), 55, np.uint8)
    assert (bluegrad.dither(middle, values=[10, 100]) == 100).mean() == pytest.approx(0.5, abs=1e-3)


def test_palettes():
    got = bluegrad.dither(RGB, palette="spectra-6", indices=True)
    assert got.shape == RGB.shape[:2] and got.max() <= 5
    palette = bluegrad.palettes()["spectra-6"]
    assert np.array_equal(bluegrad.dither(RGB, palette=palette), np.array(palette.colors, np.uint8)[got])
    # a colour of the palette has no dots
    own = bluegrad.Palette(((0, 0, 0), (255, 255, 255), (200, 30, 40)))
    flat = np.broadcast_to(np.array([200, 30, 40], np.uint8), (16, 16, 3))
    assert (bluegrad.dither(flat, palette=own, indices=True) == 2).all()


def test_a_mask_is_its_order():
    ranks = bluegrad.generate(32, dtype=np.uint32)
    ready = bluegrad.Mask(ranks)
    wanted = bluegrad.dither(CAMERA, 5, mask=ranks)
    for same in (ready, ranks * 7.5 - 3, ranks.astype(np.int16)):
        assert np.array_equal(bluegrad.dither(CAMERA, 5, mask=same), wanted)
