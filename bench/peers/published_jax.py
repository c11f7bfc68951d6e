"""The published iteration in JAX, as its author wrote it: the losses as in published_numpy.py on the whole spectrum, the
gradient by automatic differentiation through FFT and sort, compiled; here all steps of a batch in one compiled loop."""

import worker
import published_numpy as reference


def build(side):
    """The compiled loop, and the compiled gradient with all random factors 1."""
    import jax
    import jax.numpy as jnp
    import numpy

    f = numpy.fft.fftfreq(side) * 2.0
    w = (numpy.maximum(0.7 - f[None, :] ** 2 - f[:, None] ** 2, 0.0) / 0.7).astype(numpy.float32)
    targets = numpy.linspace(-1, 1, side * side).astype(numpy.float32)

    def loss(m, factors):
        z = jnp.fft.fft2(m)
        power = z.real**2 + z.imag**2
        s = jnp.sqrt(power + 1e-20)
        up, left = jnp.roll(s, 1, 0), jnp.roll(s, 1, 1)
        lap = (up + left + jnp.roll(s, -1, 0) + jnp.roll(s, -1, 1) - 4 * s) / 5
        smooth = (lap**2).sum() + (((s - up) / 2) ** 2).sum() + (((s - left) / 2) ** 2).sum()
        histogram = ((jnp.sort(m, axis=None) - targets) ** 2).sum()
        terms = jnp.stack([(w**2 * power).sum() / m.size, smooth / m.size, histogram])
        return (jnp.array([0.1, 0.01, 2.2], jnp.float32) * factors) @ terms

    slope = jax.grad(loss)

    def step(_, state):
        m, key = state
        key, now = jax.random.split(key)
        return m - reference.STEP * slope(m, jax.random.uniform(now, (3,))), key

    return jax.jit(lambda state, count: jax.lax.fori_loop(0, count, step, state)), jax.jit(slope)


def make(side):
    import jax
    import numpy

    loop, slope = build(side)
    m = worker.noise(side)
    exact = reference.gradient(
        m.astype(numpy.float64),
        reference.weights(side, numpy, numpy.float64),
        numpy.linspace(-1, 1, side * side),
        (0.1, 0.01, 2.2),
        numpy,
    )
    ours = numpy.asarray(slope(m, numpy.ones(3, numpy.float32)))
    assert ours.dtype == numpy.float32, "not in single precision"
    distance = numpy.linalg.norm(ours - exact) / numpy.linalg.norm(exact)
    # equal values may swap ranks, which changes little
    assert distance < 5e-3, f"the gradient is off by {distance}"
    state = (jax.numpy.asarray(m), jax.random.PRNGKey(0))

    def work(count):
        nonlocal state
        state = jax.block_until_ready(loop(state, count))

    work(300 if side <= 128 else 10)
    assert reference.losses(numpy.asarray(state[0]))[0] < reference.losses(m)[0], "the loss does not fall"
    return f"JAX {jax.__version__}, jit, CPU, one thread, float32, automatic differentiation", work


if __name__ == "__main__":
    worker.main(make)
