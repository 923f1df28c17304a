#!/usr/bin/env python3
"""Signet's training step for a network with discrete weights and sign activations, in PyTorch: eager or compiled (Method.md).

The parameters are modules' parameters, the optimizer is torch.optim.Adam. The compiled modes compile loss and gradients, and the
update. Obeys the commands of experiments.serve.
"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import experiments
from experiments import BATCH, CLASSES, RUNNING_FACTOR


def clark(m1, v1, m2, v2):
    """The maximum of two Gaussians (Clark 1961), with m2 subtracted from both means, which avoids cancellation."""
    d, a = m1 - m2, (v1 + v2 + 1e-8).sqrt()
    alpha = d / a
    cdf, density = torch.special.ndtr(alpha), a * torch.exp(-0.5 * alpha.square()) / math.sqrt(2 * math.pi)
    m = d * cdf + density
    return m2 + m, (v1 + d.square()) * cdf + v2 * (1 - cdf) + d * density - m.square() + 1e-8


def max_of_gaussians(m, v):
    """Of 2×2 windows: the maximum of each row, and of the two."""
    for axis in 3, 2:
        (m1, m2), (v1, v2) = (x.unflatten(axis, (-1, 2)).unbind(axis + 1) for x in (m, v))
        m, v = clark(m1, v1, m2, v2)
    return m, v


def row(x, like):
    return x.view(1, -1, *[1] * (like.ndim - 2))


class BlockModule(nn.Module):
    """Dropout, a linear layer whose weights are distributions, and what follows it."""

    def __init__(self, block, eager):
        super().__init__()
        self.block, self.eager = block, eager
        shape = (block.outputs, block.image[0], block.kernel, block.kernel) if block.kernel else (block.fan_in, block.outputs)
        # Softmax is the fastest in eager mode; compiled, arithmetic with a parameter for each of a weight's logits.
        self.logits = nn.ParameterList([torch.zeros(3, *shape)] if eager else [torch.zeros(1, *shape) for _ in range(3)])
        if block.last:
            self.bias = nn.Parameter(torch.zeros(block.outputs))
        else:
            self.scale, self.shift = (nn.Parameter(torch.zeros(block.outputs)) for _ in range(2))
            self.register_buffer("running_mean", torch.zeros(block.outputs))
            self.register_buffer("running_inverse", torch.zeros(block.outputs))

    def map(self, x, weights):
        if self.block.kernel:
            if not self.eager:
                weights = weights.to(memory_format=torch.channels_last)
            return F.conv2d(x, weights, padding=self.block.kernel // 2)
        return x.flatten(1) @ weights

    def moments(self):
        """The mean and variance of weights in {−1, 0, 1}. Logits are in [−5, 5], so no exponential overflows."""
        if len(self.logits) == 1:
            minus, _, plus = self.logits[0].softmax(0).unbind()
        else:
            minus, zero, plus = (logits[0].exp() for logits in self.logits)
            inverse = 1 / (minus + zero + plus)
            minus, plus = minus * inverse, plus * inverse
        mean = plus - minus
        return mean, plus + minus - mean.square()

    def normalize(self, m, v):
        axes = [0, 2, 3][: m.ndim - 1]
        count = m.numel() // m.shape[1]
        spread, centre = torch.var_mean(m, axes, correction=1)
        factor = self.scale * torch.rsqrt(spread + v.sum(axes) / (count - 1) + 1e-8)
        return (m - row(centre, m)) * row(factor, m) + row(self.shift, m), v * row(factor.square(), m)

    def forward(self, x, noise):
        block = self.block
        if block.dropout:
            x = x * (noise[f"dropout{block.number}"] if noise else torch.rand_like(x) < 1 - block.dropout)
        mean, variance = self.moments()
        m, v = self.map(x, mean), self.map(x.square(), variance)
        if block.last:
            sample = noise[f"sample{block.number}"] if noise else torch.randn_like(m)
            return (m + self.bias) / block.divisor + (v / block.divisor**2 + 1e-8).sqrt() * sample
        if block.pooled:
            m, v = max_of_gaussians(m, v)
        m, v = self.normalize(m, v)
        m = torch.erf(m * torch.rsqrt(2 * v + 1e-8))
        logistic = noise[f"sample{block.number}"] if noise else torch.logit(torch.rand_like(m), eps=1e-7)
        return torch.tanh(0.5 * (torch.log(1 + m + 1e-6) - torch.log(1 - m + 1e-6) + logistic))

    def discrete_weights(self):
        return torch.cat(list(self.logits)).argmax(0).to(torch.float32) - 1

    def deployed(self, x, weights):
        """The deployed block's output, and the statistics of what it normalizes."""
        x = self.map(x, weights) * (1 - self.block.dropout)
        if self.block.last:
            return (x + self.bias) / self.block.divisor, None
        if self.block.pooled:
            x = F.max_pool2d(x, 2)
        spread, centre = torch.var_mean(x, [0, 2, 3][: x.ndim - 1], correction=1)
        y = (x - row(self.running_mean, x)) * row(self.running_inverse * self.scale, x) + row(self.shift, x)
        return torch.where(y >= 0, 1.0, -1.0), (centre, torch.rsqrt(spread + 1e-8))


