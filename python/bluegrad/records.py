"""Recipes as plain data: stages, their parameters, filters, distributions.

`python/tools/records` writes this file from the core's types; field by field, the comments have ranges and units.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

from ._plain import FLOAT, WORD, Array, Layout, Plain, Stage


class StageKind(IntEnum):
    """Number of a stage's kind, which says whose parameters follow."""

    SPECTRAL = 0
    """Spectral objective."""

    FILL = 1
    """Void fill."""

    VOID_AND_CLUSTER = 2
    """Void-and-cluster."""

    FRONT = 3
    """Gradient descent behind a moving threshold."""

    POLISH = 4
    """Gradient descent on the energy of all thresholds."""

    SWAP = 5
    """Swaps for few levels."""

    FILTER_FILL = 6
    """Void fill with the kernel of the recipe's filters."""

    FILTER_POLISH = 7
    """Gradient descent on the error after the recipe's filters."""


class Method(IntEnum):
    """Rule that turns a gradient g into a step of the values x; s is the step size."""

    GRADIENT_DESCENT = 0
    """`x -= s*g`."""

    HEAVY_BALL = 1
    """Polyak's momentum (1964): `v = mu*v + s*g; x -= v`."""

    ADAM = 2
    """Kingma and Ba (2015): `m = beta1*m + (1-beta1)*g; v = beta2*v + (1-beta2)*g^2; x -= s*M/(sqrt(V) + epsilon)`, M and V:
    m and v without their bias.
    """


class Curve(IntEnum):
    """Course of a number from the first step of a stage to its last."""

    CONSTANT = 0
    """`start` at each step."""

    LINEAR = 1
    """In equal differences from `start` to `end`."""

    GEOMETRIC = 2
    """In equal ratios from `start` to `end`; linear where an end is 0."""


class Ranks(IntEnum):
    """Method by which the histogram term ranks the values."""

    EXACT = 0
    """Exact, by sorting."""

    BINNED = 1
    """By counting in bins, linear inside a bin: within about 1/1000, in a fifth of the time."""


class Law(IntEnum):
    """What a mask is for, by which a polish judges it."""

    THRESHOLDS = 0
    """Thresholds, and every use but the other one: a pattern is `value > t`."""

    ADDED = 1
    """Triangular noise n in (-1, 1) that is added to a picture before rounding: a pattern is `round(g + n)`."""


class DistributionKind(IntEnum):
    """Kind of a distribution of values in [-1, 1], by its quantile function Q(u)."""

    UNIFORM = 0
    """Each value equally often: `Q(u) = 2u - 1`."""

    TRIANGULAR = 1
    """The sum of two uniform values, halved: `Q(u) = sqrt(2u) - 1` for u < 1/2, else `1 - sqrt(2(1 - u))`."""

    GAUSSIAN = 2
    """A Gaussian of mean 0, cut off at -1 and 1: `Q(u) = sigma*P(Phi(-1/sigma) + u*(Phi(1/sigma) - Phi(-1/sigma)))`, P the
    inverse of Phi.
    """

    TABLE = 3
    """Quantiles from a table, linear between them."""


class Start(IntEnum):
    """What the first stage starts from."""

    NOISE = 0
    """Noise of the seed. A fill and void-and-cluster make their own order of the pixels and ignore it."""

    MASK = 1
    """A given mask, to refine it. No stage may be a fill or void-and-cluster."""


class SpaceKind(IntEnum):
    """Kind of a spatial filter."""

    GAUSSIAN = 0
    """Gaussian of `sigma` pixels, integrated over each pixel, cut at 4 sigma."""

    BOX = 1
    """Mean of `size` pixels."""

    BINOMIAL = 2
    """Mean of two neighbours, `size` times: weights are binomial coefficients."""

    TAPS = 3
    """The weights of `taps`."""


