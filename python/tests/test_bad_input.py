"""Bad input is one of Python's own errors, of one line."""

import dataclasses
import subprocess
import sys
import threading

import numpy as np
import pytest

import bluegrad
from bluegrad import records

MASK = np.arange(256, dtype=np.uint8).reshape(16, 16)
PICTURE = np.zeros((10, 12), np.uint8)
RGB = np.zeros((10, 12, 3), np.uint8)


def fill(**changes):
    return bluegrad.Recipe((dataclasses.replace(bluegrad.presets()["dither"].recipe.stages[0], **changes),))


@pytest.mark.parametrize(
    ("error", "says", "call"),
    [
        (ValueError, "from 8 to 4096", lambda: bluegrad.generate(7)),
        (ValueError, "from 8 to 4096", lambda: bluegrad.generate((64, 4097))),
        (ValueError, "size is -1", lambda: bluegrad.generate(-1)),
        (ValueError, "size is 1000000000000000", lambda: bluegrad.generate(10**15)),
        (TypeError, "whole number", lambda: bluegrad.generate(64.0)),
        (TypeError, "whole number", lambda: bluegrad.generate("64")),
        (TypeError, "whole number", lambda: bluegrad.generate(None)),
        (ValueError, "size has 5 axes", lambda: bluegrad.generate((1, 2, 3, 4, 5))),
        (ValueError, "size has 1 axes", lambda: bluegrad.generate((64,))),
        (ValueError, "channels is 5", lambda: bluegrad.generate(64, channels=5)),
        (TypeError, "four axes", lambda: bluegrad.generate((2, 16, 16, 2), channels=2)),
        (ValueError, "layers", lambda: bluegrad.generate((257, 16, 16))),
        (ValueError, "layers", lambda: bluegrad.generate((0, 16, 16))),
        (ValueError, "more than 1073741824 elements", lambda: bluegrad.generate((256, 4096, 4096))),
        (ValueError, "seed is -1", lambda: bluegrad.generate(64, seed=-1)),
        (ValueError, "seed is 18446744073709551616", lambda: bluegrad.generate(64, seed=2**64)),
        (TypeError, "seed is 1.5", lambda: bluegrad.generate(64, seed=1.5)),
        (TypeError, "dtype is float64", lambda: bluegrad.generate(64, dtype=float)),
        (TypeError, "dtype is bool", lambda: bluegrad.generate(64, dtype=bool)),
        (TypeError, "", lambda: bluegrad.generate(64, dtype="nothing")),
        (ValueError, "range is 'both'", lambda: bluegrad.generate(64, range="both")),
        (ValueError, "dither-classic", lambda: bluegrad.generate(64, preset="ditherclassic")),
        (TypeError, "blur: no such option", lambda: bluegrad.generate(64, blur=1)),
        (ValueError, "sigma is 0.1", lambda: bluegrad.generate(64, sigma=0.1)),
        (ValueError, "'wide' for 'sigma", lambda: bluegrad.generate(64, sigma="wide")),
        (ValueError, "sigma: the preset spectral", lambda: bluegrad.generate(64, preset="spectral", sigma=1.26)),
        (ValueError, "power of two", lambda: bluegrad.generate(48, preset="spectral")),
        (ValueError, "level fast", lambda: bluegrad.Generator(dataclasses.replace(bluegrad.config(16), level="fast"))),
        (ValueError, "neon", lambda: bluegrad.generate(64, level="neon" if "neon" not in bluegrad.LEVELS else "avx2 or neon")),
        (ValueError, "threads is 0", lambda: bluegrad.generate(64, threads=0)),
        (ValueError, "threads is 2000", lambda: bluegrad.generate(64, threads=2000)),
        (TypeError, "not callable", lambda: bluegrad.generate(64, progress=1)),
        (TypeError, "leave it out", lambda: bluegrad.generate(64, recipe=fill(), sigma=1)),
        (TypeError, "must be a bluegrad.Recipe", lambda: bluegrad.generate(64, recipe="dither")),
        (ValueError, "Fill.radius is -1", lambda: bluegrad.generate(64, recipe=fill(radius=-1))),
        (ValueError, "fill.sigma is NaN", lambda: bluegrad.generate(64, recipe=fill(sigma=float("nan")))),
        (ValueError, "Fill.sigma is 1e+300", lambda: bluegrad.generate(64, recipe=fill(sigma=1e300))),
        (TypeError, "Fill.sigma is 'x'", lambda: bluegrad.generate(64, recipe=fill(sigma="x"))),
        (TypeError, "must be a Coupling", lambda: bluegrad.generate(64, recipe=fill(coupling=1))),
        (ValueError, "0 stages", lambda: bluegrad.generate(64, recipe=bluegrad.Recipe(()))),
        (ValueError, "9 stages", lambda: bluegrad.generate(64, recipe=bluegrad.Recipe(fill().stages * 9))),
        (TypeError, "no stage", lambda: bluegrad.generate(64, recipe=bluegrad.Recipe((records.Filters(),)))),
        (ValueError, "2 elements: it must have 3", lambda: bytes(records.Mixture(sigma=(1, 1), weight=(1, 1)))),
        (ValueError, "at most 32", lambda: bytes(records.Taps(weights=(1.0,) * 33))),
        (TypeError, "must be a bluegrad.Config", lambda: bluegrad.Generator(64)),
        (ValueError, "init has shape (8, 8)", lambda: bluegrad.generate(16, init=np.zeros((8, 8)))),
        (ValueError, "init has shape (256,)", lambda: bluegrad.generate(16, init=MASK.ravel())),
        (TypeError, "init has dtype complex128", lambda: bluegrad.generate(16, init=MASK * 1j)),
        (TypeError, "init has dtype <U1", lambda: bluegrad.generate(16, init=np.full((16, 16), "x"))),
        (ValueError, "not finite", lambda: bluegrad.generate(16, init=np.full((16, 16), np.nan))),
        (ValueError, "finite", lambda: bluegrad.generate(16, init=np.full((16, 16), np.inf, np.float32))),
        (ValueError, "places every pixel anew", lambda: bluegrad.generate(16, init=MASK, preset="void-and-cluster")),
        (ValueError, "no usable generator", lambda: bluegrad.Generator.open(b"")),
        (ValueError, "no usable generator", lambda: bluegrad.Generator.open(bytes(4096))),
        (TypeError, "", lambda: bluegrad.Generator.open(7)),
        (TypeError, "whole number", lambda: bluegrad.Generator(bluegrad.config(16)).step(1.5)),
        (ValueError, "steps is -1", lambda: bluegrad.Generator(bluegrad.config(16)).step(-1)),
        (RuntimeError, "not done: 0 of", lambda: bluegrad.Generator(bluegrad.config(16)).mask()),
        (ValueError, "no stage of the spectral", lambda: bluegrad.Generator(bluegrad.config(16)).evaluate(records.Spectral())),
        (TypeError, "records.Spectral", lambda: bluegrad.Generator(bluegrad.config(16)).evaluate(None)),
        (ValueError, "the mask has shape (4,)", lambda: bluegrad.measure([1, 2, 3, 4])),
        (ValueError, "from 8 to 4096", lambda: bluegrad.measure(np.eye(4))),
        (ValueError, "every pixel is 0", lambda: bluegrad.measure(np.zeros((16, 16)))),
        (ValueError, "must be finite", lambda: bluegrad.measure(np.full((16, 16), np.nan))),
        (TypeError, "dtype object", lambda: bluegrad.measure([[None] * 16] * 16)),
        (TypeError, "dtype bool", lambda: bluegrad.measure(np.eye(16, dtype=bool))),
        (ValueError, "channels", lambda: bluegrad.measure(np.zeros((8, 16, 16, 9)))),
        (ValueError, "gauss", lambda: bluegrad.measure(np.stack([MASK, MASK]), space_filter="round:1")),
        (TypeError, "dtype int64", lambda: bluegrad.dither(PICTURE.astype(np.int64))),
        (TypeError, "dtype bool", lambda: bluegrad.dither(PICTURE > 0)),
        (ValueError, "(10, 12, 4)", lambda: bluegrad.dither(np.zeros((10, 12, 4), np.uint8))),
        (ValueError, "(12,)", lambda: bluegrad.dither(PICTURE[0])),
        (ValueError, "levels is 1", lambda: bluegrad.dither(PICTURE, 1)),
        (ValueError, "levels is 257", lambda: bluegrad.dither(PICTURE, 257)),
        (ValueError, "levels has 2 numbers", lambda: bluegrad.dither(RGB, (2, 2))),
        (TypeError, "leave one out", lambda: bluegrad.dither(RGB, 2, palette="cga")),
        (ValueError, "output value 1", lambda: bluegrad.dither(PICTURE, values=[9, 9])),
        (ValueError, "from 0 to 255", lambda: bluegrad.dither(PICTURE, values=[0, 256])),
        (ValueError, "from 0 to 255", lambda: bluegrad.dither(PICTURE, values=[0, float("nan")])),
        (ValueError, "1 levels", lambda: bluegrad.dither(PICTURE, values=[9])),
        (ValueError, "values has shape", lambda: bluegrad.dither(PICTURE, values=[[9]])),
        (ValueError, "built in are", lambda: bluegrad.dither(RGB, palette="rainbow")),
        (ValueError, "a palette wants (H, W, 3)", lambda: bluegrad.dither(PICTURE, palette="cga")),
        (ValueError, "1 colours", lambda: bluegrad.dither(RGB, palette=bluegrad.Palette(((0, 0, 0),)))),
        (ValueError, "are the same", lambda: bluegrad.dither(RGB, palette=bluegrad.Palette(((0, 0, 0),) * 2))),
        (ValueError, "colors is 256", lambda: bluegrad.dither(RGB, palette=bluegrad.Palette(((0, 0, 0), (0, 0, 256))))),
        (ValueError, "three codes", lambda: bluegrad.dither(RGB, palette=bluegrad.Palette(((0, 0), (1, 1))))),
        (ValueError, "10 nodes", lambda: bluegrad.dither(RGB, palette=bluegrad.Palette(((0, 0, 0), (9, 9, 9)), nodes=10))),
        (ValueError, "grain", lambda: bluegrad.dither(RGB, palette=bluegrad.Palette(((0, 0, 0), (9, 9, 9)), grain=2))),
        (ValueError, "fit is 'all'", lambda: bluegrad.dither(RGB, palette=bluegrad.Palette(((0, 0, 0), (9, 9, 9)), fit="all"))),
        (ValueError, "every pixel is 0", lambda: bluegrad.dither(PICTURE, mask=np.zeros((8, 8)))),
        (ValueError, "must be (H, W)", lambda: bluegrad.dither(PICTURE, mask=np.zeros((2, 8, 8)))),
        (ValueError, "from 1 to 4096", lambda: bluegrad.dither(PICTURE, mask=np.zeros((0, 8)))),
        (ValueError, "from 1 to 4096", lambda: bluegrad.dither(PICTURE, mask=np.zeros((1, 4097)))),
    ],
)
def test_refused(error, says, call):
    with pytest.raises(error) as caught:
        call()
    line = str(caught.value)
    assert says in line and "\n" not in line and type(caught.value) is error


