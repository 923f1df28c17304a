#!/usr/bin/env python3
"""Writes Golden/ops/weights.json: the parameterizations of weight distributions, their regularizer, initialization and
sampling.

Probabilities, moments and gradients are by JAX and its own autodiff in float64; samples compare a stream's exact numbers with
cumulative probabilities at 50 digits. Inputs are multiples of 1/1024, so that Float represents them exactly.
Usage: python3 Golden/oracle/weights.py   (needs requirements.txt)
"""
import itertools
from fractions import Fraction

import jax
import jax.numpy as jnp
import mpmath
import numpy as np
from mpmath import mp, mpf

import common
from common import STREAM, noise
from layers import ecdf, initial_probabilities

mp.dps = 50
# The grids' values, and c of the mapping by the empirical CDF.
GRIDS = {
    "binary": ([-1, 1], 2),
    "ternary": ([-1, 0, 1], 3 / 2),
    "quaternary-symmetric": ([-1, -1 / 3, 1 / 3, 1], 4 / 3),
    "quaternary-minus": ([-1, -1 / 2, 0, 1 / 2], 3 / 4),
    "quaternary-plus": ([-1 / 2, 0, 1 / 2, 1], 3 / 4),
    "quinary": ([-1, -1 / 2, 0, 1 / 2, 1], 5 / 4),
}
WITH_ZERO = ("ternary", "quinary")
# Grids without a name, by the names of their cases.
OWN = {"uneven": "-1,-1/2,0,1/4,1", "without-zero": "-1/2,1/8,3/8,3/4,1,5/2", "one-sign": "1/4,1/2,1"}
golden = common.Cases(20261124)
draw, add = golden.draw, golden.add


# Parameterizations: the probabilities, from the lowest value to the highest, computed from the parameters' planes

def softmax(parameters):
    return jax.nn.softmax(parameters, axis=0)


def zero_anchored(parameters):
    middle = len(parameters) // 2
    return softmax(jnp.concatenate([parameters[:middle], jnp.zeros_like(parameters[:1]), parameters[middle:]]))


def hierarchical(parameters):
    s = jax.nn.sigmoid
    zero, positive = s(parameters[0]), (1 - s(parameters[0])) * s(parameters[1])
    negative = (1 - s(parameters[0])) * (1 - s(parameters[1]))
    if len(parameters) == 2:
        return jnp.stack([negative, zero, positive])
    one, minus_one = s(parameters[2]), s(parameters[3])
    return jnp.stack([
        negative * minus_one, negative * (1 - minus_one), zero, positive * (1 - one), positive * one])


PARAMETERIZATIONS = {"logits": softmax, "hierarchical": hierarchical, "zero-anchored": zero_anchored}


def supported():
    """(parameterization, its function, grid, values, parameters per weight)"""
    for name, function in PARAMETERIZATIONS.items():
        for grid, (values, _) in GRIDS.items():
            if name == "logits" or grid in WITH_ZERO:
                yield name, function, grid, jnp.array(values, dtype=jnp.float64), len(values) - (name != "logits")


def distributions():
    for name, function, grid, values, planes in supported():
        inputs = {"1x1": draw(planes, 1, 1), "3x5": draw(planes, 3, 5)}
        if grid in WITH_ZERO:
            corners = np.array(list(itertools.product([-5.0, 0.0, 5.0], repeat=planes))).T
            # Steps coprime to 3, so that every plane keeps its three values.
            inputs["limits"] = corners[:, None, ::{2: 1, 3: 1, 4: 2, 5: 4}[planes]]
        for shape, parameters in inputs.items():
            distribution(f"{name}-{grid}-{shape}", name, function, grid, values, parameters)


def distribution(case, name, function, grid, values, parameters):
    prior = np.arange(1.0, len(values) + 1)
    prior = prior[::-1] / prior.sum()

    def moments(parameters):
        p = function(parameters)
        mean = jnp.tensordot(values, p, 1)
        return mean, (p * (values[:, None, None] - mean) ** 2).sum(0)

    def divergence(parameters):
        p = function(parameters)
        return (p * (jnp.log(p) - jnp.log(prior)[:, None, None])).sum()

    parameters = jnp.asarray(parameters)
    (mean, variance), pullback = jax.vjp(moments, parameters)
    cotangents = {"mean": draw(*mean.shape), "variance": draw(*mean.shape)}
    (gradient,) = pullback((jnp.asarray(cotangents["mean"]), jnp.asarray(cotangents["variance"])))
    weight = 0.375
    p = function(parameters)
    add(case, name, {"logits": parameters, "prior": prior},
        {"probabilities": p, "mean": mean, "variance": variance, "divergence": [divergence(parameters)],
         "map": values[jnp.argmax(most_exact(p), axis=0)]},
        cotangents=cotangents, settings={"weight": weight}, grid=grid,
        gradients={"logits": gradient, "regularized": gradient + weight * jax.grad(divergence)(parameters)})


