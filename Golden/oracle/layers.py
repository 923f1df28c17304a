#!/usr/bin/env python3
"""Writes Golden/ops/layers.json: layers, losses, initialization and Adam, by JAX and its own autodiff in float64;
relaxed samples by mpmath at 60 digits.

The formulas are those of the method (Roth et al. 2019 and what it cites), not translations of Signet's code. Noise is
Signet's: element i of a layer's own random stream, from random_streams.py. Inputs are multiples of 1/1024, so that
Float represents them exactly.
Usage: python3 Golden/oracle/layers.py   (needs requirements.txt)
"""
import math

import jax
import jax.numpy as jnp
import mpmath
import numpy as np

import common
from common import STREAM, noise, tensors

jax.config.update("jax_enable_x64", True)
VALUES = jnp.array([-1.0, 0.0, 1.0])
# The other grids: their values, and c of the mapping by the empirical CDF.
GRIDS = {
    "binary": ([-1, 1], 2),
    "quaternary-symmetric": ([-1, -1 / 3, 1 / 3, 1], 4 / 3),
    "quaternary-minus": ([-1, -1 / 2, 0, 1 / 2], 3 / 4),
    "quaternary-plus": ([-1 / 2, 0, 1 / 2, 1], 3 / 4),
    "quinary": ([-1, -1 / 2, 0, 1 / 2, 1], 5 / 4),
}
golden = common.Cases(20261123)
cases, draw, add, differentiate = golden.cases, golden.draw, golden.add, golden.differentiate


# Weight distributions

def distribution(logits, values=VALUES):
    p = jax.nn.softmax(logits, axis=0)
    mean = jnp.tensordot(values, p, 1)
    deviation = values[:, None, None] - mean
    return p, mean, (p * deviation**2).sum(0)


def moments(logits, values=VALUES):
    _, mean, variance = distribution(logits, values)
    return {"mean": mean, "variance": variance}


def most_probable(logits, values=VALUES):
    return values[jnp.argmax(logits, axis=0)]


def weight_moments():
    extreme = np.array([[[5, -5, 5, 0, 5]], [[5, 5, -5, 0, -5]], [[-5, 5, 5, 0, 5]]], dtype=float)
    for name, logits in (("1x1", draw(3, 1, 1)), ("5x7", draw(3, 5, 7, low=-5, high=5)), ("limits", extreme)):
        differentiate(f"moments-{name}", "moments", moments, {"logits": logits},
                      extra={"probabilities": distribution(jnp.asarray(logits))[0], "map": most_probable(logits)})


def ecdf(weights, c=1.5):
    flat = weights.ravel()
    negative, positive = flat[flat <= 0], flat[flat > 0]
    return np.array([
        c * np.mean(positive <= w) if w > 0 else c * np.mean(negative <= w) - c for w in flat
    ]).reshape(weights.shape)


def initial_probabilities(mapped, values=VALUES, high=0.95, low=0.05):
    """Each value's probability: piecewise linear in w, given at the grid's values, and constant beyond them."""
    count = len(values)
    at_values = np.where(np.eye(count) > 0, high, low / (count - 1))
    return np.stack([np.interp(mapped, np.asarray(values), at_values[k]) for k in range(count)])


def initialization():
    ties = np.array([[-0.5, 0.25, 0.25, 0.0], [0.25, -0.5, -1.0, 0.0], [1.5, -0.5, 0.125, -0.0]])
    for name, weights in (("mixed", draw(5, 7)), ("ties", ties), ("positive", draw(3, 5, low=0.1)),
                          ("negative", draw(3, 5, high=-0.1)), ("zeros", np.zeros((2, 3))), ("one", draw(1, 1))):
        mapped = ecdf(weights)
        p = initial_probabilities(mapped)
        add(f"initialization-{name}", "initialization", {"weights": weights},
            {"mapped": mapped, "probabilities": p, "logits": np.log(p)})
    on_grid = np.array([[-2.0, -1.0, -0.75, -0.5, -0.0, 0.0, 0.25, 1.0, 1.5]])
    p = initial_probabilities(on_grid)
    add("rule-on-grid", "rule", {"weights": on_grid}, {"probabilities": p, "logits": np.log(p)})