def test_after_the_end_nothing_happens():
    generator = bluegrad.Generator(bluegrad.config(16))
    end = generator.run()
    snapshot = generator.snapshot()
    assert generator.step() == generator.run() == generator.step(0) == end
    assert generator.snapshot() == snapshot


def test_damaged_snapshots_are_refused_or_run():
    generator = bluegrad.Generator(bluegrad.config(16))
    generator.step(2)
    good = generator.snapshot()
    for wrong in (good[:-1], good + b"x"):
        with pytest.raises(ValueError, match="needed|no usable"):
            bluegrad.Generator.open(wrong)
    random = np.random.default_rng(0)
    for _ in range(200):
        damaged = bytearray(good)
        for place in random.integers(0, len(good), 8):
            damaged[place] = random.integers(256)
        try:
            opened = bluegrad.Generator.open(bytes(damaged))
            if opened.report.steps < 1000:
                opened.run()
                opened.mask()
        except (ValueError, RuntimeError):
            pass


def test_a_generator_in_two_threads_is_an_error_in_one():
    """The second thread calls while the first is inside of a step, so steps do not hold the GIL."""
    generator = bluegrad.Generator(bluegrad.config(1024, preset="void-and-cluster"))
    errors, inside = [], threading.Event()
    stop = threading.Event()

    def enter(report):
        inside.set()
        if stop.is_set():
            raise KeyError

    def run():
        with pytest.raises(KeyError):
            generator.run(progress=enter)

    thread = threading.Thread(target=run)
    thread.start()
    inside.wait()
    # a call can come between two steps of the other thread: then it works, and the next is tried
    while not errors and thread.is_alive():
        try:
            _ = generator.report
        except RuntimeError as error:
            errors.append(str(error))
    stop.set()
    thread.join()
    assert "another thread" in errors[0] and "\n" not in errors[0]
    assert not generator.report.done


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process")
@pytest.mark.parametrize("call", ["generate(4096)", "generate((64, 1024, 1024))"])
def test_too_large_for_the_memory(call):
    program = f"""if True:
        import resource, bluegrad
        used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + (100 << 20),) * 2)
        try:
            bluegrad.{call}
        except MemoryError as error:
            print(error)
    """
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.returncode == 0 and "choose a smaller size" in ran.stdout, ran
