"""What to make: configurations, recipes, presets."""

from __future__ import annotations

import functools
import operator
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from . import _native
from ._plain import Stage
from .records import Distribution, Filters, Profile, Shape, Start

_STAGES = {kind.kind: kind for kind in Stage.__subclasses__()}

# Options of the command `generate` that say what a mask is, by their names here. Those of files and of the run are arguments of
# functions.
_OPTIONS = (
    "steps", "distribution", "gaussian_sigma", "space_filter", "time_filter", "separate", "beta", "sigma", "mix", "levels",
    "initial_fraction", "cutoff", "weights", "profile", "profile_weight", "optimizer", "step_size", "momentum", "ranks",
)  # fmt: skip


@dataclass(frozen=True)
class Recipe:
    """A run: 1 to 8 stages one after the other, then a step that ranks the values exactly."""

    stages: tuple[Stage, ...]
    """The stages, from `bluegrad.records`."""
    start: Start = Start.NOISE
    """What the first stage starts from."""
    profile: Profile = Profile()
    """Target of the profile term; read only if a stage gives that term weight."""
    filters: Filters = Filters()
    """Filters that the mask is made for; read only by the stages `FilterFill` and `FilterPolish`."""

    def refining(self) -> Recipe:
        """The recipe that refines a given mask: without the stages that place every pixel anew."""
        return _recipe_of(_native.refining(_recipe_parts(self)))


@dataclass(frozen=True)
class Config:
    """All that a mask depends on. The same configuration and `ALGORITHM_VERSION` give the same bytes everywhere."""

    shape: Shape
    """Width, height, layers and channels."""
    recipe: Recipe
    """Stages of the run."""
    seed: int = 0
    """Seed of all that is random, 0 to 2**64 - 1."""
    distribution: Distribution = field(default=Distribution(), repr=False)
    """Distribution of the values."""
    level: str = "auto"
    """SIMD level, one of `LEVELS`: it changes the speed only."""


@dataclass(frozen=True)
class Preset:
    """A recipe that comes with the library."""

    name: str
    purpose: str
    """What the preset is for, in one line."""
    recipe: Recipe
    distribution: Distribution = field(repr=False)
    """Distribution of the values that the masks are made for."""


@functools.cache
def presets() -> dict[str, Preset]:
    """The presets by name, in the library's order: the first is the default."""
    parts = ((name, purpose, _recipe_of(recipe), Distribution.from_bytes(distribution))
             for name, purpose, recipe, distribution in _native.presets())  # fmt: skip
    return {name: Preset(name, purpose, recipe, distribution) for name, purpose, recipe, distribution in parts}


def config(
    size: int | Sequence[int],
    *,
    preset: str | Preset | None = None,
    recipe: Recipe | None = None,
    seed: int = 0,
    channels: int | None = None,
    level: str = "auto",
    **options: Any,
) -> Config:
    """The configuration of a mask, from the same arguments as `generate`. Raises as `generate` does."""
    shape, _ = shape_of(size, channels)
    seed = whole("seed", seed, 0, 2**64 - 1)
    for name in options:
        if name not in _OPTIONS:
            raise TypeError(f"{name}: no such option; there are {', '.join(_OPTIONS)}")
    options = {name: value for name, value in options.items() if value is not None}
    if isinstance(preset, Preset):
        preset = preset.name
    if recipe is not None:
        if preset is not None or options:
            raise TypeError(f"{'preset' if preset is not None else next(iter(options))}: a recipe says all of a mask; leave it out")
        if not isinstance(recipe, Recipe):
            raise TypeError(f"recipe is {recipe!r}: it must be a bluegrad.Recipe")
        return Config(shape, recipe, seed, level=level)
    words = [f"--width={shape.width}", f"--height={shape.height}", f"--seed={seed}", f"--level={level}"]
    words += [f"--layers={shape.layers}"] * (shape.layers != 1) + [f"--channels={shape.channels}"] * (shape.channels != 1)
    words += [f"--preset={preset}"] * (preset is not None)
    for name, value in options.items():
        text = ",".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value)
        words.append(f"--{name.replace('_', '-')}={text}")
    try:
        return config_of(_native.configuration(words))
    except ValueError as error:
        raise ValueError(_python_names(str(error))) from None