def grids():
    for grid, (values, c) in GRIDS.items():
        values = jnp.array(values, dtype=jnp.float64)
        logits = draw(len(values), 3, 5, low=-5, high=5)
        differentiate(f"moments-{grid}", "moments", lambda logits: moments(logits, values), {"logits": logits},
                      extra={"probabilities": distribution(jnp.asarray(logits), values)[0],
                             "map": most_probable(logits, values)}, grid=grid)
        weights = draw(4, 7)
        mapped = ecdf(weights, c)
        p = initial_probabilities(mapped, values)
        add(f"initialization-{grid}", "initialization", {"weights": weights},
            {"mapped": mapped, "probabilities": p, "logits": np.log(p)}, grid=grid)
        on_grid = np.array([[-2.0, -1.0, -0.75, -0.5, -0.25, -0.0, 0.0, 0.25, 0.5, 0.75, 1.0, 1.5]])
        p = initial_probabilities(on_grid, values)
        add(f"rule-on-{grid}", "rule", {"weights": on_grid}, {"probabilities": p, "logits": np.log(p)}, grid=grid)


# Layers

def dense():
    for n, i, o, biased in ((3, 4, 2, True), (1, 1, 1, False), (2, 7, 5, False), (1, 3, 1, True)):
        inputs = {"value": draw(n, i), "weights": draw(i, o)} | ({"bias": draw(o)} if biased else {})
        differentiate(f"dense-{n}x{i}x{o}", "dense",
                      lambda value, weights, bias=0.0: {"value": value @ weights + bias}, inputs)


def distribution_dense():
    def forward(value, mean, variance, bias, divisor):
        return {"mean": (value @ mean + bias) / divisor, "variance": value**2 @ variance / divisor**2}

    for n, i, o, last in ((3, 5, 4, False), (1, 1, 1, False), (3, 4, 2, True), (2, 1, 3, True), (2, 7, 1, False)):
        divisor = math.sqrt(i + 1) if last else 1.0
        inputs = {"value": draw(n, i), "logits": draw(3, i, o)} | ({"bias": draw(o)} if last else {})

        def through_logits(value, logits, bias=0.0):
            return forward(value, **moments(logits), bias=bias, divisor=divisor)

        x, bias = inputs["value"], inputs.get("bias", 0.0)
        predicted = (x @ most_probable(inputs["logits"]) + bias) / divisor
        differentiate(f"distribution-dense-{n}x{i}x{o}", "distributionDense", through_logits, inputs,
                      extra={"prediction": predicted})
        # The same layer again, with the gradients of the weights' moments.
        case, weight = cases[-1], moments(jnp.asarray(inputs["logits"]))
        _, pullback = jax.vjp(lambda mean, variance: forward(jnp.asarray(x), mean, variance, bias, divisor),
                              weight["mean"], weight["variance"])
        array = {k: jnp.array(t["scalars"]).reshape(t["shape"]) for k, t in case["cotangents"].items()}
        case["gradients"] |= tensors(dict(zip(("weightMean", "weightVariance"), pullback(array))))


EPSILON = 1e-8


def normalized(value, mean, inverse, scale, shift):
    return (value - mean) * inverse * scale + shift


def moved(running, batch):
    return 0.9 * running + 0.1 * batch


def batch_normalization():
    def of_value(value, scale, shift):
        return {"value": normalized(value, value.mean(0), 1 / jnp.sqrt(value.var(0) + EPSILON), scale, shift)}

    def gaussian_statistics(mean, variance):
        spread = (variance + (mean - mean.mean(0)) ** 2).sum(0) / (mean.shape[0] - 1)
        return mean.mean(0), 1 / jnp.sqrt(spread + EPSILON)

    def of_gaussian(mean, variance, scale, shift):
        centre, inverse = gaussian_statistics(mean, variance)
        return {"mean": normalized(mean, centre, inverse, scale, shift), "variance": variance * (inverse * scale) ** 2}

    for name, n, c in (("5x3", 5, 3), ("2x1", 2, 1), ("7x2", 7, 2), ("constant", 4, 2)):
        x, v = draw(n, c), draw(n, c, low=0.01)
        if name == "constant":
            x[:, 0], v[:, 0] = 0.375, 0
        parameters = {"scale": draw(c), "shift": draw(c)}
        running = {"runningMean": draw(c), "runningInverse": draw(c, low=0.5)}
        predicted = normalized(x, *running.values(), **parameters)

        def state(mean, inverse):
            return {"statisticsMean": mean, "statisticsInverse": inverse, "prediction": predicted,
                    "movedMean": moved(running["runningMean"], mean),
                    "movedInverse": moved(running["runningInverse"], inverse)}

        # The running averages are inputs without gradients, so they are added to the case afterwards.
        differentiate(f"batch-norm-value-{name}", "batchNormValue", of_value, {"value": x} | parameters,
                      extra=state(x.mean(0), 1 / np.sqrt(x.var(0) + EPSILON)))
        cases[-1]["inputs"] |= tensors(running)
        differentiate(f"batch-norm-gaussian-{name}", "batchNormGaussian", of_gaussian,
                      {"mean": x, "variance": v} | parameters, extra=state(*gaussian_statistics(x, v)))
        cases[-1]["inputs"] |= tensors(running)