class TimeKind(IntEnum):
    """Kind of a temporal filter."""

    NONE = 0
    """No filter: each layer for itself."""

    EMA = 1
    """Exponential moving average: `alpha` of each new layer."""

    EXPONENTIAL = 2
    """Exponential moving average that starts anew at each layer with probability `beta` (FAST: Donnelly et al. 2024)."""

    GAUSSIAN = 3
    """Gaussian of `sigma` layers, integrated over each layer, cut at 4 sigma."""

    BOX = 4
    """Mean of `size` layers."""

    TAPS = 5
    """The weights of `taps`."""


class Combine(IntEnum):
    """How the filters in space and in time go together."""

    PRODUCT = 0
    """One after the other: what counts is the error after both."""

    SEPARATE = 1
    """Each for itself: what counts is the error after the one, times `weight`, and that after the other, times 1 - `weight`."""


@dataclass(frozen=True, kw_only=True)
class Optimizer(Plain):
    """Optimiser with its constants. The histogram term has a step size of its own."""

    method: Method = Method.GRADIENT_DESCENT
    """Rule of a step."""
    momentum: float = 0.9
    """mu of the heavy ball, beta1 of Adam: 0 to less than 1."""
    second_momentum: float = 0.999
    """beta2 of Adam: 0 to less than 1."""
    epsilon: float = 1e-08
    """epsilon of Adam: greater than 0."""

    layout: ClassVar[Layout] = (
        ("method", Method),
        ("momentum", FLOAT),
        ("second_momentum", FLOAT),
        ("epsilon", FLOAT),
    )


@dataclass(frozen=True, kw_only=True)
class Schedule(Plain):
    """Number that depends on the step: `f = step/(steps-1)` (0 if there is one step) goes from 0 to 1."""

    curve: Curve
    """Course between the ends."""
    start: float
    """Value at the first step."""
    end: float
    """Value at the last step."""

    layout: ClassVar[Layout] = (
        ("curve", Curve),
        ("start", FLOAT),
        ("end", FLOAT),
    )


@dataclass(frozen=True, kw_only=True)
class Term(Plain):
    """One term of a stage's loss."""

    weight: float
    """Factor in the loss, at least 0; 0 leaves the term out."""
    randomized: int = 0
    """Not 0: each step multiplies the factor by a fresh random number from 0 to 1."""

    layout: ClassVar[Layout] = (
        ("weight", FLOAT),
        ("randomized", WORD),
    )


@dataclass(frozen=True, kw_only=True)
class Mixture(Plain):
    """Kernel of weighted Gaussians: the sum of `weight/sigma^2*exp(-r^2/(2*sigma^2))` over them."""

    sigma: tuple[float, ...]
    """Standard deviations, 0.3 to 32 pixels; 1 for Gaussians left out."""
    weight: tuple[float, ...]
    """Weights, 0 to 1000000; 0 leaves a Gaussian out."""

    layout: ClassVar[Layout] = (
        ("sigma", Array(FLOAT, 3)),
        ("weight", Array(FLOAT, 3)),
    )


@dataclass(frozen=True, kw_only=True)
class Coupling(Plain):
    """Coupling of planes. A pixel of a plane acts on other layers at the same pixel, and on other channels of its layer.

    Layers repeat: the layer after the last is the first.
    """

    channel_weight: float = 0.12
    """Weight w of the spatial kernel in the other channels of the layer, 0 to 1. Read only with 2 channels or more."""
    time_weight: float = 0.0
    """Weight beta of the kernel in time, 0 (layers are independent) to 4, relative to the spatial kernel. Read only with 2
    layers or more.
    """
    time_radius: int = 0
    """Radius of the kernel in time, 0 to 16 layers."""
    time_kernel: Mixture = Mixture(sigma=(1.5, 1.0, 1.0), weight=(1.0, 0.0, 0.0))
    """Kernel in time, of the distance in layers."""

    layout: ClassVar[Layout] = (
        ("channel_weight", FLOAT),
        ("time_weight", FLOAT),
        ("time_radius", WORD),
        ("time_kernel", Mixture),
    )


