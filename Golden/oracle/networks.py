"""The networks of the method, layer by layer, for steps.py: their formulas, with gradients by JAX.

See Roth et al. 2019, doi:10.1007/978-3-030-46147-8_23. This is not a script and writes nothing.
"""
import math
import re
from fractions import Fraction

import jax
import jax.numpy as jnp

from linear import broadcast, linear
from pooling import clark, windows
from weights import GRIDS, PARAMETERIZATIONS

POOLING = {"P2": "max", "A2": "average", "S2": "sum"}


# Order of the layers

def blocks_of(architecture):
    """(outputs, kernel or 0, padding, pooling) of each linear layer, such as 32C5, 32C5V (not padded) or 512; P2 pools."""
    blocks = []
    for element in architecture.split("-"):
        if element in POOLING:
            blocks[-1][3] = POOLING[element]
        else:
            outputs, kernel, valid = re.fullmatch(r"(\d+)(?:C(\d+)(V?))?", element).groups()
            kernel = int(kernel or 0)
            blocks.append([int(outputs), kernel, 0 if valid else kernel // 2, None])
    return blocks


def hidden(settings, pooling):
    """The layers after a hidden linear layer."""
    pool = ["pooling"] if pooling else []
    if settings["kind"] == "real":
        return ["normalization", "tanh"] + pool
    if settings["kind"] == "discrete-tanh":
        return ["gaussian_sample"] + pool + ["normalization", "tanh"]
    if settings["kind"] == "straight-through":
        return pool + ["normalization", "straight_through_sign"]
    sample = ["bernoulli_sample"] if settings["sampling"] == "every-layer" else []
    return pool + ["normalization", "sign"] + sample


def chain(settings):
    """All layers, each with the number of its block, from 1, and its settings."""
    (channels, height, width), layers = settings["image"], []
    blocks = blocks_of(settings["architecture"])
    fan_in = channels * height * width
    for number, (outputs, kernel, padding, pooling) in enumerate(blocks):
        last = number == len(blocks) - 1
        rate = settings["dropout"][number] if "dropout" in settings else 0
        types = (["dropout"] if rate else []) + ["linear"]
        if not last:
            types += hidden(settings, pooling)
        elif settings["kind"].startswith("discrete") and settings["sampling"] != "nowhere":
            types.append("gaussian_sample")
        grids = settings["grids"]
        values = GRIDS["binary" if settings["kind"] == "straight-through" else grids[number % len(grids)]][0]
        for name in types:
            layers.append({
                "type": name, "block": number + 1, "last": last, "rate": rate, "kernel": kernel, "padding": padding,
                "pooling": pooling, "outputs": outputs, "values": [float(value) for value in values],
                "fanIn": channels * kernel**2 if kernel else fan_in})
        if kernel:
            channels, height, width = outputs, height + 2 * padding - kernel + 1, width + 2 * padding - kernel + 1
            if pooling:
                height, width = height // 2, width // 2
            fan_in = channels * height * width
        else:
            fan_in = outputs
    return layers


# Straight-through gradients as defined: that of w for sign w, and that of the hard tanh for the sign activation.

def hard(x):
    return jnp.where(x >= 0, 1.0, -1.0)


@jax.custom_vjp
def sign_like(x):
    return hard(x)


@jax.custom_vjp
def sign_in_window(x):
    return hard(x)


sign_like.defvjp(lambda x: (hard(x), None), lambda _, g: (g,))
sign_in_window.defvjp(lambda x: (hard(x), x), lambda x, g: (jnp.where(jnp.abs(x) <= 1, g, 0.0),))


# The layers in training. A signal is (value,), (mean, variance) or, for a ±1 variable, its mean as a Bernoulli.

class Bernoulli(tuple):
    pass


def moments_of(signal):
    return (signal[0], 1 - signal[0]**2 + 1e-6) if isinstance(signal, Bernoulli) else signal


class Pass:
    """One pass through a network with these settings, with `noise(kind, purpose, block, shape)`.

    `seen` has the statistics that each block's batch normalization saw; `margins` says how close each hard decision was.
    """

    def __init__(self, settings, parameters, noise=None):
        self.settings, self.parameters, self.noise = settings, parameters, noise
        self.seen, self.margins = {}, []

    def decide(self, distance):
        self.margins.append(jnp.min(distance))

    def linear_parameter(self, layer, name):
        return self.parameters.get(f"block{layer['block']}.linear.{name}")

    def probabilities(self, layer):
        return PARAMETERIZATIONS[self.settings["parameterization"]](self.linear_parameter(layer, "logits"))

    def __call__(self, layers, x):
        signal = (x,)
        for layer in layers:
            signal = getattr(self, layer["type"])(signal, layer)
        return signal

    def dropout(self, signal, layer):
        parts = moments_of(signal)
        mask = self.noise("uniform", "dropout", layer["block"], parts[0].shape) < 1 - layer["rate"]
        return tuple(jnp.where(mask, part, 0.0) for part in parts)

    def linear(self, signal, layer):
        f = linear(layer["kernel"], layer["padding"])
        bias = self.linear_parameter(layer, "bias")
        if not layer["kernel"]:
            signal = type(signal)(part.reshape(part.shape[0], -1) for part in signal)
        divisor = math.sqrt(layer["fanIn"] + 1) if layer["last"] and self.settings["kind"] != "real" else 1.0

        def affine(x, weights):
            y = f(x, weights)
            return (y if bias is None else y + broadcast(bias, y)) / divisor

        if self.settings["kind"] in ("real", "straight-through"):
            weights = self.linear_parameter(layer, "weights")
            if self.settings["kind"] == "straight-through":
                self.decide(jnp.abs(weights))
                weights = sign_like(weights)
            return (affine(signal[0], weights),)
        values = jnp.array(layer["values"])
        p = self.probabilities(layer)
        mu = jnp.tensordot(values, p, 1)
        sigma2 = (p * (values[:, None, None] - mu)**2).sum(0)
        if len(signal) == 1 and not isinstance(signal, Bernoulli):
            return affine(signal[0], mu), f(signal[0]**2, sigma2) / divisor**2
        m, v = moments_of(signal)
        return affine(m, mu), (f(m**2, sigma2) + f(v, mu**2) + f(v, sigma2)) / divisor**2

    def normalization(self, signal, layer):
        scale, shift = (self.parameters[f"block{layer['block']}.normalization.{name}"] for name in ("scale", "shift"))
        m, axes = signal[0], (0, 2, 3)[: signal[0].ndim - 1]
        n = m.size // m.shape[1]
        centre = m.mean(axes)
        if len(signal) == 1:
            spread = ((m - broadcast(centre, m))**2).sum(axes) / n
        else:
            spread = (signal[1] + (m - broadcast(centre, m))**2).sum(axes) / (n - 1)
        inverse = 1 / jnp.sqrt(spread + 1e-8)
        self.seen[layer["block"]] = centre, inverse
        factor = broadcast(inverse * scale, m)
        value = (m - broadcast(centre, m)) * factor + broadcast(shift, m)
        return (value,) if len(signal) == 1 else (value, signal[1] * factor**2)

    def tanh(self, signal, layer):
        return (jnp.tanh(signal[0]),)

    def sign(self, signal, layer):
        m, v = signal
        return Bernoulli((jax.scipy.special.erf(m / jnp.sqrt(2 * v + 1e-8)),))

    def straight_through_sign(self, signal, layer):
        self.decide(jnp.minimum(jnp.abs(signal[0]), jnp.abs(jnp.abs(signal[0]) - 1)))
        return (sign_in_window(signal[0]),)

    def gaussian_sample(self, signal, layer):
        m, v = signal
        return (m + jnp.sqrt(v + 1e-8) * self.noise("normal", "reparameterization", layer["block"], m.shape),)

    def bernoulli_sample(self, signal, layer):
        m = signal[0]
        noise = self.noise("logistic", "reparameterization", layer["block"], m.shape)
        x = jnp.tanh((jnp.log(1 + m + 1e-6) - jnp.log(1 - m + 1e-6) + noise) / (2 * self.settings["temperature"]))
        if self.settings["estimator"] == "relaxed":
            return (x,)
        self.decide(jnp.abs(x))
        return (sign_like(x),)

    def pooling(self, signal, layer):
        parts = [windows(part) for part in signal]
        if layer["pooling"] != "max":
            divisor = {"average": 4, "sum": 1}[layer["pooling"]]
            return tuple(sum(part) / divisor**power for power, part in enumerate(parts, 1))
        if len(signal) == 1:
            ordered = jnp.sort(jnp.stack(parts[0]), axis=0)
            self.decide(ordered[3] - ordered[2])
            return (ordered[3],)
        (m1, m2, m3, m4), (v1, v2, v3, v4) = parts
        return clark(*clark(m1, v1, m2, v2), *clark(m3, v3, m4, v4))

    # The deployed network: the most probable weights, hard signs; statistics from before the batch. With sign
    # activations it is a function of integers (held in float64): pixels 2p - M or signs, weights in
    # their grid's integer form, pooling on the integers, and one factor.

    def deployed(self, layers, x):
        """Fills `seen` with the mean and inverse deviation of the input of each normalization."""
        of_integers = self.settings["kind"] != "discrete-tanh"
        if of_integers:
            x = x * self.settings["pixelMaximum"]
        for layer in layers:
            block, kind = layer["block"], layer["type"]
            if kind == "linear":
                if layer["last"]:
                    return
                if not layer["kernel"]:
                    x = x.reshape(x.shape[0], -1)
                weights = self.discrete(layer)
                if of_integers:
                    # The grid's values are integers over this denominator.
                    denominator = math.lcm(*(Fraction(value).limit_denominator(100).denominator for value in layer["values"]))
                    weights = jnp.round(weights * denominator)
                    reach = self.settings["pixelMaximum"] if block == 1 else 1
                    factor = (1 - layer["rate"]) / (denominator * reach)
                x = linear(layer["kernel"], layer["padding"])(x, weights)
                if of_integers and not layer["pooling"]:
                    x = x * factor
            elif kind == "pooling":
                if of_integers:
                    of_sums = layer | {"pooling": "max" if layer["pooling"] == "max" else "sum"}
                    x = self.pooling((x,), of_sums)[0] * factor / (4 if layer["pooling"] == "average" else 1)
                else:
                    (x,) = self.pooling((x,), layer)
            elif kind == "normalization":
                axes = (0, 2, 3)[: x.ndim - 1]
                n = x.size // x.shape[1]
                centre = x.mean(axes)
                spread = ((x - broadcast(centre, x))**2).sum(axes) / (n - 1)
                self.seen[block] = centre, 1 / jnp.sqrt(spread + 1e-8)
                mean, inverse, scale, shift = (
                    broadcast(self.parameters[f"block{block}.normalization.{name}"], x)
                    for name in ("runningMean", "runningInverseDeviation", "scale", "shift"))
                x = (x - mean) * inverse * scale + shift
            elif kind in ("sign", "straight_through_sign"):
                self.decide(jnp.abs(x))
                x = hard(x)
            elif kind == "dropout" and not of_integers:
                x = x * (1 - layer["rate"])
            elif kind == "tanh":
                x = jnp.tanh(x)

    def discrete(self, layer):
        if self.settings["kind"] == "straight-through":
            return hard(self.linear_parameter(layer, "weights"))
        p = self.probabilities(layer)
        ordered = jnp.sort(p, axis=0)
        self.decide(ordered[-1] - ordered[-2])
        return jnp.array(layer["values"])[jnp.argmax(p, axis=0)]