class Peer:
    def __init__(self, options):
        self.blocks, self.eager = experiments.blocks_of(options.experiment), options.mode == "eager"
        self.regularization = options.regularization
        self.modules = nn.ModuleList(BlockModule(block, self.eager) for block in self.blocks)
        self.loss_function, self.deployed_function = self.loss, self.deployed
        if not self.eager:
            settings = {"dynamic": False} | ({} if options.mode == "compile" else {"mode": options.mode})
            self.loss_function = torch.compile(self.loss, **settings)
            self.deployed_function = torch.compile(self.deployed, **settings)
        self.logits = [logits for module in self.modules for logits in module.logits]
        self.others = [p for p in self.modules.parameters() if all(p is not logits for logits in self.logits)]

    # Training

    def loss(self, x, labels, noise=None):
        for module in self.modules:
            x = module(x, noise)
        return F.cross_entropy(x, labels), (x.argmax(1) != labels).sum()

    def advance(self, x, labels, noise=None):
        self.optimizer.zero_grad()
        loss, errors = self.loss_function(x, labels, noise)
        loss.backward()
        self.optimizer.step()
        with torch.no_grad():
            for logits in self.logits:
                logits.clamp_(-experiments.LIMIT, experiments.LIMIT)
        return loss, errors

    def step(self, batch, noise=None):
        loss, errors = self.advance(*batch, noise)
        errors.item()
        return loss.item()

    # The end of an epoch

    def deployed(self, x, weights):
        statistics = []
        for module, own in zip(self.modules, weights):
            x, seen = module.deployed(x, own)
            statistics.append(seen)
        return x, statistics

    @torch.no_grad()
    def fit_running_averages(self, batches):
        weights = [module.discrete_weights() for module in self.modules]
        for x in batches:
            for module, seen in zip(self.modules, self.deployed_function(x, weights)[1]):
                if seen is not None:
                    module.running_mean.lerp_(seen[0], RUNNING_FACTOR)
                    module.running_inverse.lerp_(seen[1], RUNNING_FACTOR)

    @torch.no_grad()
    def outputs(self, x):
        return self.deployed_function(x, [module.discrete_weights() for module in self.modules])[0].numpy()

    def epoch(self, training, validation, limit):
        (images, labels), total = training, torch.zeros(())
        order = torch.randperm(len(labels)).split(BATCH)[:limit]
        for indices in order:
            loss, _ = self.advance(self.scaled(images[indices]), labels[indices])
            total += loss.detach()
        self.fit_running_averages(self.scaled(images[indices]) for indices in order)
        with torch.no_grad():
            weights = [module.discrete_weights() for module in self.modules]
            errors = sum((self.deployed_function(self.scaled(x), weights)[0].argmax(1) != own).sum()
                         for x, own in zip(*(part.split(BATCH)[:limit] for part in validation)))
        return total.item() / len(order), errors.item() / min(limit * BATCH, len(validation[1]))

    # Numbers in and out

    @staticmethod
    def scaled(x):
        return x * (2 / 255) - 1

    def batch(self, x, labels):
        x = torch.from_numpy(x)
        if x.ndim == 4 and not self.eager:
            # A quarter faster if it is compiled, and no faster in eager mode.
            x = x.to(memory_format=torch.channels_last)
        return x, torch.from_numpy(labels)

    images = batch

    def noise(self, arrays):
        return {name: torch.from_numpy(array) for name, array in arrays.items()}

    def names(self):
        """Signet's name of each tensor, with the tensor, or with the logits' list."""
        for module in self.modules:
            name = f"block{module.block.number}"
            yield f"{name}.linear.logits", module.logits
            if module.block.last:
                yield f"{name}.linear.bias", module.bias
            else:
                yield f"{name}.normalization.scale", module.scale
                yield f"{name}.normalization.shift", module.shift
                yield f"{name}.normalization.runningMean", module.running_mean
                yield f"{name}.normalization.runningInverseDeviation", module.running_inverse

    @torch.no_grad()
    def load(self, parameters):
        """Sets the parameters, with a new optimizer's state."""
        for name, own in self.names():
            array = torch.from_numpy(parameters[name])
            if isinstance(own, torch.Tensor):
                own.copy_(array)
            else:
                # (3, C k², O) to (3, O, C, k, k)
                for tensor, part in zip(own, array.chunk(len(own))):
                    tensor.copy_(part.transpose(1, 2).reshape(tensor.shape) if tensor.ndim == 5 else part)
        if not hasattr(self, "optimizer"):
            self.optimizer = torch.optim.Adam(
                [{"params": self.logits, "lr": experiments.LEARNING_RATE, "weight_decay": 2 * self.regularization},
                 {"params": self.others}],
                lr=experiments.OTHER_LEARNING_RATE, betas=(experiments.BETA1, experiments.BETA2),
                eps=experiments.ADAM_EPSILON, fused=True)
        for state in self.optimizer.state.values():
            for tensor in state.values():
                tensor.zero_()

    @staticmethod
    def exported(own, of=lambda tensor: tensor):
        if isinstance(own, torch.Tensor):
            return np.copy(of(own).detach().numpy())
        array = torch.cat([of(tensor) for tensor in own]).detach()
        return np.copy((array.flatten(2).transpose(1, 2) if array.ndim == 5 else array).numpy())

    def parameters(self):
        return {name: self.exported(own) for name, own in self.names()}

    def first_moments(self):
        return {name: self.exported(own, lambda tensor: self.optimizer.state[tensor]["exp_avg"]) for name, own in self.names()
                if "running" not in name}


if __name__ == "__main__":
    options = experiments.arguments(("eager", "compile", "max-autotune-no-cudagraphs"))
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    experiments.serve(Peer(options), torch.__version__)