@dataclass(frozen=True, kw_only=True)
class Spectral(Stage):
    """Steps of the spectral objective: the grey mask itself becomes blue. Sides are powers of two, 16 to 4096.

    The loss is the sum of the terms; the core's module `spectral` has the formula of each.
    """

    steps: int = 100000
    """Number of steps."""
    optimizer: Optimizer = Optimizer(method=Method.GRADIENT_DESCENT, momentum=0.9, second_momentum=0.999, epsilon=1e-08)
    """Rule of a step."""
    step_size: Schedule = Schedule(curve=Curve.CONSTANT, start=0.7, end=0.7)
    """Step size of the spectral terms, at least 0."""
    histogram_step_size: Schedule = Schedule(curve=Curve.CONSTANT, start=0.7, end=0.7)
    """Step size of the histogram term, at least 0."""
    low_band: Term = Term(weight=0.1, randomized=1)
    """Power below the cut-off."""
    cutoff: float = 0.41833
    """Cut-off of the low band, cycles/pixel, above 0 and up to 0.7071."""
    smoothness: Term = Term(weight=0.01, randomized=1)
    """Differences between the amplitudes of neighbouring bins."""
    profile: Term = Term(weight=0.0, randomized=0)
    """Distance of the amplitudes from the run's radial profile."""
    histogram: Term = Term(weight=2.2, randomized=1)
    """Distance of the values from the wanted distribution."""
    ranks: Ranks = Ranks.EXACT
    """Method of the histogram term's ranks."""
    projection_period: int = 0
    """Period, in steps, at which the values are replaced by the wanted values of their exact ranks; 0: never."""

    kind: ClassVar[int] = StageKind.SPECTRAL
    layout: ClassVar[Layout] = (
        ("steps", WORD),
        ("optimizer", Optimizer),
        ("step_size", Schedule),
        ("histogram_step_size", Schedule),
        ("low_band", Term),
        ("cutoff", FLOAT),
        ("smoothness", Term),
        ("profile", Term),
        ("histogram", Term),
        ("ranks", Ranks),
        ("projection_period", WORD),
    )


@dataclass(frozen=True, kw_only=True)
class Fill(Stage):
    """Integer void fill: places all pixels, each into the emptiest pixel that is left.

    One step places 1024 pixels.
    """

    sigma: float = 1.26
    """Standard deviation of a placed pixel's Gaussian, 0.5 to 4 pixels.

    Used from a tenth of the pixels on, multiplied by `1 + 20/n` on a mask of n pixels.
    """
    radius: int = 5
    """Radius of the kernel, 2 to 16 pixels."""
    narrow_weight: float = 0.0
    """Weight of a narrower Gaussian that is subtracted, 0 to 0.99."""
    narrow_sigma: float = 0.5
    """Standard deviation of that Gaussian, 0.3 pixels to `sigma`."""
    exact: int = 0
    """Not 0: take the emptiest pixel of the whole mask each time, not of a tile, and from a tenth of the pixels on without
    noise.
    """
    disorder: float = 1.0
    """Noise in the choice of each pixel, as a multiple of the usual noise: 0 to 2.5.

    Less noise makes sparse patterns more even and more like a lattice. With 0, which leaves ties alone to chance, masks of
    16 and 32 pixels are ordered dithers.
    """
    coupling: Coupling = Coupling(channel_weight=0.12, time_weight=0.0, time_radius=0, time_kernel=Mixture(sigma=(1.5, 1.0, 1.0), weight=(1.0, 0.0, 0.0)))
    """How the planes of a mask with layers or channels act on each other."""

    kind: ClassVar[int] = StageKind.FILL
    layout: ClassVar[Layout] = (
        ("sigma", FLOAT),
        ("radius", WORD),
        ("narrow_weight", FLOAT),
        ("narrow_sigma", FLOAT),
        ("exact", WORD),
        ("disorder", FLOAT),
        ("coupling", Coupling),
    )


