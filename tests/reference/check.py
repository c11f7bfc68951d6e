#!/usr/bin/env python3
"""Compares `bluegrad measure --json` with measure.py on masks of several sizes and kinds, to 0.01 dB.

    check.py BLUEGRAD       path of the program
"""

import json
import math
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

import measure

TOLERANCE = 0.01  # dB; of an RMS, thousandths; of a peak, white noise
FREQUENCY_TOLERANCE = 1e-9  # cycles/pixel: the same bin; of a grey level, the same level


def ranks(values):
    order = np.argsort(values, axis=None, kind="stable")
    result = np.empty(values.size, np.uint32)
    result[order] = np.arange(values.size, dtype=np.uint32)
    return result.reshape(values.shape)


def blue(seed, height, width):
    """High-pass noise, ranked and filtered again: bluer than white at every level."""
    plane = measure.Plane((height, width))
    values = np.random.default_rng(seed).random((height, width))
    high_pass = 1 - np.exp(-20 * plane.f**2)
    for _ in range(20):
        values = ranks(np.fft.ifft2(np.fft.fft2(values) * high_pass).real) / values.size
    return ranks(values)


def masks(folder):
    for i, (width, height) in enumerate([(64, 64), (48, 32), (17, 31), (8, 8), (37, 41)]):
        size = f"{width}x{height}"
        exact = blue(i, height, width)
        yield f"ranks-{size}", exact.astype("<u4")
        yield f"white-{size}", np.random.default_rng(i).random((height, width))
        yield f"bytes-{size}", (256 * exact.astype(int) // exact.size).astype(np.uint8)
    uneven = np.random.default_rng(9).integers(0, 40, (32, 48)) ** 2 // 8
    yield "uneven-48x32", uneven.astype(np.uint8)


def difference(path, ours, theirs):
    """Lines that say where two records differ."""
    if isinstance(theirs, dict):
        return [line for key in theirs for line in difference(f"{path}.{key}", ours[key], theirs[key])]
    if isinstance(theirs, list):
        if len(ours) != len(theirs):
            return [f"{path}: {len(ours)} values, reference {len(theirs)}"]
        return [line for i in range(len(theirs)) for line in difference(f"{path}[{i}]", ours[i], theirs[i])]
    if isinstance(theirs, str):
        return []
    ours = math.nan if ours is None else ours
    # below -200 dB there is rounding only
    tolerance = FREQUENCY_TOLERANCE if "peak_frequency" in path or "peak_worst_" in path else TOLERANCE
    same = abs(ours - theirs) <= tolerance or math.isnan(ours) and math.isnan(theirs) or max(ours, theirs) < -200
    return [] if same else [f"{path}: {ours}, reference {theirs}"]


def count(record):
    if isinstance(record, dict):
        return sum(count(value) for value in record.values())
    return sum(count(value) for value in record) if isinstance(record, list) else 1


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    wrong, figures = [], 0
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for name, values in masks(folder):
            path = f"{folder}/{name}.npy"
            np.save(path, values)
            paths.append(path)
        output = subprocess.run([program, "measure", "--json", *paths], check=True, capture_output=True, text=True)
        for path, ours in zip(paths, json.loads(output.stdout), strict=True):
            theirs = measure.measure(path, None, None)
            ours["patterns"]["levels"] = [level for level in ours["patterns"]["levels"] if 0 < level["density"] < 1]
            wrong += difference(pathlib.Path(path).stem, ours, theirs)
            figures += count(theirs)
    for line in wrong:
        print(line)
    print(f"{figures} figures of {len(paths)} masks, {len(wrong)} of them more than {TOLERANCE} apart")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
