"""The open questions of Wronski 2020 over any number of seeds: a sweep, then means with their standard errors.

    python questions.py FOLDER [--seeds 1000] [--scheduler tcp://HOST:8786] [--quick]

Each question is that of the same heading in docs/questions.md, with its configurations; a row of the tables is a configuration. A
sweep that is stopped goes on when it is started again. `--quick` leaves out the two slowest questions: optimisers, and layers.
"""

import argparse
import dataclasses
import pathlib

import numpy as np

import bluegrad
from bluegrad.records import Curve, Knot, Method, Optimizer, Profile, Schedule, Spectral, Term

GREY = ("low_power_db", "flatness_db", "anisotropy_db", "patterns.low_frequency_db", "patterns.hvs_error_mean_db")
STRUCTURE = ("patterns.rms_thousandths", "patterns.peak_mean", "patterns.peak_worst")
# of the grey levels 1/2, and 1/4 and 3/4
LEVELS = ("patterns.levels.5.hvs_error_db", "patterns.levels.4.hvs_error_db", "patterns.levels.6.hvs_error_db")
LAYERS = tuple(f"each_channel.0.{name}_db" for name in ("space", "time", "accumulated"))


def constant(value):
    return Schedule(curve=Curve.CONSTANT, start=value, end=value)


def spectral(target=None, **changes):
    """The preset `spectral` with a changed stage, and a radial profile for the term of that name."""
    recipe = bluegrad.presets()["spectral"].recipe
    recipe = dataclasses.replace(recipe, stages=(dataclasses.replace(recipe.stages[0], **changes),))
    return bluegrad.config(64, recipe=recipe if target is None else dataclasses.replace(recipe, profile=target))


def descent(method, momentum, step, histogram, part=None):
    """The published loss, by another optimiser, for 2000 steps; with fixed factors of `part`, or random ones."""
    factors = {"low_band": 0.1, "smoothness": 0.01, "histogram": 2.2}
    terms = {name: Term(weight=weight * (part or 1), randomized=part is None) for name, weight in factors.items()}
    optimizer = Optimizer(method=method, momentum=momentum)
    sizes = {"step_size": constant(step), "histogram_step_size": constant(histogram)}
    return bluegrad.config(64, recipe=bluegrad.Recipe((Spectral(steps=2000, optimizer=optimizer, **sizes, **terms),)))


def losses(_, config):
    """The published loss, all factors 1, after 100, 500 and 2000 steps."""
    published = Spectral()
    generator, done, found = bluegrad.Generator(config), 0, {}
    for steps in (100, 500, 2000):
        generator.step(steps - done)
        done = steps
        found[f"loss_{steps}"] = sum(generator.evaluate(published).values())
    return found


def profile(*knots):
    return Profile(knots=tuple(Knot(frequency=frequency, amplitude=amplitude) for frequency, amplitude in knots))