@dataclass(frozen=True, kw_only=True)
class VoidAndCluster(Stage):
    """Exact void-and-cluster (Ulichney 1993).

    Takes 8 steps per 1024 pixels of the initial pattern, and one step per 1024 pixels of the mask.
    """

    sigma: float = 1.5
    """Standard deviation of the Gaussian, 0.5 to 8 pixels; Ulichney's choice is 1.5."""
    initial_fraction: float = 0.02
    """Part of the pixels in the initial random pattern, 0.000001 to 0.5."""

    kind: ClassVar[int] = StageKind.VOID_AND_CLUSTER
    layout: ClassVar[Layout] = (
        ("sigma", FLOAT),
        ("initial_fraction", FLOAT),
    )


@dataclass(frozen=True, kw_only=True)
class Front(Stage):
    """Pure gradient descent from any ranks: pixels below a rising threshold move to their local ranks."""

    steps: int = 0
    """Number of steps; each ends with exact ranks."""
    sigma: float = 1.43
    """Standard deviation of the kernel, 0.5 to 4 pixels."""
    radius: int = 4
    """Radius of the kernel's square window, 1 to 8 pixels."""
    step_size: float = 0.7
    """Step size s, 0.000001 to 2."""
    momentum: float = 0.3
    """Momentum mu, 0 to 0.99."""
    threshold: Schedule = Schedule(curve=Curve.LINEAR, start=0.01, end=1.0)
    """Threshold T, 0 to 1."""

    kind: ClassVar[int] = StageKind.FRONT
    layout: ClassVar[Layout] = (
        ("steps", WORD),
        ("sigma", FLOAT),
        ("radius", WORD),
        ("step_size", FLOAT),
        ("momentum", FLOAT),
        ("threshold", Schedule),
    )