def most_exact(p):
    """Probabilities that are equal in exact arithmetic need not be in float64: those equal to 14 digits count as ties."""
    return jnp.round(p, 14)


# Initialization

def expectation(weights, grid, high=0.95, low=0.05):
    def clip(p):
        return np.clip(p, low, high)

    size = np.abs(weights)
    if grid == "ternary":
        zero = clip(high - (high - low) * size)
        positive = clip(0.5 * (1 + weights / (1 - zero)))
        return np.stack([(1 - zero) * (1 - positive), zero, (1 - zero) * positive])
    zero = clip(high - (high - low) * np.minimum(2 * size, 1))
    outer = clip(2 * size - 1)
    mean_size = outer * 1 + (1 - outer) * 0.5
    positive = clip(0.5 * (1 + weights / ((1 - zero) * mean_size)))
    rest = 1 - zero
    return np.stack([rest * (1 - positive) * outer, rest * (1 - positive) * (1 - outer), zero,
                     rest * positive * (1 - outer), rest * positive * outer])


def parameters_of(p, grid):
    """The parameters in every parameterization that the grid has."""
    result = {"logits": np.log(p)}
    if grid not in WITH_ZERO:
        return result
    middle = len(p) // 2
    negative, zero, positive = p[:middle].sum(0), p[middle], p[middle + 1:].sum(0)
    tree = [np.log(zero / (negative + positive)), np.log(positive / negative)]
    if grid == "quinary":
        tree += [np.log(p[4] / p[3]), np.log(p[0] / p[1])]
    others = [k for k in range(len(p)) if k != middle]
    return result | {"hierarchical": np.stack(tree), "zero-anchored": np.log(p[others] / p[middle])}


def initializations():
    scale = np.array([[-2.0, -1.25, -1.0, -0.75, -0.5, -0.25, -0.125, -0.0, 0.0, 0.03125, 0.25, 0.5, 0.625, 1.0, 1.5]])
    for grid in WITH_ZERO:
        _, c = GRIDS[grid]
        for name, weights in (("scale", scale), ("random", draw(3, 5, low=-c, high=c))):
            p = expectation(weights, grid)
            add(f"expectation-{grid}-{name}", "expectation", {"weights": weights},
                {"probabilities": p} | parameters_of(p, grid), grid=grid)
        weights = draw(3, 5)
        p = expectation(ecdf(weights, c), grid)
        add(f"expectation-{grid}-real", "expectation-real", {"weights": weights},
            {"probabilities": p} | parameters_of(p, grid), grid=grid)
    for grid, (values, _) in GRIDS.items():
        # Positive multiples of 1/1024 with sum 1.
        cuts = np.stack([np.sort(golden.generator.choice(np.arange(1, 1024), len(values) - 1, replace=False))
                         for _ in range(15)])
        p = np.diff(cuts, axis=1, prepend=0, append=1024).T.reshape(len(values), 3, 5) / 1024
        add(f"parameters-{grid}", "parameters", {"probabilities": p}, parameters_of(p, grid), grid=grid)
    for grid, scalar in itertools.product(GRIDS, ("Double", "Float")):
        p = initial_probabilities(noise("normal", "initialization", (3, 5), scalar), GRIDS[grid][0])
        add(f"random-{grid}-{scalar}", "random", {}, {"probabilities": p} | parameters_of(p, grid), grid=grid,
            scalar=scalar)


# Sampling