def activations():
    def sign(mean, variance):
        return {"mean": jax.scipy.special.erf(mean / jnp.sqrt(2 * variance + 1e-8))}

    differentiate("sign-3x5", "sign", sign, {"mean": draw(3, 5), "variance": draw(3, 5, low=0)})
    differentiate("sign-1x1", "sign", sign, {"mean": draw(1, 1), "variance": draw(1, 1, low=0)})
    edges = {"mean": np.array([[0.0, 1.0, -1.0, 0.0, 4.0, -2.0]]),
             "variance": np.array([[0.0, 0.0, 0.0, 1.0, 0.25, 9.0]])}
    differentiate("sign-edges", "sign", sign, edges)
    differentiate("tanh-3x5", "tanh", lambda value: {"value": jnp.tanh(value)}, {"value": draw(3, 5)})
    differentiate("tanh-zero", "tanh", lambda value: {"value": jnp.tanh(value)}, {"value": np.zeros((1, 1))})


def noisy(scalar):
    def gaussian(mean, variance):
        return {"value": mean + jnp.sqrt(variance + 1e-8) * epsilon}

    for n, c, low in ((3, 5, 0.01), (1, 1, 0.01), (2, 3, None)):
        epsilon = noise("normal", "reparameterization", (n, c), scalar)
        v = np.zeros((n, c)) if low is None else draw(n, c, low=low)
        name = f"gaussian-{scalar}-{n}x{c}" + ("-zero-variance" if low is None else "")
        differentiate(name, "gaussian", gaussian, {"mean": draw(n, c), "variance": v}, scalar=scalar)

    for n, c, temperature in ((3, 5, 1.0), (1, 1, 1.0), (2, 3, 0.5)):
        golden.relaxed_sample(f"bernoulli-{scalar}-{n}x{c}", "bernoulli", draw(n, c, low=-0.9, high=0.9), temperature, scalar)
    if scalar == "Double":
        saturated = np.array([[1.0, -1.0, 1.0, -1.0]])
        golden.relaxed_sample("bernoulli-saturated", "bernoulliSaturated", saturated, 1.0, scalar)

    for n, c, rate in ((5, 7, 0.4), (1, 1, 0.1), (3, 2, 0.0)):
        uniform = noise("uniform", "dropout", (n, c), scalar)
        real = {"Float": np.float32, "Double": np.float64}[scalar]
        mask = (uniform < real(1) - real(rate)).astype(float)
        x = draw(n, c)
        differentiate(f"dropout-{scalar}-{n}x{c}", "dropout", lambda value: {"value": value * mask}, {"value": x},
                      extra={"prediction": x * (1 - rate)}, scalar=scalar, settings={"rate": rate})


def saturated_samples():
    """Means at and near ±1, whose samples come within 1e-7 of ±1 at temperature 1, and much closer at lower temperatures."""
    mean = np.array([[1, -1, 1 - 2**-20, 2**-20 - 1, 0.9990234375, -0.9990234375, 0.75], [1, 1, 1, -1, -1, -1, 0]])
    for scalar in ("Double", "Float"):
        for temperature in (1.0, 0.5, 0.25):
            golden.relaxed_sample(
                f"bernoulli-saturated-{scalar}-{temperature}", "bernoulliSaturated", mean, temperature, scalar)