@dataclass(frozen=True, kw_only=True)
class Polish(Stage):
    """Gradient descent with momentum on the all-threshold energy, from given ranks."""

    steps: int = 0
    """Number of steps."""
    radius: int = 9
    """Radius R of both kernels, 2 to 12 pixels: taps up to r^2 <= R^2 + R/2."""
    kernel: Mixture = Mixture(sigma=(1.5, 1.0, 1.0), weight=(1.0, 0.0, 0.0))
    """Kernel K of the pair sum."""
    ends: Mixture = Mixture(sigma=(1.0, 1.0, 1.0), weight=(0.0, 0.0, 0.0))
    """Kernel of the darkest and brightest pixels; all weights 0: K for them too."""
    ends_inner: float = 0.005
    """Pixels whose value is nearer than this to 0 or 1 use the kernel `ends` alone, 0 to below `ends_outer`."""
    ends_outer: float = 0.08
    """Pixels whose value is farther than this from 0 and 1 use K alone, 0.001 to 0.5; between both, a linear blend."""
    taper: float = 1.0
    """Exponent of both kernels' taper `(1 - r^2/(R + 0.7)^2)`, 0 to 8."""
    band_weight: float = 0.0
    """Weight of a low-pass added to K with the frequency response `exp(-(f/cutoff)^exponent)`, 0 to 1000."""
    band_cutoff: float = 0.2
    """Cut-off of that low-pass, 0.02 to 0.5 cycles/pixel."""
    band_exponent: float = 4.0
    """Exponent of that low-pass, 1 to 16."""
    grey_sigma: float = 1.0
    """Standard deviation of the grey term's Gaussian, 0.3 to 8 pixels. The low-pass B of the gradient has sqrt(2) times
    that.
    """
    grey_weight: Schedule = Schedule(curve=Curve.CONSTANT, start=0.0, end=0.0)
    """Weight lambda of the grey term, 0 (no grey term) to 1024.

    Fixed point holds while `lambda*|B| < 128`, with B the low-passed x - 1/2: always up to 256, above that for masks that
    are already dark at low frequencies.
    """
    step_size: Schedule = Schedule(curve=Curve.CONSTANT, start=0.5, end=0.5)
    """Step size s, 0 to 3.5."""
    tau: Schedule = Schedule(curve=Curve.CONSTANT, start=0.01, end=0.01)
    """tau, 0.00001 to 0.0624: larger differences of two values count as tau."""
    momentum: float = 0.5
    """Momentum mu, 0 to 0.99."""
    freeze_below: float = 0.0
    """Pixels whose value is below this do not move, 0 to below `freeze_above`."""
    freeze_above: float = 0.0
    """Pixels whose value is above this move freely, 0 to 0.5; between both, a linear part of the step. 0: all move freely."""
    law: Law = Law.THRESHOLDS
    """What the mask is for: thresholds, or triangular noise that is added before rounding."""
    coupling: Coupling = Coupling(channel_weight=0.12, time_weight=0.0, time_radius=0, time_kernel=Mixture(sigma=(1.5, 1.0, 1.0), weight=(1.0, 0.0, 0.0)))
    """How the planes of a mask with layers or channels act on each other."""
    product_weight: float = 0.0
    """Weight gamma of the pixels near a pixel in near layers, 0 to 4, relative to the spatial kernel. Read only with 2
    layers or more.
    """
    product_sigma: float = 1.5
    """Standard deviation of that kernel in space, 0.3 to 8 pixels; in time it is 1.4 layers."""

    kind: ClassVar[int] = StageKind.POLISH
    layout: ClassVar[Layout] = (
        ("steps", WORD),
        ("radius", WORD),
        ("kernel", Mixture),
        ("ends", Mixture),
        ("ends_inner", FLOAT),
        ("ends_outer", FLOAT),
        ("taper", FLOAT),
        ("band_weight", FLOAT),
        ("band_cutoff", FLOAT),
        ("band_exponent", FLOAT),
        ("grey_sigma", FLOAT),
        ("grey_weight", Schedule),
        ("step_size", Schedule),
        ("tau", Schedule),
        ("momentum", FLOAT),
        ("freeze_below", FLOAT),
        ("freeze_above", FLOAT),
        ("law", Law),
        ("coupling", Coupling),
        ("product_weight", FLOAT),
        ("product_sigma", FLOAT),
    )


@dataclass(frozen=True, kw_only=True)
class Swap(Stage):
    """Swaps of two pixels that lower the energy at the thresholds of a few levels."""

    steps: int = 0
    """Number of steps, each a sweep over all pixels. Steps after a sweep without a swap do nothing."""
    levels: int = 8
    """Output levels of the mask, 2 to 64."""
    radius: int = 9
    """Radius of the kernel, 1 to 12 pixels."""
    reach: int = 3
    """The largest distance of two pixels that swap, along each axis: 1 to 8 pixels."""
    kernel: Mixture = Mixture(sigma=(1.5, 1.0, 1.0), weight=(1.0, 0.0, 0.0))
    """Kernel K of the energy."""
    taper: float = 1.0
    """Exponent of the kernel's taper, 0 to 8, as in a polish."""

    kind: ClassVar[int] = StageKind.SWAP
    layout: ClassVar[Layout] = (
        ("steps", WORD),
        ("levels", WORD),
        ("radius", WORD),
        ("reach", WORD),
        ("kernel", Mixture),
        ("taper", FLOAT),
    )


@dataclass(frozen=True, kw_only=True)
class FilterFill(Stage):
    """Void fill with the kernel of the recipe's filters: places all elements, each where the filtered error grows least.

    One step places 1024 elements. The kernel is `(Kx*Ky/K(0))^power * (Kt/Kt(0))^time_power`: sharper than the filters' own,
    since a fill looks at one element at a time.
    """

    power: float = 1.5
    """Exponent p of the kernel in space, 0.5 to 8."""
    time_power: float = 1.6
    """Exponent pt of the kernel in time, 0.5 to 8."""
    tent: int = 0
    """Layers where a tent over the kernel in time ends, 2 to 128; 0 for no tent. A short tent is fast."""
    radius: int = 7
    """Radius of the kernel in space, 1 to 32 pixels."""
    disorder: float = 1.0
    """Noise in the choice of each element, as a multiple of the usual noise: 0 to 1000."""

    kind: ClassVar[int] = StageKind.FILTER_FILL
    layout: ClassVar[Layout] = (
        ("power", FLOAT),
        ("time_power", FLOAT),
        ("tent", WORD),
        ("radius", WORD),
        ("disorder", FLOAT),
    )