def _python_names(line: str) -> str:
    """An error of the command line with the names of options as they are here."""
    for name in sorted((*_OPTIONS, "width", "height", "seed", "level", "layers", "channels", "preset"), key=len, reverse=True):
        line = line.replace("--" + name.replace("_", "-"), name)
    return line


def whole(name: str, value: object, least: int, most: int) -> int:
    """A whole number of any type, within limits."""
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f"{name} is {value!r}: it must be a whole number") from None
    if not least <= number <= most:
        raise ValueError(f"{name} is {number}: it must be from {least} to {most}")
    return number


def shape_of(size: int | Sequence[int], channels: int | None) -> tuple[Shape, tuple[int, ...]]:
    """The shape of (H, W), (L, H, W) or (L, H, W, C), a number as a square; and the axes of the array."""
    sides: tuple[Any, ...]
    try:
        sides = tuple(size)  # type: ignore[arg-type]
    except TypeError:
        sides = (size, size)
    if not 2 <= len(sides) <= 4:
        raise ValueError(f"size has {len(sides)} axes: it must be a number, (H, W), (L, H, W) or (L, H, W, C)")
    if len(sides) == 4:
        if channels is not None:
            raise TypeError("channels: a size of four axes has them; leave one of both out")
        *sides, channels = sides  # type: ignore[assignment]
    sides = tuple(whole("size", side, 0, 2**32 - 1) for side in sides)
    *layers, height, width = sides
    count = 1 if channels is None else whole("channels", channels, 1, 4)
    shape = Shape(width=width, height=height, layers=layers[0] if layers else 1, channels=count)
    return shape, sides if channels is None else (*sides, count)


def _recipe_parts(recipe: Recipe) -> tuple[list[bytes], int, bytes, bytes]:
    if not isinstance(recipe, Recipe):
        raise TypeError(f"recipe is {recipe!r}: it must be a bluegrad.Recipe")
    for stage in recipe.stages:
        if not isinstance(stage, Stage):
            raise TypeError(f"{stage!r} is no stage: take one of bluegrad.records")
    stages = [int(stage.kind).to_bytes(4, sys.byteorder) + bytes(stage) for stage in recipe.stages]
    return stages, int(recipe.start), bytes(recipe.profile), bytes(recipe.filters)


def _recipe_of(parts: tuple[list[bytes], int, bytes, bytes]) -> Recipe:
    stages, start, profile, filters = parts
    kinds = (_STAGES[int.from_bytes(stage[:4], sys.byteorder)].from_bytes(stage[4:]) for stage in stages)
    return Recipe(tuple(kinds), Start(start), Profile.from_bytes(profile), Filters.from_bytes(filters))


def config_parts(config: Config) -> tuple[Any, ...]:
    """The form of the native module."""
    if not isinstance(config, Config):
        raise TypeError(f"config is {config!r}: it must be a bluegrad.Config")
    shape = config.shape
    sides = [whole(f"Shape.{name}", getattr(shape, name), 0, 2**32 - 1) for name in ("width", "height", "layers", "channels")]
    seed = whole("seed", config.seed, 0, 2**64 - 1)
    return sides, seed, config.level, bytes(config.distribution), _recipe_parts(config.recipe)


def config_of(parts: tuple[Any, ...]) -> Config:
    """The configuration of the native module."""
    (width, height, layers, channels), seed, level, distribution, recipe = parts
    shape = Shape(width=width, height=height, layers=layers, channels=channels)
    return Config(shape, _recipe_of(recipe), seed, Distribution.from_bytes(distribution), level)


def refining(config: Config) -> Config:
    """The configuration that refines a given mask."""
    return replace(config, recipe=config.recipe.refining())
