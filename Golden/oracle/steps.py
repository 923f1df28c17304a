#!/usr/bin/env python3
"""Writes Golden/ops/steps.json: three training steps of small networks, by JAX and its own autodiff in float64.

Each network is built from the method's formulas and block orders (Roth et al. 2019), not from Signet's code: forward
with the noise of Signet's streams (random_streams.py), loss, gradients down to the trained numbers, regularizer, Adam as
printed, clipping. Where the method averages in each step (real networks), the running averages move; after the last step,
those of the other networks are fitted to the deployed network over the same three batches. `loss` excludes the regularizer. The
number of a block, from 1, names its parameters and is part of its streams' key. With sign activations the deployed network is a
function of integers; inputs are multiples of 2/2048, so that 2048 times an input is an integer. No number may depend on rounding:
inputs are drawn again if a hard decision (sign, largest, most probable) is close, or if Adam divides a gradient that is nearly 0,
and so all rounding error, by a number like it.
Usage: python3 Golden/oracle/steps.py   (needs requirements.txt)
"""
import math

import jax
import jax.numpy as jnp
import mpmath
import numpy as np

import common
from networks import Pass, chain
from random_streams import Stream

jax.config.update("jax_enable_x64", True)
MARGIN = 1e-7
# The least root of Adam's corrected second moment, for gradients that are not exactly 0: an error δ of a gradient, about 1e-16,
# becomes an error of about step · δ / GRADIENT, below 1e-12, in the parameter.
GRADIENT = 3e-6
golden = common.Cases(20261126)
draw = golden.draw
DEFAULTS = {
    "image": [3, 1, 1], "dropout": None, "grids": ["ternary"], "parameterization": "logits", "sampling": "every-layer",
    "estimator": "relaxed", "temperature": 1.0, "loss": "cross-entropy", "regularizer": "squares",
    "regularization": 0.001, "weightStep": 0.01, "otherStep": 0.001, "stepScale": 1.0, "epoch": 3, "batch": 4, "steps": 3,
    "pixelMaximum": 2048,
}


# Loss, regularizer, Adam

def loss_of(signal, labels, name):
    outputs = signal[0]
    own = jnp.arange(len(labels)), jnp.array(labels)
    if name == "squared-hinge":
        signs = 2 * jax.nn.one_hot(own[1], outputs.shape[1]) - 1
        return jnp.mean(jnp.sum(jnp.maximum(0, 1 - signs * outputs)**2, axis=1))
    entropy = -jax.nn.log_softmax(outputs)[own]
    if len(signal) == 2:
        s = jax.nn.softmax(outputs)
        entropy = entropy + 0.5 * (s * (1 - s) * signal[1]).sum(1)
    return jnp.mean(entropy)


def penalty(run, layers):
    settings, total = run.settings, 0.0
    for layer in layers:
        if layer["type"] != "linear" or settings["kind"] == "straight-through":
            continue
        if settings["regularizer"] == "divergence" and settings["kind"] != "real":
            p = run.probabilities(layer)
            prior = jnp.array(settings.get("prior") or [1 / len(p)] * len(p))[:, None, None]
            total += (p * (jnp.log(p) - jnp.log(prior))).sum()
        else:
            total += (run.linear_parameter(layer, "weights" if settings["kind"] == "real" else "logits")**2).sum()
    return settings["regularization"] * total


class Adam:
    """Kingma & Ba 2015, algorithm 1, and what follows an update: numbers of discrete weights are clipped."""

    def __init__(self, settings):
        self.settings, self.first, self.second, self.time, self.least = settings, {}, {}, 0, math.inf

    def __call__(self, parameters, gradients):
        self.time, result = self.time + 1, dict(parameters)
        for name, g in gradients.items():
            kind = name.split(".")[2]
            step = self.settings["weightStep" if kind in ("weights", "logits") else "otherStep"] * self.settings["stepScale"]
            self.first[name] = 0.9 * self.first.get(name, 0.0) + 0.1 * g
            self.second[name] = 0.999 * self.second.get(name, 0.0) + 0.001 * g**2
            corrected = self.first[name] / (1 - 0.9**self.time), self.second[name] / (1 - 0.999**self.time)
            self.least = min([self.least, *np.sqrt(corrected[1][corrected[1] > 0])])
            result[name] = parameters[name] - step * corrected[0] / (np.sqrt(corrected[1]) + 1e-8)
            limit = 5 if kind == "logits" else 1 if self.settings["kind"] == "straight-through" and kind == "weights" else None
            if limit:
                result[name] = np.clip(result[name], -limit, limit)
        return result