@dataclass(frozen=True, kw_only=True)
class FilterPolish(Stage):
    """Gradient descent with momentum on the error after the recipe's filters, from given ranks."""

    steps: int = 12
    """Number of steps."""
    radius: int = 6
    """Radius of the taps in space, 1 to 12 pixels along each axis."""
    time_radius: int = 0
    """Radius of the taps in time, 0 to 128 layers."""
    share: float = 0.97
    """Least part of the kernel's sum that the taps hold, 0.5 to 1."""
    step_size: Schedule = Schedule(curve=Curve.CONSTANT, start=0.4, end=0.4)
    """Step size s, 0 to 3.5."""
    tau: Schedule = Schedule(curve=Curve.GEOMETRIC, start=1.3, end=0.1)
    """tau as a multiple of `1/n_eff`, 0.001 to 10."""
    momentum: float = 0.73
    """Momentum mu, 0 to 0.99."""

    kind: ClassVar[int] = StageKind.FILTER_POLISH
    layout: ClassVar[Layout] = (
        ("steps", WORD),
        ("radius", WORD),
        ("time_radius", WORD),
        ("share", FLOAT),
        ("step_size", Schedule),
        ("tau", Schedule),
        ("momentum", FLOAT),
    )


@dataclass(frozen=True, kw_only=True)
class Shape(Plain):
    """Size of a mask: planes of `width` by `height` pixels, one for each channel of each layer.

    Elements outside this crate are in the order layer, row, column, channel: element `((layer * height + y) * width + x) *
    channels + channel`. A flat mask, of one layer and one channel, is a row-major image.
    """

    width: int
    """Width, 8 to 4096 pixels; with a spectral stage a power of two from 16."""
    height: int
    """Height, 8 to 4096 pixels; with a spectral stage a power of two from 16."""
    layers: int = 1
    """Layers, slices in time: 1 to 256."""
    channels: int = 1
    """Channels of a pixel: 1 to 4."""

    layout: ClassVar[Layout] = (
        ("width", WORD),
        ("height", WORD),
        ("layers", WORD),
        ("channels", WORD),
    )


@dataclass(frozen=True, kw_only=True)
class Distribution(Plain):
    """A distribution of values in [-1, 1]. All zero is a valid one: uniform."""

    kind: DistributionKind = DistributionKind.UNIFORM
    """Kind of distribution."""
    sigma: float = 0.33333334
    """Standard deviation of the Gaussian before it is cut off, 0.15 to 2."""
    table: tuple[float, ...] = (0.0,) * 65
    """Quantiles of the table at u = i/64: from -1 to 1, never falling."""

    layout: ClassVar[Layout] = (
        ("kind", DistributionKind),
        ("sigma", FLOAT),
        ("table", Array(FLOAT, 65)),
    )


@dataclass(frozen=True, kw_only=True)
class Knot(Plain):
    """One knot of a radial profile."""

    frequency: float
    """Radial frequency, cycles/pixel, 0 to 0.7072."""
    amplitude: float
    """Amplitude there, at least 0, in any unit: the profile is scaled to the total power of the wanted values."""

    layout: ClassVar[Layout] = (
        ("frequency", FLOAT),
        ("amplitude", FLOAT),
    )


