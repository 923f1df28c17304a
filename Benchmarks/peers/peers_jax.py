#!/usr/bin/env python3
"""Signet's training step for a network with discrete weights and sign activations, in JAX (Method.md).

A step is one jitted function that draws its noise, differentiates, updates by Adam and clips, with donated buffers. Images are NHWC,
filters HWIO. Obeys the commands of experiments.serve.
"""
import math
import os

import experiments

if __name__ == "__main__":
    options = experiments.arguments(("jit",))
    # XLA's thread pool has this size.
    os.environ["NPROC"] = str(options.threads)

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import erf

from experiments import BATCH, BETA1, BETA2, RUNNING_FACTOR


def clark(m1, v1, m2, v2):
    """The maximum of two Gaussians (Clark 1961), with m2 subtracted from both means, which avoids cancellation."""
    d, a = m1 - m2, jnp.sqrt(v1 + v2 + 1e-8)
    alpha = d / a
    # jax.scipy.special.ndtr takes half as long again.
    cdf, density = 0.5 + 0.5 * erf(math.sqrt(0.5) * alpha), a * jnp.exp(-0.5 * alpha**2) / math.sqrt(2 * math.pi)
    m = d * cdf + density
    return m2 + m, (v1 + d**2) * cdf + v2 * (1 - cdf) + d * density - m**2 + 1e-8