def exact_probabilities(name, parameters):
    parameters = [mpf(float(x)) for x in parameters]
    if name == "hierarchical":
        s = [1 / (1 + mpmath.exp(-x)) for x in parameters]
        below, above = (1 - s[0]) * (1 - s[1]), (1 - s[0]) * s[1]
        if len(s) == 2:
            return [below, s[0], above]
        return [below * s[3], below * (1 - s[3]), s[0], above * (1 - s[2]), above * s[2]]
    if name == "zero-anchored":
        parameters.insert(len(parameters) // 2, mpf(0))
    powers = [mpmath.exp(x) for x in parameters]
    return [x / mpmath.fsum(powers) for x in powers]


def sampled(name, parameters, values, u):
    """The value at whose step the cumulative probability passes u; u must not be near a step."""
    cumulative = mpf(0)
    for value, p in zip(values, exact_probabilities(name, parameters)):
        cumulative += p
        if abs(cumulative - mpf(float(u))) < mpf("4e-7"):
            raise SystemExit(f"{name}: {float(u)} is too near a step at {float(cumulative)}; draw other parameters")
        if cumulative > mpf(float(u)):
            return float(value)
    raise SystemExit(f"{name}: probabilities do not sum to 1")


def samples():
    for (name, _, grid, values, planes), scalar in itertools.product(supported(), ("Double", "Float")):
        shape = (5, 9)
        parameters = draw(planes, *shape)
        uniform = noise("uniform", "discretization", shape, scalar)
        sample = np.array([[sampled(name, parameters[:, i, o], values, uniform[i, o]) for o in range(shape[1])]
                           for i in range(shape[0])])
        add(f"sample-{name}-{grid}-{scalar}", f"sample-{name}", {"logits": parameters}, {"sample": sample}, grid=grid,
            scalar=scalar)


# Custom grids, in fractions

def mapped(weights, values):
    """Maps each sign by its empirical CDF to (0, upper end] or (lower end, 0].

    An end is where the outer value's cell ends: as far outside the value as the midpoint to the next value is inside.
    """
    lower = min(2 * values[0] - (values[0] + values[1]) / 2, Fraction(0))
    upper = max(2 * values[-1] - (values[-1] + values[-2]) / 2, Fraction(0))
    positive = [w for w in weights.ravel() if w > 0]
    others = [w for w in weights.ravel() if w <= 0]

    def place(w):
        if w > 0:
            return upper * Fraction(sum(x <= w for x in positive), len(positive))
        return lower * Fraction(sum(x > w for x in others), len(others))

    return np.array([float(place(w)) for w in weights.ravel()]).reshape(weights.shape)


def own_grids():
    for name, grid in OWN.items():
        exact = [Fraction(value) for value in grid.split(",")]
        values = np.array([float(value) for value in exact])
        for shape in ((1, 1), (3, 5)):
            distribution(f"logits-{name}-{shape[0]}x{shape[1]}", "logits", softmax, grid, jnp.array(values),
                         draw(len(values), *shape))
        # 16 of each sign, so that mapped weights are exact, with no rounding errors for small gaps to enlarge.
        weights = np.concatenate([draw(4, 4, low=0.01), draw(4, 4, high=0)], axis=1)
        p = initial_probabilities(mapped(weights, exact), values)
        add(f"initialization-{name}", "initialization", {"weights": weights},
            {"mapped": mapped(weights, exact), "probabilities": p, "logits": np.log(p)}, grid=grid)
        on_grid = np.array([[-2.0, -1.0, -0.5, -0.25, -0.0, 0.0, 0.25, 0.3125, 0.5, 0.75, 1.0, 1.75, 2.5, 3.0]])
        p = initial_probabilities(on_grid, values)
        add(f"rule-on-{name}", "rule", {"weights": on_grid}, {"probabilities": p, "logits": np.log(p)}, grid=grid)
        for scalar in ("Double", "Float"):
            p = initial_probabilities(noise("normal", "initialization", (3, 5), scalar), values)
            add(f"random-{name}-{scalar}", "random", {}, {"probabilities": p} | parameters_of(p, grid), grid=grid,
                scalar=scalar)
            parameters = draw(len(values), 5, 9)
            uniform = noise("uniform", "discretization", (5, 9), scalar)
            sample = np.array([[sampled("logits", parameters[:, i, o], values, uniform[i, o]) for o in range(9)]
                               for i in range(5)])
            add(f"sample-logits-{name}-{scalar}", "sample-logits", {"logits": parameters}, {"sample": sample},
                grid=grid, scalar=scalar)


if __name__ == "__main__":
    distributions()
    initializations()
    samples()
    own_grids()
    common.write(
        "ops/weights.json", "weights.py",
        f"parameterizations, KL divergence, initialization and samples of weight distributions; streams of {STREAM}",
        "Roth et al. 2019, doi:10.1007/978-3-030-46147-8_23; Shayer et al. 2018, doi:10.48550/arXiv.1710.07739",
        {"jax": jax.__version__, "mpmath": mpmath.__version__, "numpy": np.__version__}, golden.cases)