def moved(parameters, seen):
    """Moves the running averages by 0.1 towards the new statistics."""
    result = dict(parameters)
    for block, statistics in seen.items():
        for name, new in zip(("runningMean", "runningInverseDeviation"), statistics):
            name = f"block{block}.normalization.{name}"
            result[name] = 0.9 * parameters[name] + 0.1 * np.asarray(new)
    return result


# Cases

def initial(layers, settings):
    """Parameters that are multiples of 1/1024, some of them at the limits of clipping."""
    result = {}
    for layer in layers:
        name = f"block{layer['block']}.{layer['type']}"
        if layer["type"] == "linear":
            shape = layer["fanIn"], layer["outputs"]
            if settings["kind"] in ("real", "straight-through"):
                result[f"{name}.weights"] = weights = draw(*shape, low=-1, high=1)
                weights.flat[0], weights.flat[-1] = 1, -1
            else:
                planes = len(layer["values"]) - (settings["parameterization"] != "logits")
                result[f"{name}.logits"] = logits = draw(planes, *shape)
                logits.flat[0], logits.flat[-1] = 5, -5
            if layer["last"]:
                result[f"{name}.bias"] = draw(layer["outputs"], low=-1, high=1)
        elif layer["type"] == "normalization":
            c = layer["outputs"]
            result |= {f"{name}.scale": draw(c, low=0.5, high=1.5), f"{name}.shift": draw(c, low=-0.5, high=0.5),
                       f"{name}.runningMean": draw(c, low=-1, high=1),
                       f"{name}.runningInverseDeviation": draw(c, low=0.5, high=2)}
    return result


def drawn(settings, step, kind, purpose, block, shape):
    """Signet's own noise of the block in that step."""
    stream = Stream(settings["seed"], purpose, settings["epoch"], step, block)
    return np.array([getattr(stream, kind)(i, 64) for i in range(math.prod(shape))]).reshape(shape)


class Trial:
    """Three steps of one network; `least` says how far its numbers are from depending on rounding."""

    def __init__(self, settings, layers):
        self.settings, self.layers = settings, layers
        self.differentiate = jax.jit(jax.value_and_grad(self.objective, has_aux=True))
        self.deploy = jax.jit(self.deployed)

    def objective(self, trained, rest, x, labels, noise):
        run = Pass(self.settings, rest | trained, lambda *key: noise[key])
        loss = loss_of(run(self.layers, x), labels, self.settings["loss"])
        return loss + penalty(run, self.layers), (loss, run.seen, run.margins)

    def deployed(self, parameters, x):
        run = Pass(self.settings, parameters)
        run.deployed(self.layers, x)
        return run.seen, run.margins

    def noise(self, parameters, x, step):
        """The noise that the pass asks for, found by a pass that computes only shapes."""
        needed = []

        def recording(*key):
            needed.append(key)
            return jnp.zeros(key[-1])

        jax.eval_shape(lambda numbers: Pass(self.settings, numbers, recording)(self.layers, x)[0], parameters)
        return {key: drawn(self.settings, step, *key) for key in needed}

    def __call__(self, parameters, batches, labels):
        adam, steps, margins = Adam(self.settings), [], []
        for step, (x, own) in enumerate(zip(batches, labels)):
            statistics = {key: value for key, value in parameters.items() if "running" in key}
            trained = {key: value for key, value in parameters.items() if key not in statistics}
            (_, (loss, seen, near)), gradients = self.differentiate(
                trained, statistics, x, np.array(own), self.noise(parameters, x, step))
            margins += near
            if self.settings["kind"] == "real":
                parameters = moved(parameters, seen)
            parameters = adam(parameters, {key: np.asarray(g) for key, g in gradients.items()})
            steps.append(common.tensors({"loss": [loss]} | parameters))
        result = {"steps": steps}
        if self.settings["kind"] != "real":
            for x in batches:
                seen, near = self.deploy(parameters, x)
                margins += near
                parameters = moved(parameters, seen)
            result["fitted"] = common.tensors({key: value for key, value in parameters.items() if "running" in key})
        self.least = min(map(float, margins), default=math.inf), adam.least
        return result


