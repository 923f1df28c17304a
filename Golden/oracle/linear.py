#!/usr/bin/env python3
"""Writes Golden/ops/linear.json: dense layers and convolutions on values and on distributions, and batch normalization of
images, by JAX and its own autodiff in float64.

Convolutions are jax.lax.conv_general_dilated. A layer on distributions uses the moments of independent weights and
inputs: the mean of a product is the product of the means, its variance is E[w²] E[x²] − E[w]² E[x]².
Usage: python3 Golden/oracle/linear.py   (needs requirements.txt)
"""
import math

import jax
import jax.numpy as jnp

import common

jax.config.update("jax_enable_x64", True)
golden = common.Cases(20261124)
VALUES = jnp.array([-1.0, 0.0, 1.0])


def moments(logits):
    p = jax.nn.softmax(logits, axis=0)
    mean = jnp.tensordot(VALUES, p, 1)
    return mean, (p * (VALUES[:, None, None] - mean) ** 2).sum(0)


def linear(kernel, padding):
    """x, W ↦ f(x, W): a matrix product (kernel 0) or a convolution, weights (C k², O) with rows (c, ky, kx)."""
    def dense(x, weights):
        return x.reshape(x.shape[0], -1) @ weights

    def convolution(x, weights):
        filters = weights.T.reshape(-1, x.shape[1], kernel, kernel)
        return jax.lax.conv_general_dilated(x, filters, (1, 1), [(padding, padding)] * 2)

    return convolution if kernel else dense


def broadcast(bias, y):
    return jnp.reshape(bias, (1, -1) + (1,) * (y.ndim - 2))


# Name, input shape, kernel (0 for dense), padding, outputs, and whether it is the last layer.
SHAPES = [
    ("dense-3x5x4", (3, 5), 0, 0, 4, False),
    ("dense-1x1x1", (1, 1), 0, 0, 1, False),
    ("dense-2x3x7-last", (2, 3), 0, 0, 7, True),
    ("conv-2x2x5x4-k3-same", (2, 2, 5, 4), 3, 1, 3, False),
    ("conv-1x1x1x1-k3-same", (1, 1, 1, 1), 3, 1, 1, False),
    ("conv-2x3x6x5-k5-valid", (2, 3, 6, 5), 5, 0, 2, False),
    ("conv-1x2x3x7-k1", (1, 2, 3, 7), 1, 0, 5, False),
    ("conv-2x1x4x3-k3-last", (2, 1, 4, 3), 3, 1, 2, True),
]


def layers():
    for name, shape, kernel, padding, outputs, last in SHAPES:
        f = linear(kernel, padding)
        fan_in = shape[1] * kernel * kernel if kernel else math.prod(shape[1:])
        divisor = math.sqrt(fan_in + 1) if last else 1.0
        settings = {"kernel": float(kernel), "padding": float(padding)}

        def real(value, weights, bias=None):
            y = f(value, weights)
            return {"value": y if bias is None else y + broadcast(bias, y)}

        def distribution(mean, variance, logits, bias=None):
            mu, sigma2 = moments(logits)
            m = f(mean, mu)
            v = f(mean**2 + variance, sigma2 + mu**2) - f(mean**2, mu**2)
            return {"mean": (m if bias is None else m + broadcast(bias, m)) / divisor, "variance": v / divisor**2}

        def of_value(value, logits, bias=None):
            return distribution(value, jnp.zeros_like(value), logits, bias)

        def of_bernoulli(mean, logits, bias=None):
            return distribution(mean, 1 - mean**2 + 1e-6, logits, bias)

        bias = {"bias": golden.draw(outputs)} if last else {}
        logits = {"logits": golden.draw(3, fan_in, outputs)}
        golden.differentiate(f"real-{name}", "linear", real,
                             {"value": golden.draw(*shape), "weights": golden.draw(fan_in, outputs)} | bias, settings=settings)
        golden.differentiate(f"value-{name}", "valueLinear", of_value, {"value": golden.draw(*shape)} | logits | bias,
                             settings=settings)
        golden.differentiate(f"gaussian-{name}", "gaussianLinear", distribution,
                             {"mean": golden.draw(*shape), "variance": golden.draw(*shape, low=0.0)} | logits | bias,
                             settings=settings)
        golden.differentiate(f"bernoulli-{name}", "bernoulliLinear", of_bernoulli,
                             {"mean": golden.draw(*shape, low=-1.0, high=1.0)} | logits | bias, settings=settings)


def batch_normalization():
    axes, epsilon = (0, 2, 3), 1e-8

    def row(x):
        return x[None, :, None, None]

    def of_value(value, scale, shift):
        inverse = 1 / jnp.sqrt(value.var(axes) + epsilon)
        return {"value": (value - row(value.mean(axes))) * row(inverse * scale) + row(shift)}

    def statistics(mean, variance):
        count, centre = mean.size // mean.shape[1], mean.mean(axes)
        spread = (variance + (mean - row(centre)) ** 2).sum(axes) / (count - 1)
        return centre, 1 / jnp.sqrt(spread + epsilon)

    def of_gaussian(mean, variance, scale, shift):
        centre, inverse = statistics(mean, variance)
        return {"mean": (mean - row(centre)) * row(inverse * scale) + row(shift),
                "variance": variance * row(inverse * scale) ** 2}

    for shape in ((2, 3, 2, 5), (1, 1, 3, 1), (3, 2, 1, 1), (1, 2, 4, 5)):
        name, c = "x".join(map(str, shape)), shape[1]
        x, v = golden.draw(*shape), golden.draw(*shape, low=0.01)
        parameters = {"scale": golden.draw(c), "shift": golden.draw(c)}
        golden.differentiate(f"batch-norm-value-{name}", "batchNormValue", of_value, {"value": x} | parameters,
                             extra={"statisticsMean": x.mean(axes), "statisticsInverse": 1 / jnp.sqrt(x.var(axes) + epsilon)})
        centre, inverse = statistics(x, v)
        golden.differentiate(f"batch-norm-gaussian-{name}", "batchNormGaussian", of_gaussian,
                             {"mean": x, "variance": v} | parameters,
                             extra={"statisticsMean": centre, "statisticsInverse": inverse})


if __name__ == "__main__":
    layers()
    batch_normalization()
    common.write("ops/linear.json", "linear.py", "dense layers, convolutions and batch normalization of images",
                 "Roth et al. 2019, doi:10.1007/978-3-030-46147-8_23; Peters & Welling 2018",
                 {"jax": jax.__version__}, golden.cases)
