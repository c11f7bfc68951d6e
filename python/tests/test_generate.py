"""`generate` and `Generator`: shapes, types, options, progress, snapshots."""

import dataclasses
import pickle
import signal

import numpy as np
import pytest

import bluegrad
from bluegrad import records


def test_types_follow_from_the_ranks():
    ranks = bluegrad.generate((24, 40), dtype=np.uint32).astype(np.uint64)
    n = ranks.size
    assert np.array_equal(np.sort(ranks, axis=None), np.arange(n))
    assert np.array_equal(bluegrad.generate((24, 40)), 256 * ranks // n)
    assert np.array_equal(bluegrad.generate((24, 40), dtype="uint16"), 65536 * ranks // n)
    unit = bluegrad.generate((24, 40), dtype="f4")
    assert unit.dtype == np.float32 and np.array_equal(unit, ((ranks + 0.5) / n).astype(np.float32))
    signed = bluegrad.generate((24, 40), dtype=np.float32, range="signed")
    assert np.array_equal(signed, (2 * ((ranks + 0.5) / n) - 1).astype(np.float32))


@pytest.mark.parametrize(
    ("size", "channels", "shape"),
    [
        (16, None, (16, 16)),
        (np.int64(16), None, (16, 16)),
        ((8, 24), None, (8, 24)),
        ((3, 8, 24), None, (3, 8, 24)),
        ((3, 8, 24, 2), None, (3, 8, 24, 2)),
        ((8, 24), 4, (8, 24, 4)),
        (8, 1, (8, 8, 1)),
        ((2, 8, 8), 2, (2, 8, 8, 2)),
    ],
)
def test_shapes(size, channels, shape):
    assert bluegrad.generate(size, channels=channels).shape == shape


def test_a_size_of_four_axes_keeps_axes_of_one():
    assert bluegrad.generate((1, 8, 8, 2)).shape == (1, 8, 8, 2)
    assert bluegrad.generate((2, 8, 8, 1)).shape == (2, 8, 8, 1)
    assert bluegrad.generate((1, 8, 8)).shape == (1, 8, 8)


def test_layers_have_their_preset_by_default():
    default = bluegrad.generate((4, 16, 16), seed=3)
    assert np.array_equal(default, bluegrad.generate((4, 16, 16), seed=3, preset="space-time"))
    assert not np.array_equal(default, bluegrad.generate((4, 16, 16), seed=3, preset="dither"))


def test_options_are_those_of_the_command():
    recipe = bluegrad.config(64, sigma=1.5, levels=4).recipe
    assert [type(stage) for stage in recipe.stages] == [records.Fill, records.Polish, records.Swap]
    assert recipe.stages[2].levels == 4
    cutoff = bluegrad.config(64, preset="spectral", cutoff=0.3, weights=(0.2, 0.02, 2)).recipe.stages[0]
    assert (cutoff.cutoff, cutoff.low_band.weight, cutoff.smoothness.weight) == (0.3, 0.2, 0.02)
    filters = bluegrad.config((4, 16, 16), space_filter="box:3", time_filter="ema:0.1").recipe.filters
    assert (filters.space.kind, filters.space.size, filters.time.alpha) == (records.SpaceKind.BOX, 3, 0.1)


def test_presets_are_the_tables_of_the_core():
    presets = bluegrad.presets()
    assert next(iter(presets)) == "dither" and len(presets) >= 13
    for name, preset in presets.items():
        size = (4, 64, 64) if name.startswith("space-time") else 64
        made = bluegrad.config(size, preset=name)
        assert made.recipe == preset.recipe and made.distribution == preset.distribution and preset.purpose
        assert pickle.loads(pickle.dumps(made)) == made
        again = bluegrad.Generator(made).config
        assert dataclasses.replace(again, level="auto") == made
    assert np.array_equal(bluegrad.generate(16, preset=presets["dither-fast"]), bluegrad.generate(16, preset="dither-fast"))
    assert np.array_equal(bluegrad.generate(16, recipe=presets["dither-fast"].recipe), bluegrad.generate(16, preset="dither-fast"))


def test_a_mask_is_refined():
    start = bluegrad.generate(32, preset="void-and-cluster", dtype=np.uint32)
    refined = bluegrad.generate(32, init=start, dtype=np.uint32)
    assert np.array_equal(np.sort(refined, axis=None), np.arange(1024))
    before, after = (bluegrad.measure(mask)["patterns"]["hvs_error_mean_db"][3] for mask in (start, refined))
    assert after < before - 0.3
    # only the order counts, whatever the type and the memory
    for same in (
        start.astype(np.float64) * 1e9 - 5,
        np.asfortranarray(start),
        start.astype(np.uint16)[::-1][::-1],
        start + np.uint32(2**31),
    ):
        same.flags.writeable = False
        assert np.array_equal(bluegrad.generate(32, init=same, dtype=np.uint32), refined)


def test_progress_begins_and_ends():
    reports = []
    bluegrad.generate(32, progress=reports.append)
    assert (reports[0].step, reports[0].done) == (0, False)
    assert reports[-1].done and reports[-1].step == reports[-1].steps
    assert [report.step for report in reports] == sorted(report.step for report in reports)


class Stop(Exception):
    pass


def stop(report):
    raise Stop


def test_an_exception_in_progress_stops_the_run_which_goes_on():
    with pytest.raises(Stop):
        bluegrad.generate(32, progress=stop)
    generator = bluegrad.Generator(bluegrad.config(32, preset="published"))
    reports = []

    def stop_at_the_second(report):
        reports.append(report)
        if len(reports) == 2:
            raise Stop

    with pytest.raises(Stop):
        generator.run(progress=stop_at_the_second)
    assert 0 < generator.report.step < generator.report.steps
    assert generator.report == reports[-1]
    # what a stopped run has done is what as many steps do
    other = bluegrad.Generator(generator.config)
    other.step(generator.report.step)
    assert other.snapshot() == generator.snapshot()


def test_a_signal_stops_a_long_run():
    generator = bluegrad.Generator(bluegrad.config(512, preset="published"))

    def interrupt(report):
        if report.step:
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        generator.run(progress=interrupt)
    assert not generator.report.done


def test_a_progress_function_may_look_at_its_generator():
    generator = bluegrad.Generator(bluegrad.config(32))
    seen = []
    generator.run(progress=lambda report: seen.append((generator.report == report, generator.values().shape)))
    assert set(seen) == {(True, (32, 32))}


def test_threads_make_the_same_mask():
    config = bluegrad.config(256)
    masks = []
    for threads in (1, 2, 3):
        generator = bluegrad.Generator(config)
        generator.run(threads=threads)
        masks.append(generator.mask(np.uint32))
    assert np.array_equal(masks[0], masks[1]) and np.array_equal(masks[0], masks[2])


@pytest.mark.parametrize("preset", ["dither", "spectral", "void-and-cluster"])
def test_snapshots_go_on(preset):
    config = bluegrad.config(64, preset=preset, **({"steps": 30} if preset == "spectral" else {}))
    generator = bluegrad.Generator(config)
    generator.step(3)
    snapshot = generator.snapshot()
    assert isinstance(snapshot, bytes)
    opened = bluegrad.Generator.open(snapshot)
    assert (opened.report, opened.config) == (generator.report, generator.config)
    copied = pickle.loads(pickle.dumps(generator))
    for run in (generator, opened, copied, bluegrad.Generator.open(memoryview(bytearray(snapshot)))):
        run.run()
        assert np.array_equal(
            run.mask(np.uint32),
            bluegrad.generate(64, **({"steps": 30} if preset == "spectral" else {}), preset=preset, dtype=np.uint32),
        )


def test_values_and_losses():
    generator = bluegrad.Generator(bluegrad.config((16, 32), preset="spectral", steps=10))
    first = generator.values()
    assert first.shape == (16, 32) and first.dtype == np.float32 and np.abs(first).max() <= 1
    stage = generator.config.recipe.stages[0]
    losses = generator.evaluate(stage)
    # the histogram term by its formula: distance to the wanted values of the ranks
    order = np.argsort(first, axis=None, kind="stable")
    wanted = np.empty(512)
    wanted[order] = np.linspace(-1, 1, 512)
    distance = ((first.astype(np.float64).ravel() - wanted) ** 2).sum()
    assert losses["histogram"] == pytest.approx(stage.histogram.weight * distance, rel=1e-4)
    report = generator.step()
    assert set(report.losses) == set(losses) and report.gradient_norm > 0
    generator.run()
    assert np.allclose(np.sort(generator.values(), axis=None), np.linspace(-1, 1, 512), atol=1e-6)


def test_the_distribution_of_a_preset_is_that_of_its_values():
    noise = bluegrad.generate(64, preset="triangular", dtype=np.float32, range="signed").astype(np.float64)
    u = (np.arange(4096) + 0.5) / 4096
    wanted = np.where(u < 0.5, np.sqrt(2 * u) - 1, 1 - np.sqrt(2 * (1 - u)))
    assert np.allclose(np.sort(noise, axis=None), wanted, atol=1e-7)