@dataclass(frozen=True, kw_only=True)
class Profile(Plain):
    """A radial amplitude profile: linear between its knots, constant before the first and after the last."""

    knots: tuple[Knot, ...] = (Knot(frequency=0.25, amplitude=0.0), Knot(frequency=0.45, amplitude=1.0))
    """The knots, in rising order of frequency."""

    layout: ClassVar[Layout] = (
        ("knots", Array(Knot, 32, counted=True)),
    )


@dataclass(frozen=True, kw_only=True)
class Taps(Plain):
    """Weights of a filter along one axis, in order. Their sum is as given: it counts only where filters are separate."""

    weights: tuple[float, ...] = (1.0,)
    """The weights; those from `count` on are not read."""

    layout: ClassVar[Layout] = (
        ("weights", Array(FLOAT, 32, counted=True)),
    )


@dataclass(frozen=True, kw_only=True)
class SpaceFilter(Plain):
    """Spatial filter: the same along rows and along columns."""

    kind: SpaceKind = SpaceKind.GAUSSIAN
    """Which filter; each reads its own numbers of those below."""
    sigma: float = 1.0
    """Standard deviation of the Gaussian, 0.3 to 4 pixels."""
    size: int = 1
    """Pixels of the box, 1 to 32; steps of the binomial filter, 1 to 31."""
    taps: Taps = Taps(weights=(1.0,))
    """Weights of the user's own filter."""

    layout: ClassVar[Layout] = (
        ("kind", SpaceKind),
        ("sigma", FLOAT),
        ("size", WORD),
        ("taps", Taps),
    )


@dataclass(frozen=True, kw_only=True)
class TimeFilter(Plain):
    """Temporal filter, along layers."""

    kind: TimeKind = TimeKind.NONE
    """Which filter; each reads its own numbers of those below."""
    alpha: float = 1.0
    """Part of a new layer in the exponential average, above 0 (from 0.001) to 1."""
    beta: float = 1.0
    """Probability that the exponential average starts anew at a layer, above 0 (from 0.001) to 1."""
    sigma: float = 1.0
    """Standard deviation of the Gaussian, 0.3 to 8 layers."""
    size: int = 1
    """Layers of the box, 1 to 64."""
    taps: Taps = Taps(weights=(1.0,))
    """Weights of the user's own filter."""

    layout: ClassVar[Layout] = (
        ("kind", TimeKind),
        ("alpha", FLOAT),
        ("beta", FLOAT),
        ("sigma", FLOAT),
        ("size", WORD),
        ("taps", Taps),
    )


@dataclass(frozen=True, kw_only=True)
class Filters(Plain):
    """Filters that a mask is made for."""

    space: SpaceFilter = SpaceFilter(kind=SpaceKind.GAUSSIAN, sigma=1.0, size=1, taps=Taps(weights=(1.0,)))
    """Along rows and along columns."""
    time: TimeFilter = TimeFilter(kind=TimeKind.NONE, alpha=1.0, beta=1.0, sigma=1.0, size=1, taps=Taps(weights=(1.0,)))
    """Along layers."""
    combine: Combine = Combine.PRODUCT
    """How the two go together."""
    weight: float = 0.5
    """Weight of space where filters are separate, 0.01 to 1."""

    layout: ClassVar[Layout] = (
        ("space", SpaceFilter),
        ("time", TimeFilter),
        ("combine", Combine),
        ("weight", FLOAT),
    )


__all__ = [
    "StageKind",
    "Method",
    "Curve",
    "Ranks",
    "Law",
    "DistributionKind",
    "Start",
    "SpaceKind",
    "TimeKind",
    "Combine",
    "Optimizer",
    "Schedule",
    "Term",
    "Mixture",
    "Coupling",
    "Spectral",
    "Fill",
    "VoidAndCluster",
    "Front",
    "Polish",
    "Swap",
    "FilterFill",
    "FilterPolish",
    "Shape",
    "Distribution",
    "Knot",
    "Profile",
    "Taps",
    "SpaceFilter",
    "TimeFilter",
    "Filters",
]