def add(name, **settings):
    settings = DEFAULTS | settings | {"seed": 100 + len(golden.cases)}
    settings = {key: value for key, value in settings.items() if value is not None}
    layers = chain(settings)
    classes, trial = layers[-1]["outputs"], Trial(settings, layers)
    for attempt in range(1, 51):
        start = initial(layers, settings)
        x = [draw(settings["batch"], *settings["image"], low=-1, high=1) for _ in range(settings["steps"])]
        if layers[0]["kernel"] == 0:
            x = [batch.reshape(len(batch), -1) for batch in x]
        labels = golden.generator.integers(0, classes, (len(x), settings["batch"])).tolist()
        numbers = trial(start, x, labels)
        if trial.least[0] > MARGIN and trial.least[1] > GRADIENT:
            break
    else:
        raise SystemExit(f"{name}: after {attempt} draws a number still depends on rounding")
    inputs = common.tensors(start | {f"x{i}": batch for i, batch in enumerate(x, 1)})
    golden.cases.append({"name": name, "settings": settings, "labels": labels, "inputs": inputs} | numbers)
    print(f"{name}: draw {attempt}, least margin {trial.least[0]:.1e}, least gradient {trial.least[1]:.1e}")


if __name__ == "__main__":
    add("discrete-sign-dropout", kind="discrete-sign", architecture="3-3", dropout=[0.2, 0.4])
    add("discrete-tanh", kind="discrete-tanh", architecture="3-2", grids=["quaternary-symmetric"], dropout=[0, 0.3])
    add("real-dropout", kind="real", architecture="3-3-3", dropout=[0.2, 0.4, 0.4], weightStep=0.003)
    add("real-convolution", kind="real", architecture="2C3-P2-2-2", image=[1, 5, 3], stepScale=0.5)
    add("straight-through", kind="straight-through", architecture="3-3-3", batch=6, dropout=[0.2, 0, 0.3], weightStep=0.001,
        regularization=0)
    add("straight-through-convolution", kind="straight-through", architecture="2C3-P2-2", image=[1, 5, 5],
        weightStep=0.001, regularization=0)
    add("discrete-sign-convolution", kind="discrete-sign", architecture="2C3-P2-2", image=[1, 4, 3], dropout=[0, 0.2])
    add("discrete-tanh-convolution", kind="discrete-tanh", architecture="2C3-P2-2", image=[1, 5, 3])
    add("hierarchical-quinary", kind="discrete-sign", architecture="3-2", grids=["quinary"], parameterization="hierarchical")
    add("hierarchical-ternary", kind="discrete-tanh", architecture="3-3", parameterization="hierarchical")
    add("binary", kind="discrete-sign-from-tanh", architecture="3-3", grids=["binary"])
    add("zero-anchored-ternary", kind="discrete-sign", architecture="3-3", parameterization="zero-anchored")
    add("zero-anchored-quinary", kind="discrete-sign", architecture="3-2", grids=["quinary"],
        parameterization="zero-anchored", temperature=0.5)
    add("squared-hinge", kind="discrete-sign", architecture="3-3", grids=["ternary", "quaternary-plus"], loss="squared-hinge")
    add("sampling-output", kind="discrete-sign", architecture="3-2-3", sampling="output")
    add("sampling-nowhere", kind="discrete-sign", architecture="3-2-3", sampling="nowhere", dropout=[0, 0.3, 0.2])
    add("sampling-nowhere-convolution", kind="discrete-sign", architecture="2C3V-A2-2", image=[1, 4, 5], sampling="nowhere")
    add("straight-through-samples", kind="discrete-sign", architecture="3-3", estimator="straight-through", temperature=0.5)
    add("divergence", kind="discrete-sign", architecture="3-2", grids=["quaternary-minus"], regularizer="divergence",
        prior=[0.1, 0.2, 0.4, 0.3], regularization=0.03)
    add("divergence-hierarchical", kind="discrete-sign", architecture="3-3", parameterization="hierarchical",
        regularizer="divergence", regularization=0.03)
    common.write(
        "ops/steps.json", "steps.py", "three whole training steps of small networks",
        "Roth et al. 2019, doi:10.1007/978-3-030-46147-8_23; Kingma & Ba 2015, doi:10.48550/arXiv.1412.6980; Clark 1961, "
        "doi:10.1287/opre.9.2.145; Hubara et al. 2016, arXiv 1602.02830; Shayer et al. 2018, doi:10.48550/arXiv.1710.07739",
        {"jax": jax.__version__, "mpmath": mpmath.__version__, "numpy": np.__version__}, golden.cases)