def questions():
    """Heading → configurations and figures."""
    distributions = {}
    for kind in ("uniform", "triangular", "gaussian"):
        for preset in ("spectral", "dither"):
            distributions[f"{preset}, {kind}"] = {"size": 64, "preset": preset, "distribution": kind}
    balance = {}
    for low in (0.1, 1, 10):
        for histogram in (0.1, 1, 10):
            weights = {"low_band": Term(weight=0.1 * low), "histogram": Term(weight=2.2 * histogram)}
            sizes = {"steps": 1000, "step_size": constant(1.0), "histogram_step_size": constant(0.01)}
            balance[f"low band x {low}, histogram x {histogram}"] = spectral(**sizes, **weights)
    aims = {
        "blue": profile((0.25, 0), (0.45, 1)),
        "band": profile((0.1, 0), (0.2, 1), (0.3, 1), (0.4, 0)),
        "linear": profile((0, 0), (0.7072, 1)),
    }
    terms = {"low_band": Term(weight=0.0), "smoothness": Term(weight=0.0), "profile": Term(weight=0.03)}
    aimed = {name: spectral(target, **terms) for name, target in aims.items()}
    ball, plain, adam = Method.HEAVY_BALL, Method.GRADIENT_DESCENT, Method.ADAM
    optimisers = {
        "gradient descent (6; 0.1)": descent(plain, 0.9, 6.0, 0.1, 1),
        "heavy ball 0.9 (7; 0.2)": descent(ball, 0.9, 7.0, 0.2, 1),
        "heavy ball 0.97 (4; 0.1)": descent(ball, 0.97, 4.0, 0.1, 1),
        "Adam (0.2; 0.006)": descent(adam, 0.9, 0.2, 0.006, 1),
        "gradient descent, published (0.7; 0.7), random": descent(plain, 0.9, 0.7, 0.7),
        "gradient descent, published (0.7; 0.7), 1/2": descent(plain, 0.9, 0.7, 0.7, 0.5),
        "heavy ball 0.97 (2; 0.02), random": descent(ball, 0.97, 2.0, 0.02),
        "heavy ball 0.97 (2; 0.02), 1/2": descent(ball, 0.97, 2.0, 0.02, 0.5),
    }
    layers = {
        "space-time": {"size": (16, 64, 64)},
        "filters": {"size": (16, 64, 64), "space_filter": "gauss:1.3435", "time_filter": "exponential:.1,.1"},
        "dither, independent": {"size": (16, 64, 64), "preset": "dither"},
    }
    presets = ("dither", "dither-classic", "spectral", "void-and-cluster")
    few = {f"dither, {levels} levels": {"size": 64, "levels": levels} for levels in (2, 4)}
    few |= {name: {"size": 64, "preset": name} for name in ("dither", "void-and-cluster")}
    return {
        "Triangular or Gaussian values?": (distributions, GREY),
        "Which cut-off?": ({f"{cutoff}": spectral(cutoff=cutoff) for cutoff in (0.1, 0.2, 0.3, 0.42, 0.5, 0.6)}, GREY),
        "How to balance the terms?": (balance, GREY),
        "Is smoothness worth it?": ({f"{weight}": spectral(smoothness=Term(weight=weight)) for weight in (0.0, 0.001, 0.01)}, GREY),
        "A target for each bucket instead?": (aimed, GREY),
        "Do better optimisers converge faster? What are the random factors good for?": (optimisers, losses),
        "More dimensions?": (layers, LAYERS),
        "Both objectives against void-and-cluster": ({name: {"size": 64, "preset": name} for name in presets}, GREY + STRUCTURE),
        "Masks for few levels": (few, LEVELS),
    }


def means(table, name):
    """A line for each figure: mean and standard error over the seeds."""
    rows = [row for row in table.to_pylist() if row["name"] == name]
    own = ("name", "key", "config", "algorithm_version", "seed", "sha256")
    for figure in (column for column in table.column_names if column not in own):
        values = np.array([row[figure] for row in rows], np.float64)
        error = values.std(axis=0, ddof=1) / len(rows) ** 0.5 if len(rows) > 1 else np.full(values.shape[1:], np.nan)
        pairs = zip(np.atleast_1d(values.mean(axis=0)), np.atleast_1d(error))
        print(f"    {figure}: " + ", ".join(f"{mean:.4g} ± {error:.1g}" for mean, error in pairs))


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--seeds", type=int, default=1000)
    arguments.add_argument("--scheduler", help="address of a Dask scheduler; by default processes of this machine")
    arguments.add_argument("--quick", action="store_true")
    chosen = arguments.parse_args()
    for number, (heading, (configs, figures)) in enumerate(questions().items()):
        if chosen.quick and (figures is losses or figures is LAYERS):
            continue
        folder = chosen.folder / f"question-{number}"
        table = bluegrad.sweep(configs, range(chosen.seeds), folder, figures=figures, client=chosen.scheduler)
        print(f"\n{heading}  ({chosen.seeds} seeds)")
        for name in configs:
            print(f"  {name}")
            means(table, name)


if __name__ == "__main__":
    main()