def cross_entropy():
    for name, x, labels in (("3x4", draw(3, 4), [2, 0, 3]), ("1x1", draw(1, 1), [0]),
                            ("5x7", draw(5, 7), [6, 0, 3, 3, 1]), ("large", draw(2, 3) * 256, [1, 2])):
        def loss(outputs):
            return -jnp.mean(jax.nn.log_softmax(outputs)[jnp.arange(len(labels)), jnp.array(labels)])

        value, gradient = jax.value_and_grad(loss)(jnp.asarray(x))
        add(f"cross-entropy-{name}", "crossEntropy", {"outputs": x}, {"loss": [value]}, labels=labels,
            cotangents={"loss": [1.0]}, gradients={"outputs": gradient})


# Training

def adam():
    """Kingma & Ba 2015, algorithm 1, as printed: bias-corrected moments; λ Σ θ² is part of the loss."""
    for penalty in (0.0, 0.125):
        theta, first, second = draw(5), np.zeros(5), np.zeros(5)
        inputs, outputs = {"parameters": theta}, {}
        for t in (1, 2, 3):
            inputs[f"gradient{t}"] = draw(5) if t < 3 else np.zeros(5)
            g = inputs[f"gradient{t}"] + jax.grad(lambda x: penalty * jnp.sum(x**2))(jnp.asarray(theta))
            first = 0.9 * first + 0.1 * g
            second = 0.999 * second + 0.001 * g**2
            theta = theta - 0.01 * (first / (1 - 0.9**t)) / (np.sqrt(second / (1 - 0.999**t)) + 1e-8)
            outputs[f"parameters{t}"] = theta
        add(f"adam-{penalty}", "adam", inputs, outputs, settings={"step": 0.01, "regularization": penalty})


def adam_from_zero():
    """The same from parameters of 0, without a penalty and always uphill: the parameters are the steps, to all digits."""
    theta, first, second = np.zeros(7), np.zeros(7), np.zeros(7)
    inputs, outputs = {"parameters": theta}, {}
    sizes = np.array([1, -1, 2**-3, -2**-3, 2**-6, -2**-6, 2**-9])
    for t in (1, 2, 3):
        g = inputs[f"gradient{t}"] = sizes * draw(7, low=0.5)
        first = 0.9 * first + 0.1 * g
        second = 0.999 * second + 0.001 * g**2
        theta = theta - 0.01 * (first / (1 - 0.9**t)) / (np.sqrt(second / (1 - 0.999**t)) + 1e-8)
        outputs[f"parameters{t}"] = theta
    add("adam-from-zero", "adamFromZero", inputs, outputs, settings={"step": 0.01, "regularization": 0})


def plateau():
    """After epoch e, b is the first epoch with the lowest error, and l the epoch of the last reduction, −1 at first."""
    falling = [0.5, 0.25, 0.25, 0.375, 0.25, 0.125, 0.125, 0.125, 0.25, 0.125, 0.125, 0.0625, 0.125, 0.0625, 0.125, 1]
    # Cases in which only the conditions decide: the first reduction, and those after it.
    rising = [0.5] + 13 * [0.75]
    for name, errors, cooldown, patience in (
            ("", falling, 3, 2), ("", falling, 1, 1), ("", falling, 5, 3), ("", falling, 2, 4),
            ("rising-", rising, 5, 1), ("rising-", rising, 2, 4), ("rising-", rising, 4, 4)):
        scale, last, scales = 1.0, -1, []
        for e in range(len(errors)):
            best = errors.index(min(errors[:e + 1]))
            if e - last >= cooldown and e - max(best, last) >= patience:
                scale, last = scale / 2, e
            scales.append(scale)
        add(f"plateau-{name}{cooldown}-{patience}", "plateau", {"errors": errors}, {"scales": scales},
            settings={"cooldown": cooldown, "patience": patience})


if __name__ == "__main__":
    for section in (weight_moments, initialization, dense, distribution_dense, batch_normalization, activations):
        section()
    noisy("Double")
    noisy("Float")
    for section in (cross_entropy, adam, plateau, grids, saturated_samples, adam_from_zero):
        section()
    common.write(
        "ops/layers.json", "layers.py", f"layers, losses, initialization, Adam; random streams of {STREAM}",
        "Roth et al. 2019, doi:10.1007/978-3-030-46147-8_23; Peters & Welling 2018; Kingma & Ba 2015",
        {"jax": jax.__version__, "mpmath": mpmath.__version__, "numpy": np.__version__}, cases)
