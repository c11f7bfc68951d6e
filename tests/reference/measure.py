#!/usr/bin/env python3
"""The figures of `bluegrad measure` once more, from their definitions, with numpy.fft: an independent second opinion.

    measure.py [--width W --height H] FILE.npy|.u8|.u16|.u32|.f32 ...    prints JSON with the names of `measure --json`

A raw file without --width and --height is square. All powers are relative to white noise of the same variance, DC left
out; f is the radial frequency in cycles/pixel.
"""

import argparse
import json
import math
import sys

import numpy as np

RADII = [0.1, 0.125, 0.2, 0.25, 0.3, 0.35]
SIGMAS = [1.0, 1.5, 1.9, 2.0, 3.0]
NAMED = [2, 4, 8, 16, 32, 64, 96, 112, 120, 124, 126]
RAW = {"u8": "<u1", "u16": "<u2", "u32": "<u4", "f32": "<f4"}
EDGE = 1e-12  # a bin on a circle is inside it


def db(power, floor=1e-30):
    return 10 * np.log10(np.maximum(power, floor))


def load(path, width, height):
    ending = path.rsplit(".", 1)[-1]
    if ending == "npy":
        return np.load(path).astype(float)
    values = np.fromfile(path, RAW[ending]).astype(float)
    if width is None:
        width = height = math.isqrt(len(values))
    return values.reshape(height, width)


class Plane:
    """What depends on the size only: the full spectrum's frequencies."""

    def __init__(self, shape):
        v, u = np.fft.fftfreq(shape[0]), np.fft.fftfreq(shape[1])
        self.f = np.hypot(v[:, None], u[None, :])
        self.bins = self.f > 0
        self.ring = np.floor(64 * self.f + 1e-9).astype(int)
        self.blurs = [np.exp(-2 * (math.pi * sigma * self.f) ** 2) * self.bins for sigma in SIGMAS]

    def power(self, image):
        """|X|^2 / (n * variance) of each bin, DC 0."""
        centred = image - image.mean()
        power = np.abs(np.fft.fft2(centred)) ** 2 / (centred**2).sum()
        power[0, 0] = 0
        return power

    def mean(self, power, inside):
        inside = inside & self.bins
        return power[inside].mean() if inside.any() else math.nan

    def rings(self, power):
        return [power[(self.ring == i) & self.bins] for i in range(46)]

    def anisotropy(self, power):
        rings = [r for i, r in enumerate(self.rings(power)) if 0.35 < (2 * i + 1) / 128 < 0.7]
        rings = [r for r in rings if len(r) >= 4 and r.mean() > 1e-12]
        return float(np.mean([db(r.var() / r.mean() ** 2, 1e-10) for r in rings])) if rings else math.nan

    def flatness(self, power):
        rings = [r for i, r in enumerate(self.rings(power)) if 0.35 < (2 * i + 1) / 128 < 0.5]
        return float(np.std([db(r.mean()) for r in rings if len(r)]))


def pattern(values, k):
    """The pixels than which fewer than round(k*n/128) are less: for 0, 1 ... n-1 those below that."""
    wanted = (2 * k * values.size + 128) // 256
    if wanted == 0:
        return np.zeros(values.shape)
    return (values <= np.sort(values, axis=None)[wanted - 1]).astype(float)


def level(plane, values, k):
    image = pattern(values, k)
    density = image.mean()
    figures = {"grey": k / 128, "density": density}
    if density in (0, 1):
        return None
    power = plane.power(image)
    figures["hvs"] = [(blur**2 * power).sum() / (blur**2).sum() for blur in plane.blurs]
    spectrum = np.fft.fft2(image)
    blurred = [np.fft.ifft2(blur * spectrum).real for blur in plane.blurs]
    figures["mean_square"] = [(b**2).mean() for b in blurred]
    principal = math.sqrt(min(k, 128 - k) / 128)
    figures["low"] = plane.mean(power, plane.f <= principal / 2 + EDGE)
    figures["cut"] = plane.mean(power, plane.f < 0.2 - EDGE)
    figures["anisotropy"] = plane.anisotropy(power)
    largest = np.argwhere(power > (1 - 1e-6) * power.max())
    # the half plane that numpy.fft.rfft2 has, in its order: of bins that are alike the first
    v, u = min((v, u) for v, u in largest.tolist() if 2 * u <= power.shape[1])
    figures["peak"] = float(power.max())
    figures["peak_frequency"] = [u / power.shape[1], (v if 2 * v <= power.shape[0] else v - power.shape[0]) / power.shape[0]]
    figures["rapsd"] = [float(db(r.mean())) if len(r) else math.nan for r in plane.rings(power)]
    return figures