def max_of_gaussians(m, v):
    """Of 2×2 windows: the maximum of each row, and of the two. Slices of channels take a fifth of the time of strided slices."""
    n, height, width, c = m.shape
    m, v = (x.reshape(n, height, width // 2, 2 * c) for x in (m, v))
    m, v = clark(m[..., :c], v[..., :c], m[..., c:], v[..., c:])
    m, v = (x.reshape(n, height // 2, 2, width // 2, c) for x in (m, v))
    return clark(m[:, :, 0], v[:, :, 0], m[:, :, 1], v[:, :, 1])


def linear(x, weights):
    if weights.ndim == 4:
        return jax.lax.conv_general_dilated(x, weights, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))
    return x.reshape(len(x), -1) @ weights


def moments(logits):
    """The mean and variance of weights in {−1, 0, 1}. Logits are in [−5, 5], so no exponential overflows.

    XLA's processor backend takes thirty times as long for jax.nn.softmax over an axis of length 3, and several times as long if
    the three logits of a weight are in one array.
    """
    minus, zero, plus = map(jnp.exp, logits)
    inverse = 1 / (minus + zero + plus)
    mean = (plus - minus) * inverse
    return mean, (plus + minus) * inverse - mean**2


def statistics(m, v=0.0):
    """The mean and the inverse deviation of Gaussians, by channel."""
    axes, count = tuple(range(m.ndim - 1)), m.size // m.shape[-1]
    centre = m.mean(axes)
    return centre, jax.lax.rsqrt((v + (m - centre)**2).sum(axes) / (count - 1) + 1e-8)


def block_forward(block, own, x, draw):
    """Dropout, a linear layer whose weights are distributions, and what follows it; `draw(kind, name, shape)` gives noise."""
    if block.dropout:
        x = x * draw("mask", f"dropout{block.number}", x.shape)
    mean, variance = moments(own["logits"])
    m, v = linear(x, mean), linear(x**2, variance)
    if block.last:
        noise = draw("normal", f"sample{block.number}", m.shape)
        return (m + own["bias"]) / block.divisor + jnp.sqrt(v / block.divisor**2 + 1e-8) * noise
    if block.pooled:
        m, v = max_of_gaussians(m, v)
    centre, inverse = statistics(m, v)
    factor = inverse * own["scale"]
    m, v = (m - centre) * factor + own["shift"], v * factor**2
    m = erf(m * jax.lax.rsqrt(2 * v + 1e-8))
    noise = draw("logistic", f"sample{block.number}", m.shape)
    return jnp.tanh(0.5 * (jnp.log(1 + m + 1e-6) - jnp.log(1 - m + 1e-6) + noise))


def block_deployed(block, own, running, weights, x):
    """The deployed block's output, and the statistics of what it normalizes."""
    x = linear(x, weights) * (1 - block.dropout)
    if block.last:
        return (x + own["bias"]) / block.divisor, None
    if block.pooled:
        x = jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
    y = (x - running["mean"]) * (running["inverse"] * own["scale"]) + own["shift"]
    return jnp.where(y >= 0, 1.0, -1.0), statistics(x)


def discrete_weights(parameters):
    """The most probable weights; the lowest of equally probable ones."""
    def most_probable(minus, zero, plus):
        return jnp.where(minus >= jnp.maximum(zero, plus), -1.0, jnp.where(zero >= plus, 0.0, 1.0))

    return [most_probable(*own["logits"]) for own in parameters]


def scaled(x):
    return x * (2 / 255) - 1


def drawing(blocks, key):
    """Draws each block's noise from keys of its own."""
    keys = dict(zip((f"{kind}{block.number}" for block in blocks for kind in ("dropout", "sample")),
                    jax.random.split(key, 2 * len(blocks))))

    def draw(kind, name, shape):
        if kind == "mask":
            rate = next(block.dropout for block in blocks if name == f"dropout{block.number}")
            return jax.random.bernoulli(keys[name], 1 - rate, shape)
        return getattr(jax.random, kind)(keys[name], shape)

    return draw


class Peer:
    def __init__(self, options):
        self.blocks, self.regularization = experiments.blocks_of(options.experiment), options.regularization
        self.key = jax.random.key(1)
        self.advance = jax.jit(self.advanced, donate_argnums=0)
        self.advance_in_epoch = jax.jit(self.advanced_in_epoch, donate_argnums=0)
        self.deploy = jax.jit(self.deployed)
        self.fit = jax.jit(self.fitted)
        self.count_errors = jax.jit(lambda parameters, running, weights, x, labels: (
            jnp.argmax(self.deployed(parameters, running, weights, scaled(x))[0], axis=1) != labels).sum())
        self.discrete = jax.jit(discrete_weights)
        self.load_batch = jax.jit(lambda images, indices: scaled(images[indices]))

    # Training

    def loss(self, parameters, x, labels, draw):
        for block, own in zip(self.blocks, parameters):
            x = block_forward(block, own, x, draw)
        entropy = -jnp.take_along_axis(jax.nn.log_softmax(x), labels[:, None], axis=1).mean()
        return entropy, (jnp.argmax(x, axis=1) != labels).sum()

    def advanced(self, state, x, labels, noise=None):
        key, parameters, first, second, time = state
        key, own = jax.random.split(key)
        draw = drawing(self.blocks, own) if noise is None else lambda kind, name, shape: noise[name]
        (loss, errors), gradients = jax.value_and_grad(self.loss, has_aux=True)(parameters, x, labels, draw)
        time += 1

        def update(path, p, g, m, v):
            logits = path[1].key == "logits"
            if logits:
                g = g + 2 * self.regularization * p
            m, v = BETA1 * m + (1 - BETA1) * g, BETA2 * v + (1 - BETA2) * g**2
            rate = experiments.LEARNING_RATE if logits else experiments.OTHER_LEARNING_RATE
            root = jnp.sqrt(v / (1 - BETA2**time)) + experiments.ADAM_EPSILON
            p = p - rate / (1 - BETA1**time) * m / root
            return (jnp.clip(p, -experiments.LIMIT, experiments.LIMIT) if logits else p), m, v

        updated = jax.tree_util.tree_map_with_path(update, parameters, gradients, first, second)
        parts = jax.tree.transpose(jax.tree.structure(parameters), jax.tree.structure((0, 0, 0)), updated)
        return (key, *parts, time), loss, errors

    def advanced_in_epoch(self, state, images, labels, indices):
        return self.advanced(state, scaled(images[indices]), labels[indices])

    def step(self, batch, noise=None):
        self.state, loss, errors = self.advance(self.state, *batch, noise)
        jax.block_until_ready((self.state, errors))
        return float(loss)

    # The end of an epoch

    def deployed(self, parameters, running, weights, x):
        seen = []
        for parts in zip(self.blocks, parameters, running, weights):
            x, statistics = block_deployed(*parts, x)
            seen.append(statistics)
        return x, seen

    def fitted(self, parameters, running, weights, x):
        def moved(old, seen):
            return old + RUNNING_FACTOR * (seen - old)

        return [old and {"mean": moved(old["mean"], seen[0]), "inverse": moved(old["inverse"], seen[1])}
                for old, seen in zip(running, self.deployed(parameters, running, weights, x)[1])]

    def fit_running_averages(self, batches):
        weights = self.discrete(self.state[1])
        for x in batches:
            self.running = self.fit(self.state[1], self.running, weights, x)

    def outputs(self, x):
        return np.asarray(self.deploy(self.state[1], self.running, self.discrete(self.state[1]), x)[0])

    def epoch(self, training, validation, limit):
        (images, labels), total = training, 0.0
        self.key, own = jax.random.split(self.key)
        order = jax.random.permutation(own, len(labels)).reshape(-1, BATCH)[:limit]
        for indices in order:
            self.state, loss, _ = self.advance_in_epoch(self.state, images, labels, indices)
            total += loss
        self.fit_running_averages(self.load_batch(images, indices) for indices in order)
        weights, errors = self.discrete(self.state[1]), 0
        for begin in range(0, min(limit * BATCH, len(validation[1])), BATCH):
            part = (array[begin : begin + BATCH] for array in validation)
            errors += self.count_errors(self.state[1], self.running, weights, *part)
        return float(total) / len(order), int(errors) / min(limit * BATCH, len(validation[1]))

    # Numbers in and out

    def batch(self, x, labels):
        x = x.transpose(0, 2, 3, 1) if x.ndim == 4 else x
        return jnp.asarray(x), jnp.asarray(labels, dtype=jnp.int32)

    images = batch

    def noise(self, arrays):
        return {name: jnp.asarray(array.transpose(0, 2, 3, 1) if array.ndim == 4 else array) for name, array in arrays.items()}

    def imported(self, block, logits):
        """(3, C k², O) to three (k, k, C, O); of a dense layer, the rows from (c, y, x) to (y, x, c)."""
        c, height, width = block.image
        if block.kernel:
            logits = logits.reshape(3, c, block.kernel, block.kernel, -1).transpose(0, 2, 3, 1, 4)
        else:
            logits = logits.reshape(3, c, height, width, -1).transpose(0, 2, 3, 1, 4).reshape(logits.shape)
        return tuple(map(jnp.array, logits))

    def exported(self, block, logits):
        c, height, width = block.image
        logits = np.stack(logits)
        shape = logits.shape if block.kernel else (3, height, width, c, block.outputs)
        return logits.reshape(shape).transpose(0, 3, 1, 2, 4).reshape(3, block.fan_in, block.outputs)

    def load(self, arrays):
        """Sets the parameters, with new moments."""
        parameters, self.running = [], []
        for block in self.blocks:
            name, running = f"block{block.number}", None
            own = {"logits": self.imported(block, arrays[f"{name}.linear.logits"])}
            if block.last:
                own["bias"] = jnp.array(arrays[f"{name}.linear.bias"])
            else:
                own |= {part: jnp.array(arrays[f"{name}.normalization.{part}"]) for part in ("scale", "shift")}
                running = {"mean": jnp.array(arrays[f"{name}.normalization.runningMean"]),
                           "inverse": jnp.array(arrays[f"{name}.normalization.runningInverseDeviation"])}
            parameters.append(own)
            self.running.append(running)
        zeros = [jax.tree.map(jnp.zeros_like, parameters) for _ in range(2)]
        self.key, own = jax.random.split(self.key)
        self.state = own, parameters, *zeros, jnp.zeros(())

    def named(self, parts):
        """Arrays by Signet's names."""
        for block, own in zip(self.blocks, parts):
            for part, array in own.items():
                stage = "linear" if part in ("logits", "bias") else "normalization"
                yield (f"block{block.number}.{stage}.{part}",
                       self.exported(block, array) if part == "logits" else np.asarray(array))

    def parameters(self):
        result = dict(self.named(self.state[1]))
        for block, own in zip(self.blocks, self.running):
            if own:
                name = f"block{block.number}.normalization"
                result |= {f"{name}.runningMean": np.asarray(own["mean"]),
                           f"{name}.runningInverseDeviation": np.asarray(own["inverse"])}
        return result

    def first_moments(self):
        return dict(self.named(self.state[2]))


if __name__ == "__main__":
    experiments.serve(Peer(options), jax.__version__)
