#!/usr/bin/env python3
"""Writes Golden/ops/pooling.json: pooling, ReLU, dropout of distributions and straight-through signs, by JAX and its own
autodiff in float64.

The maximum of Gaussians is the method's formula as printed (Clark 1961). Where its terms cancel, in pairs of extreme means and
variances, mpmath evaluates it at 50 digits, and its gradients by difference quotients at 100 digits. For every maximum, there are
also the moments of 10^6 draws with their standard errors. Straight-through samples have the gradients of relaxed samples, by
mpmath at 60 digits. Noise is Signet's (random_streams.py).
Usage: python3 Golden/oracle/pooling.py   (needs requirements.txt)
"""
import jax
import jax.numpy as jnp
import mpmath
import numpy as np

import common
from common import STREAM, noise

jax.config.update("jax_enable_x64", True)
EPSILON = 1e-8
DRAWS = 10**6
SHAPES = ((2, 3, 4, 6), (1, 1, 2, 2), (2, 1, 5, 7), (1, 2, 3, 2), (1, 1, 2, 9))
golden = common.Cases(20261124)
draw, differentiate = golden.draw, golden.differentiate


def windows(x):
    """The top left, top right, bottom left and bottom right of each window."""
    x = x[:, :, : x.shape[2] // 2 * 2, : x.shape[3] // 2 * 2]
    return [x[:, :, i::2, j::2] for i in (0, 1) for j in (0, 1)]


def name(layer, shape):
    return f"{layer}-" + "x".join(map(str, shape))


# Pooling

def largest(value):
    """The maximum; the gradient goes to the first of equal largest values."""
    stack = jnp.stack(windows(value))
    return {"value": jnp.take_along_axis(stack, jnp.argmax(stack, axis=0)[None], axis=0)[0]}


def clark(m1, v1, m2, v2, cdf=jax.scipy.stats.norm.cdf, pdf=jax.scipy.stats.norm.pdf, sqrt=jnp.sqrt, epsilon=EPSILON):
    """The maximum of two Gaussians, as printed in the paper."""
    a = sqrt(v1 + v2 + epsilon)
    alpha = (m1 - m2) / a
    big, small = cdf(alpha), pdf(alpha)
    m = m1 * big + m2 * (1 - big) + a * small
    return m, (v1 + m1**2) * big + (v2 + m2**2) * (1 - big) + (m1 + m2) * a * small - m**2 + epsilon


def max_of_gaussians(mean, variance):
    (m1, m2, m3, m4), (v1, v2, v3, v4) = windows(mean), windows(variance)
    m, v = clark(*clark(m1, v1, m2, v2), *clark(m3, v3, m4, v4))
    return {"mean": m, "variance": v}


def max_of_bernoullis(mean):
    m1, m2, m3, m4 = windows(mean)
    return {"mean": 1 - 2 * (1 - m1) / 2 * (1 - m2) / 2 * (1 - m3) / 2 * (1 - m4) / 2}


def pooling():
    for shape in SHAPES:
        differentiate(name("max-of-values", shape), "maxOfValues", largest, {"value": draw(*shape)})
        mean, variance = draw(*shape), draw(*shape, low=0)
        differentiate(name("max-of-gaussians", shape), "maxOfGaussians", max_of_gaussians,
                      {"mean": mean, "variance": variance})
        probability = {"mean": draw(*shape, low=-1, high=1)}
        differentiate(name("max-of-bernoullis", shape), "maxOfBernoullis", max_of_bernoullis, probability)
        for kind, divisor in (("average", 4), ("sum", 1)):
            def of_distribution(mean, variance):
                return {"mean": sum(windows(mean)) / divisor, "variance": sum(windows(variance)) / divisor**2}

            differentiate(name(f"{kind}-of-values", shape), f"{kind}OfValues",
                          lambda value: {"value": sum(windows(value)) / divisor}, {"value": draw(*shape)})
            differentiate(name(f"{kind}-of-gaussians", shape), f"{kind}OfGaussians", of_distribution,
                          {"mean": mean, "variance": variance})
            differentiate(name(f"{kind}-of-bernoullis", shape), f"{kind}OfBernoullis",
                          lambda mean: of_distribution(mean, 1 - mean**2 + 1e-6), probability)
    ties = np.array([[1, 1, 2, 0.5, 0, 0, -1, -2], [1, 1, 2, 2, -1, 0, -2, -1]], dtype=float)[None, None]
    differentiate("max-of-values-ties", "maxOfValues", largest, {"value": ties})
    certain = np.array([[1, 1, -1, -1, 1, -1], [1, 1, -1, -1, -1, 0.5]], dtype=float)[None, None]
    differentiate("max-of-bernoullis-certain", "maxOfBernoullis", max_of_bernoullis, {"mean": certain})


# Extremes

ALPHAS = (0, 0.5, 1, 2, 4, 6, 9, 12, 13.5, 14.5, 20, 30, 37, 38.5, 40)
VARIANCES = ((0, 0), (1e-8, 1e-8), (1e-30, 1e-40), (1, 0), (0, 1), (1e-4, 4), (100, 1e-6), (2**20, 1))


def exactly(m1, v1, m2, v2):
    return clark(m1, v1, m2, v2, mpmath.ncdf, mpmath.npdf, mpmath.sqrt, mpmath.mpf(EPSILON))


def exact_gradient(g, h, *pair):
    """Central differences of g m + h v by m1, v1, m2 and v2, whose truncation error is below 1e-20 of the gradient."""
    a = mpmath.sqrt(pair[1] + pair[3] + mpmath.mpf(EPSILON))
    gradient = []
    for index, step in enumerate((a * mpmath.mpf(10)**-12, a**2 * mpmath.mpf(10)**-12) * 2):
        low, high = [exactly(*(x + sign * step * (i == index) for i, x in enumerate(pair))) for sign in (-1, 1)]
        gradient.append((g * (high[0] - low[0]) + h * (high[1] - low[1])) / (2 * step))
    return gradient


def extremes(real):
    """Pairs of `real` numbers with α from 0 to 40 in both orders, near 0 and far from it."""
    pairs = []
    for base in (0, 1e4):
        for k, (v1, v2) in enumerate(VARIANCES):
            for i, alpha in enumerate(ALPHAS):
                m1 = base + alpha * np.sqrt(v1 + v2 + EPSILON)
                pair = [float(real(x)) for x in (m1, v1, base, v2)]
                pairs.append(pair if (i + k) % 2 == 0 else pair[2:] + pair[:2])
    count = len(pairs)
    cotangents = {"mean": draw(count), "variance": draw(count)}
    mean, variance, gradients = [], [], []
    for pair, g, h in zip(pairs, *cotangents.values()):
        pair = [mpmath.mpf(x) for x in pair]
        with mpmath.workdps(50):
            m, v = exactly(*pair)
        with mpmath.workdps(100):
            gradients.append([float(x) for x in exact_gradient(mpmath.mpf(g), mpmath.mpf(h), *pair)])
        mean.append(float(m))
        variance.append(float(v))
    pairs, gradients = np.array(pairs), np.array(gradients)
    golden.add(f"extreme-pairs-{real.__name__}", "extremePairs", {"mean": pairs[:, ::2], "variance": pairs[:, 1::2]},
               {"mean": mean, "variance": variance}, cotangents=cotangents,
               gradients={"mean": gradients[:, ::2], "variance": gradients[:, 1::2]})


# Monte Carlo

def sampled(layer, inputs, draws):
    """Moments of each window's largest draw, and their standard errors; `draws(index)` gives 4 × DRAWS numbers."""
    columns = []
    for index in range(inputs["mean"].shape[0]):
        x = draws(index).max(axis=0)
        variance = x.var()
        columns.append((x.mean(), variance, np.sqrt(variance / DRAWS),
                        np.sqrt(max(((x - x.mean())**4).mean() - variance**2, 0) / DRAWS)))
    shape = (len(columns), 1, 1, 1)
    outputs = dict(zip(("mean", "variance", "meanError", "varianceError"), np.array(columns).T))
    golden.add(f"sampled-{layer}", layer, inputs, {k: v.reshape(shape) for k, v in outputs.items()})


def monte_carlo():
    generator = np.random.Generator(np.random.PCG64(1961))

    def normal(mean, variance):
        def draws(index):
            m, v = mean[index].reshape(4, 1), variance[index].reshape(4, 1)
            return m + np.sqrt(v) * generator.standard_normal((4, DRAWS))
        return draws

    mean, variance = draw(6, 1, 2, 2), draw(6, 1, 2, 2, low=0.1)
    mean[0], variance[0] = 0, 1
    # Two alone: the lower two are never the largest.
    first, second = mean.copy(), variance.copy()
    first[:, :, 1], second[:, :, 1] = -4096, 0
    for layer, m, v in (("sampledTwo", first, second), ("sampledFour", mean, variance)):
        sampled(layer, {"mean": m, "variance": v}, normal(m, v))
    m = draw(6, 1, 2, 2, low=-1, high=1)
    sampled("sampledBernoullis", {"mean": m},
            lambda index: np.where(generator.random((4, DRAWS)) < (1 + m[index].reshape(4, 1)) / 2, 1.0, -1.0))


# Activations and dropout

def activations():
    shape = (2, 3, 3, 5)
    # Not at 0, where the gradient of jax.nn.relu is also 0, but by a custom rule.
    differentiate("relu", "relu", lambda value: {"value": jnp.where(value > 0, value, 0.0)},
                  {"value": np.where(draw(*shape) > 1.5, 0.0, draw(*shape))})

    def window(value):
        hard = jnp.where(value >= 0, 1.0, -1.0)
        through = jnp.where(jnp.abs(value) <= 1, value, 0.0)
        return {"value": jax.lax.stop_gradient(hard - through) + through}

    value = draw(*shape)
    value.flat[:6] = 1, -1, 0, 1 + 1 / 1024, -1 - 1 / 1024, -1 / 1024
    differentiate("straight-through-sign", "straightThroughSign", window, {"value": value})


def noisy(scalar):
    shape = (2, 2, 3, 5)

    for temperature in (1.0, 0.5):
        golden.relaxed_sample(f"straight-through-{scalar}-{temperature}", "straightThrough",
                              draw(*shape, low=-0.9, high=0.9), temperature, scalar, hard=True)

    for rate in (0.4, 0.0):
        uniform = noise("uniform", "dropout", shape, scalar)
        real = {"Float": np.float32, "Double": np.float64}[scalar]
        mask = (uniform < real(1) - real(rate)).astype(float)

        def of_gaussian(mean, variance):
            return {"mean": mean * mask, "variance": variance * mask}

        differentiate(f"dropout-of-gaussians-{scalar}-{rate}", "dropoutOfGaussians", of_gaussian,
                      {"mean": draw(*shape), "variance": draw(*shape, low=0)}, scalar=scalar, settings={"rate": rate})
        differentiate(f"dropout-of-bernoullis-{scalar}-{rate}", "dropoutOfBernoullis",
                      lambda mean: of_gaussian(mean, 1 - mean**2 + 1e-6), {"mean": draw(*shape, low=-1, high=1)},
                      scalar=scalar, settings={"rate": rate})


if __name__ == "__main__":
    pooling()
    extremes(np.float32)
    extremes(np.float64)
    monte_carlo()
    activations()
    noisy("Double")
    noisy("Float")
    common.write(
        "ops/pooling.json", "pooling.py",
        f"pooling, ReLU, dropout of distributions, straight-through signs; random streams of {STREAM}",
        "Clark 1961, doi:10.1287/opre.9.2.145; Roth et al. 2019, doi:10.1007/978-3-030-46147-8_23; Jang et al. 2017; "
        "Hubara et al. 2016, arXiv 1602.02830",
        {"jax": jax.__version__, "numpy": np.__version__, "mpmath": mpmath.__version__}, golden.cases)