def total_energy(values):
    """Over all thresholds: sum of n*density*(1 - density), minus half the kernel-weighted sum of rank differences."""
    n = values.size
    ranks = np.searchsorted(np.sort(values, axis=None), values.ravel())  # ties share the least
    ordered = np.sort(ranks).astype(float)
    variance = (ordered * (2 * np.arange(n) - n + 1.0)).sum() / n
    ranks = ranks.reshape(values.shape)
    height, width = values.shape
    kernels = []
    for sigma in SIGMAS:
        axes = []
        for side in values.shape:
            d = np.arange(-24, 25)
            taps = np.exp(-(d**2) / (4 * sigma**2))
            axis = np.zeros(side)
            np.add.at(axis, d % side, taps / taps.sum())
            axes.append(axis)
        kernels.append(np.outer(*axes))
    pairs = [0.0] * len(SIGMAS)
    for y in range(height):
        for x in range(width):
            if max(kernel[y, x] for kernel in kernels) > 0:
                difference = np.abs(ranks - np.roll(ranks, (y, x), (0, 1))).sum()
                pairs = [p + kernel[y, x] * difference for p, kernel in zip(pairs, kernels)]
    white = [variance * (n * kernel[0, 0] - 1) / (n - 1) for kernel in kernels]
    return [float(db((variance - p / 2) / w)) for p, w in zip(pairs, white)]


def ramp(values, bits):
    """PSNR of a horizontal ramp, dithered, blurred at sigma 1.5."""
    ordered = np.sort(values, axis=None)
    low, high = (np.searchsorted(ordered, values, side) for side in ("left", "right"))
    threshold = (low + high) / 2 / values.size
    tiles = -(-1024 // values.shape[1])
    # several masks high too, where the program takes one
    threshold = np.tile(threshold, (3, tiles))
    x = (np.arange(threshold.shape[1]) + 0.5)[None, :] / threshold.shape[1]
    steps = 2**bits - 1
    error = np.floor(x * steps + threshold) / steps - x
    taps = np.exp(-(np.arange(-6, 7) ** 2) / (2 * 1.5**2))
    taps /= taps.sum()
    error = sum(tap * np.roll(error, i - 6, 0) for i, tap in enumerate(taps))
    error = sum(tap * np.roll(error, i - 6, 1) for i, tap in enumerate(taps))[:, 6:-6]
    return float(-10 * np.log10((error**2).mean()))


def mean_db(powers):
    return float(np.nanmean(db(np.array(powers), 1e-10)))


def measure(path, width, height):
    values = load(path, width, height)
    plane = Plane(values.shape)
    power = plane.power(values)
    levels = {k: level(plane, values, k) for k in range(1, 128)}
    present = [f for f in levels.values() if f]
    fifteen = [levels[k] for k in range(8, 128, 8) if levels[k]]
    each = range(len(SIGMAS))
    fourths = [levels[k] for k in range(4, 128, 4) if levels[k]]
    worst = max(fourths, key=lambda f: f["peak"])
    patterns = {
        "sigmas_pixels": SIGMAS,
        "hvs_error_mean_db": [mean_db([f["hvs"][i] for f in present]) for i in each],
        "hvs_error_worst_db": [float(max(db(f["hvs"][i], 1e-10) for f in present)) for i in each],
        "total_energy_db": total_energy(values),
        "rms_thousandths": [1000 * math.sqrt(np.mean([f["mean_square"][i] for f in fifteen])) for i in each],
        "low_frequency_db": float(db(np.nanmean([f["low"] for f in fifteen]))),
        "hard_cut_cycles_per_pixel": 0.2,
        "hard_cut_db": mean_db([f["cut"] for f in present]),
        "anisotropy_db": float(np.nanmean([f["anisotropy"] for f in fifteen])),
        "peak_mean": float(np.mean([f["peak"] for f in fourths])),
        "peak_mid": float(np.mean([f["peak"] for f in fourths if 0.25 <= f["grey"] <= 0.75])),
        "peak_worst": worst["peak"],
        "peak_worst_grey": worst["grey"],
        "peak_worst_frequency_cycles_per_pixel": worst["peak_frequency"],
        "levels": [
            {
                "grey": f["grey"],
                "density": f["density"],
                "hvs_error_db": [float(db(p)) for p in f["hvs"]],
                "low_frequency_db": float(db(f["low"])),
                "hard_cut_db": float(db(f["cut"])),
                "anisotropy_db": f["anisotropy"],
                "peak": f["peak"],
                "peak_frequency_cycles_per_pixel": f["peak_frequency"],
                "rapsd_db": f["rapsd"],
            }
            for f in (levels[k] for k in NAMED)
            if f
        ],
    }
    return {
        "file": path,
        "width_pixels": values.shape[1],
        "height_pixels": values.shape[0],
        "low_power_radii_cycles_per_pixel": RADII,
        "low_power_db": [float(db(plane.mean(power, plane.f <= radius + EDGE))) for radius in RADII],
        "flatness_db": plane.flatness(power),
        "anisotropy_db": plane.anisotropy(power),
        "patterns": patterns,
        "ramp_sigma_pixels": 1.5,
        "ramp_bits": [1, 2],
        "ramp_psnr_db": [ramp(values, bits) for bits in (1, 2)],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--width", type=int)
    parser.add_argument("--height", type=int)
    parser.add_argument("files", nargs="+")
    args = parser.parse_args()
    records = [measure(path, args.width, args.height) for path in args.files]
    text = json.dumps(records, indent=2)
    sys.stdout.write(text.replace("NaN", "null") + "\n")


if __name__ == "__main__":
    main()
