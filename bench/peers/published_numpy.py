"""The published iteration in NumPy: three terms with random factors, exact ranks, plain gradient descent, the gradient by
hand on half a spectrum. `gradient` is also what checks others, in double precision.

    S      = |FFT2(m)|
    L_low  = sum w^2 S^2 / M,                     w = max(0.7 - fx^2 - fy^2, 0)/0.7, 1 = Nyquist
    L_unif = (sum lap^2 + sum gx^2 + sum gy^2)/M  on S; lap: 5-point Laplacian / 5, gx, gy: backward differences / 2
    L_hist = sum (sort(m) - linspace(-1, 1, M))^2
    m     -= 0.7 d(0.1 r3 L_low + 0.01 r1 L_unif + 2.2 r2 L_hist)/dm
"""

import worker

STEP = 0.7


def weights(side, numpy, dtype):
    """w^2 of half a spectrum, unshifted."""
    fy = numpy.fft.fftfreq(side)[:, None] * 2.0
    fx = numpy.fft.rfftfreq(side)[None, :] * 2.0
    return (numpy.maximum(0.7 - fx**2 - fy**2, 0.0) / 0.7).astype(dtype) ** 2


def mirrored(s, numpy):
    """S with two more columns on each side, from the mirrored other half of the spectrum."""
    left = numpy.roll(s[::-1, 1:3][:, ::-1], 1, axis=0)
    right = numpy.roll(s[::-1, -3:-1][:, ::-1], 1, axis=0)
    return numpy.concatenate((left, s, right), axis=1)


def laplacian(s, numpy):
    """A fifth of the 5-point Laplacian; one column less on each side."""
    inner = s[:, 1:-1]
    vertical = numpy.roll(inner, 1, axis=0) + numpy.roll(inner, -1, axis=0)
    return (vertical + s[:, :-2] + s[:, 2:] - 4 * inner) * s.dtype.type(0.2)


def gradient(m, w2, targets, factors, numpy):
    """dL/dm with factors for the low-band, smoothness and histogram terms, in the precision of m."""
    low, smooth, histogram = (m.dtype.type(factor) for factor in factors)
    spectrum = numpy.fft.rfft2(m)
    s = numpy.abs(spectrum)
    # dL_unif/dS: lap is its own adjoint; the two differences together give -5/4 of it
    lap = laplacian(mirrored(s, numpy), numpy)
    d_smooth = laplacian(lap, numpy) - m.dtype.type(1.25) * lap[:, 1:-1]
    # (dL/dS)/S · M for each term; 2/M · M = 2
    per_bin = 2 * low * w2 + 2 * smooth * d_smooth / numpy.maximum(s, m.dtype.type(1e-20))
    result = numpy.fft.irfft2(per_bin * spectrum, s=m.shape)
    order = numpy.argsort(m, axis=None)
    wanted = numpy.empty_like(targets)
    wanted[order] = targets
    result += 2 * histogram * (m - wanted.reshape(m.shape))
    return result


def losses(m):
    """The three losses by their formulas, on the whole spectrum in double precision."""
    import numpy

    m = m.astype(numpy.float64)
    side, pixels = m.shape[0], m.size
    s = numpy.abs(numpy.fft.fft2(m))
    f = numpy.fft.fftfreq(side) * 2.0
    w = numpy.maximum(0.7 - f[None, :] ** 2 - f[:, None] ** 2, 0.0) / 0.7
    up, left = numpy.roll(s, 1, 0), numpy.roll(s, 1, 1)
    lap = (up + left + numpy.roll(s, -1, 0) + numpy.roll(s, -1, 1) - 4 * s) / 5
    smooth = (lap**2).sum() + (((s - up) / 2) ** 2).sum() + (((s - left) / 2) ** 2).sum()
    histogram = ((numpy.sort(m, axis=None) - numpy.linspace(-1, 1, pixels)) ** 2).sum()
    return numpy.array([(w**2 * s**2).sum() / pixels, smooth / pixels, histogram])


def check(side):
    """The gradient of a term against central differences of its loss, in double precision, and the start of the published
    trace."""
    import numpy

    m = worker.noise(side).astype(numpy.float64)
    w2, targets = weights(side, numpy, numpy.float64), numpy.linspace(-1, 1, side * side)
    direction = numpy.random.default_rng(2).standard_normal(m.shape)
    tiny = 1e-9
    differences = (losses(m + tiny * direction) - losses(m - tiny * direction)) / (2 * tiny)
    for i in range(3):
        factors = [float(i == j) for j in range(3)]
        slope = (gradient(m, w2, targets, factors, numpy) * direction).sum()
        assert abs(slope - differences[i]) < 1e-4 * abs(differences).max(), f"term {i}: {slope}, not {differences[i]}"
    if side == 64:
        total = losses(m) @ numpy.array([0.1, 0.01, 2.2])
        assert 26 < total < 40, f"the loss of noise is {total}, and the published one is 32.37"


def make(side):
    import numpy

    check(min(side, 64))
    m = worker.noise(side)
    targets = numpy.linspace(-1, 1, side * side).astype(numpy.float32)
    w2 = weights(side, numpy, numpy.float32)
    random = numpy.random.default_rng(0)
    factors = (0.1, 0.01, 2.2)
    exact = gradient(*(array.astype(numpy.float64) for array in (m, w2, targets)), factors, numpy)
    ours = gradient(m, w2, targets, factors, numpy)
    assert ours.dtype == numpy.float32, "not in single precision"
    distance = numpy.linalg.norm(ours - exact) / numpy.linalg.norm(exact)
    assert distance < 1e-4, f"the gradient is off by {distance}"

    def work(count):
        nonlocal m
        for _ in range(count):
            factors = numpy.array([0.1, 0.01, 2.2]) * random.random(3)
            m -= numpy.float32(STEP) * gradient(m, w2, targets, factors, numpy)

    work(300 if side <= 256 else 30)
    assert losses(m)[0] < losses(worker.noise(side))[0], "the loss does not fall"
    return f"NumPy {numpy.__version__}, float32, gradient by hand on half a spectrum", work


if __name__ == "__main__":
    worker.main(make)
