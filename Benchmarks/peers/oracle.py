#!/usr/bin/env python3
"""Writes what the peers are checked with: parameters, batches and noise, and what they give in float64, by Golden/oracle.

Usage: oracle.py EXPERIMENT REGULARIZATION GIVEN.npz EXPECTED.npz
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Golden/oracle"))

import jax
import jax.numpy as jnp
import numpy as np

import experiments
import steps
from linear import linear
from networks import Pass, chain, hard

STEPS = 3


class Trial(steps.Trial):
    """Steps with NumPy's noise, which is kept."""

    def __init__(self, settings, layers, random):
        super().__init__(settings, layers)
        self.random = random

    def noise(self, parameters, x, step):
        needed = {}

        def recording(kind, purpose, block, shape):
            needed[kind, purpose, block, shape] = getattr(self.random, {"normal": "standard_normal"}.get(kind, kind))
            return jnp.zeros(shape)

        jax.eval_shape(lambda numbers: Pass(self.settings, numbers, recording)(self.layers, x)[0], parameters)
        return {key: draw(size=key[-1]).astype(np.float32).astype(np.float64) for key, draw in needed.items()}


def parameters_of(blocks, random):
    """Parameters far from special values, some of them at the limits of clipping."""
    result = {name: array.astype(np.float64) for name, array in experiments.initial(blocks, 1).items()}
    for name, array in result.items():
        if name.endswith("logits"):
            array += random.uniform(-0.5, 0.5, array.shape)
            array.flat[:: 101], array.flat[1 :: 101] = 5, -5
        else:
            array += random.uniform(-0.4, 0.4, array.shape)
    return {name: array.astype(np.float32) for name, array in result.items()}


def outputs(run, layers, x):
    """The deployed network's outputs."""
    for layer in layers:
        if layer["type"] == "linear":
            x = x if layer["kernel"] else x.reshape(len(x), -1)
            x = linear(layer["kernel"], layer["padding"])(x, run.discrete(layer)) * (1 - layer["rate"])
            if layer["last"]:
                return (x + run.linear_parameter(layer, "bias")) / np.sqrt(layer["fanIn"] + 1)
        elif layer["type"] == "pooling":
            (x,) = run.pooling((x,), layer)
        elif layer["type"] == "normalization":
            mean, inverse, scale, shift = (
                jnp.reshape(run.parameters[f"block{layer['block']}.normalization.{name}"], (-1,) + (1,) * (x.ndim - 2))
                for name in ("runningMean", "runningInverseDeviation", "scale", "shift"))
            x = hard((x - mean) * inverse * scale + shift)


def main(experiment, regularization, given_path, expected_path):
    architecture, dropout = experiments.EXPERIMENTS[experiment]
    settings = steps.DEFAULTS | {
        "kind": "discrete-sign", "architecture": architecture, "image": [1, 28, 28], "dropout": list(dropout),
        "regularization": float(regularization), "weightStep": 0.01, "otherStep": 0.001, "pixelMaximum": 255}
    layers, random, blocks = chain(settings), np.random.default_rng(7), experiments.blocks_of(experiment)
    trial = Trial(settings, layers, random)
    start = parameters_of(blocks, random)
    given, expected = dict(start), {}
    start = {name: array.astype(np.float64) for name, array in start.items()}
    batches = [experiments.random_batch(blocks, 10 + i) for i in range(STEPS)]
    parameters, adam = start, steps.Adam(settings)
    for i, (x, labels) in enumerate(batches):
        given |= {f"x{i}": x, f"labels{i}": labels}
        x = x.astype(np.float64)
        noise = trial.noise(parameters, x, i)
        for (kind, _, block, _), array in noise.items():
            if kind == "uniform":
                given[f"noise{i}.dropout{block}"] = array < 1 - dropout[block - 1]
            else:
                given[f"noise{i}.sample{block}"] = array.astype(np.float32)
        statistics = {name: array for name, array in parameters.items() if "running" in name}
        trained = {name: array for name, array in parameters.items() if name not in statistics}
        (_, (loss, _, _)), gradients = trial.differentiate(trained, statistics, x, labels, noise)
        expected[f"loss{i}"] = loss
        gradients = {name: np.asarray(gradient) for name, gradient in gradients.items()}
        if i == 0:
            expected |= {f"gradient.{name}": gradient for name, gradient in gradients.items()}
        parameters = adam(parameters, gradients)
    expected |= {f"stepped.{name}": array for name, array in parameters.items() if "running" not in name}
    fitted = start
    for x, _ in batches:
        fitted = steps.moved(fitted, trial.deploy(fitted, x.astype(np.float64))[0])
    expected |= {f"fitted.{name}": array for name, array in fitted.items() if "running" in name}
    expected["outputs"] = outputs(Pass(settings, fitted), layers, jnp.asarray(batches[0][0], dtype=jnp.float64))
    np.savez(given_path, **given)
    np.savez(expected_path, **expected)


if __name__ == "__main__":
    main(*sys.argv[1:])
