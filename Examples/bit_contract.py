#!/usr/bin/env python3
"""The worked example of Documentation/BitContract.md, computed without Signet from that page and the data alone.

    python3 Examples/bit_contract.py [PAGE]

Compares the functions' results of the page's section 1, then trains the network of section 9 for three steps, and compares every tensor
of the page's table, and the digest. The comments name the page's sections; sections 1 to 3 are in bit_contract_numbers.py. The program needs Python 3.9 or newer, numpy, and
mpmath for the few results of functions that double precision leaves undecided. It takes some seconds.

Exit codes: 0 everything is as on the page; 1 something is not.
"""

import hashlib, math, pathlib, re, struct, sys

import numpy as np

import bit_contract_numbers
from bit_contract_numbers import F32, F64, ROOT, chain, digits, erf, exp, log, logistic, normal, permutation, tanh, tree, uniform, words

INITIALIZATION, SHUFFLE, DROPOUT, REPARAMETERIZATION = 1, 2, 3, 4

# MARK: 4 and 5. Networks and weight distributions


class Distribution:
    """The distributions of a layer's weights, by their logits; of weights -1, 0 and 1."""

    values = F32(-1), F32(0), F32(1)

    def __init__(self, shape, stream):
        weights, d = normal(shape, *stream), self.values
        high, low = F32(0.95), F32(0.05) / F32(len(d) - 1)
        p = np.full((len(d), *shape), low)
        p[0][weights < d[0]] = high
        p[-1][weights >= d[-1]] = high
        for k in range(1, len(d)):
            between = (weights >= d[k - 1]) & (weights < d[k])
            share = ((weights - d[k - 1]) / (d[k] - d[k - 1]))[between]
            p[k][between], p[k - 1][between] = low + (high - low) * share, high - (high - low) * share
        self.logits = log(p)
        self.renew()

    def renew(self):
        """Probabilities and moments."""
        e = [exp(plane - self.logits.max(axis=0)) for plane in self.logits]
        total = e[0]
        for plane in e[1:]:
            total = total + plane
        self.p = [plane * (1 / total) for plane in e]
        self.mu = self.p[0] * self.values[0]
        for p, d in zip(self.p[1:], self.values[1:]):
            self.mu = self.mu + p * d
        self.sigma2 = np.zeros_like(self.mu)
        for p, d in zip(self.p, self.values):
            self.sigma2 = self.sigma2 + p * ((d - self.mu) * (d - self.mu))

    def gradient(self, g_mu, g_sigma2):
        deviations = [d - self.mu for d in self.values]
        return np.stack([p * (g_mu * d + g_sigma2 * (d * d - self.sigma2)) for p, d in zip(self.p, deviations)])

    def most_probable(self):
        """As integers."""
        return self.logits.argmax(axis=0) - 1


class Block:
    def __init__(self, number, inputs, outputs, rate, is_last, seed):
        self.number, self.inputs, self.rate, self.is_last, self.seed = number, inputs, rate, is_last, seed
        self.weights = Distribution((inputs, outputs), (seed, INITIALIZATION, 0, 0, number))
        self.divisor = np.sqrt(F32(inputs + 1))
        zeros, ones = np.zeros(outputs, F32), np.ones(outputs, F32)
        self.bias, self.gamma, self.beta, self.mean, self.inverse = zeros, ones, zeros, zeros, ones

    def parameters(self):
        yield "linear.logits", self.weights.logits
        if self.is_last:
            yield "linear.bias", self.bias
        else:
            yield "normalization.scale", self.gamma
            yield "normalization.shift", self.beta
            yield "normalization.runningMean", self.mean
            yield "normalization.runningInverseDeviation", self.inverse

    # MARK: 6. A training step

    def forward(self, x, epoch, step, note):
        w, stream = self.weights, lambda purpose: (self.seed, purpose, epoch, step, self.number)
        self.kept = note("dropout.u", uniform(x.shape, *stream(DROPOUT))) < F32(1 - self.rate)
        self.x = x = note("dropout", np.where(self.kept, x, F32(0)))
        m, v = chain(x, w.mu), chain(x * x, w.sigma2)
        if self.is_last:
            m, v = note("linear.m", (m + self.bias) / self.divisor), note("linear.v", v / (self.divisor * self.divisor))
            self.noise, self.deviation = note("sampler.ε", normal(m.shape, *stream(REPARAMETERIZATION))), np.sqrt(v + F32(1e-8))
            return note("sampler", m + self.deviation * self.noise)
        self.m, self.v, n = note("linear.m", m), note("linear.v", v), F32(len(m))
        self.batch_mean = note("normalization.m̄", tree(m) / n)
        self.centred = m - self.batch_mean
        spread = tree(v + self.centred * self.centred)
        self.r = note("normalization.r", 1 / np.sqrt(spread / (n - 1) + F32(1e-8)))
        self.factor = self.r * self.gamma
        m, v = self.centred * self.factor + self.beta, v * (self.factor * self.factor)
        self.c = np.sqrt(2 * note("normalization.v", v) + F32(1e-8))
        self.z = note("normalization.m", m) / self.c
        self.e = note("activation.e", erf(self.z))
        noise = note("sampler.L", logistic(m.shape, *stream(REPARAMETERIZATION)))
        self.a = ((log(1 + self.e + F32(1e-6)) - log(1 - self.e + F32(1e-6))) + noise) / 2
        return note("sampler", tanh(self.a))

    def backward(self, g, note):
        """The gradients of the parameters, and that of the block's input."""
        w, x, n = self.weights, self.x, F32(len(g))
        if self.is_last:
            g_v = note("sampler.input.v", g * self.noise / (2 * self.deviation)) / (self.divisor * self.divisor)
            g_m = g / self.divisor
            others = {"linear.bias": note("linear.b", tree(g_m))}
        else:
            h = exp(-2 * np.abs(self.a))
            slope = 4 * h / ((1 + h) * (1 + h))
            g_e = note("sampler.input.e", (g * slope / 2) * (1 / (1 + self.e + F32(1e-6)) + 1 / (1 - self.e + F32(1e-6))))
            G = note("activation.input.m", g_e * (F32(1.1283791670955126) * exp(-(self.z * self.z))) / self.c)
            H = note("activation.input.v", -(G * (self.z / self.c)))
            g_beta, t1, t2 = tree(G), tree(G * self.centred), tree(H * self.v)
            g_gamma = t1 * self.r + (2 * self.gamma) * (t2 * (self.r * self.r))
            omega = -(self.r * self.r) * self.gamma * g_gamma / (2 * (n - 1))
            g_m = (G * self.factor + (2 * omega) * self.centred) - self.factor * g_beta / n
            g_v = H * (self.factor * self.factor) + omega
            note("normalization.input.m", g_m), note("normalization.input.v", g_v)
            others = {"normalization.scale": note("normalization.γ", g_gamma), "normalization.shift": note("normalization.β", g_beta)}
        g_mu, g_sigma2 = note("linear.μ", chain(x.T, g_m)), note("linear.σ²", chain((x * x).T, g_v))
        others["linear.logits"] = w.gradient(g_mu, g_sigma2)
        if self.number == 1:
            return others, None
        g_x = chain(g_m, w.mu.T) + (2 * x) * chain(g_v, w.sigma2.T)
        return others, note("dropout.input", np.where(self.kept, g_x, F32(0)))

    # MARK: 8. The deployed network

    def deployed(self, x, pixel_maximum):
        """The sums of integers times the constant; x are integers."""
        divisor = math.sqrt(self.inputs + 1) if self.is_last else 1.0
        constant = F32((1 - self.rate) / ((pixel_maximum if self.number == 1 else 1) * divisor))
        y = (x @ self.weights.most_probable()).astype(F32) * constant
        return y + F32(F64(self.bias) / divisor) if self.is_last else y

    def signs(self, y):
        return np.where((y - self.mean) * (self.inverse * self.gamma) + self.beta >= 0, 1, -1)


def cross_entropy(y, labels):
    """The loss and its gradient."""
    rows, n = np.arange(len(y)), F32(len(y))
    q = y - y.max(axis=1, keepdims=True)
    e = exp(q)
    total = tree(e.T)
    one = np.zeros_like(y)
    one[rows, labels] = 1
    return tree(log(total) - q[rows, labels]) / n, (e / total[:, None] - one) / n


# MARK: 7. Adam


def power(base, exponent):
    result, square = 1.0, base
    while exponent:
        result, square, exponent = result * square if exponent & 1 else result, square * square, exponent >> 1
    return result


class Adam:
    """The moments of one parameter."""

    def __init__(self):
        self.m, self.v = F32(0), F32(0)

    def update(self, theta, g, time, rate, regularization):
        rate, correction = F32(rate / (1 - power(0.9, time))), F32(1 / math.sqrt(1 - power(0.999, time)))
        g = g + F32(2 * regularization) * theta
        self.m = F32(0.9) * self.m + F32(0.1) * g
        self.v = F32(0.999) * self.v + F32(0.001) * (g * g)
        return theta - rate * self.m / (np.sqrt(self.v) * correction + F32(1e-8))


# MARK: 8 and 9. A training, and the worked example


def digest(blocks):
    sha256 = hashlib.sha256()
    for block in blocks:
        for name, tensor in block.parameters():
            sha256.update(f"block{block.number}.{name}".encode())
            sha256.update(struct.pack(f"<{tensor.ndim}Q", *tensor.shape))
            sha256.update(tensor.astype("<f4").tobytes())
    return sha256.hexdigest()


def train_step(blocks, x, labels, step, moments, note, note_loss):
    """A step on one batch; `note` is told of its tensors by name."""

    def naming(prefix, block):
        return lambda name, tensor: note(f"{prefix}block{block.number}.{name}", tensor)

    note("x", x), note("labels.batch1", labels)
    for block in blocks:
        x = block.forward(x, 1, step, naming("", block))
    loss, g = cross_entropy(x, labels)
    note("gradient.y", g), note_loss(f"loss{step + 1}", loss.reshape(1))
    gradients = {}
    for block in reversed(blocks):
        gradients[block], g = block.backward(g, naming("gradient.", block))

    def new(block, name, theta, rate=1e-3, regularization=0.0):
        adam = moments.setdefault((block, name), Adam())
        return adam.update(theta, gradients[block][name], step + 1, rate, regularization)

    for block in blocks:
        logits = new(block, "linear.logits", block.weights.logits, 1e-2, 1e-10)
        block.weights.logits = np.maximum(np.minimum(logits, F32(5)), F32(-5))
        block.weights.renew()
        if block.is_last:
            block.bias = new(block, "linear.bias", block.bias)
        else:
            block.gamma, block.beta = new(block, "normalization.scale", block.gamma), new(block, "normalization.shift", block.beta)


def fit_running_averages(blocks, x):
    """One batch of the pass after the epoch."""
    statistics, n, factor = [], F32(len(x)), F32(0.1)
    for block in blocks[:-1]:
        y = block.deployed(x, 16)
        mean = tree(y) / n
        statistics.append((mean, 1 / np.sqrt(tree((y - mean) * (y - mean)) / (n - 1) + F32(1e-8))))
        x = block.signs(y)
    for block, (mean, inverse) in zip(blocks, statistics):
        block.mean = (1 - factor) * block.mean + factor * mean
        block.inverse = (1 - factor) * block.inverse + factor * inverse


def train(note, seed=1, widths=(12, 8, 10), batch=365):
    """One epoch on digits; `note` is told of every tensor by name."""
    (images, labels), (validation, validation_labels), _ = digits()
    note("labels.train", labels), note("labels.validation", validation_labels)
    first = (64, widths[0]), seed, INITIALIZATION, 0, 0, 1
    note("words.block1", words(64 * widths[0], *first[1:]).reshape(first[0]))
    note("uniforms.block1", uniform(*first)), note("normals.block1", normal(*first))
    sizes = zip((64, *widths), widths)
    blocks = [Block(number, inputs, outputs, 0.1, number == len(widths), seed) for number, (inputs, outputs) in enumerate(sizes, 1)]
    for block in blocks:
        for name, tensor in ("linear.logits", block.weights.logits), ("μ", block.weights.mu), ("σ²", block.weights.sigma2):
            note(f"initial.block{block.number}.{name}", tensor)

    def note_parameters(when):
        for block in blocks:
            for name, tensor in block.parameters():
                note(f"{when}.block{block.number}.{name}", tensor)

    order, count, moments = note("order", permutation(len(images), seed, SHUFFLE, 1)), max(1, len(images) // batch), {}
    batches = [order[len(order) * b // count : len(order) * (b + 1) // count] for b in range(count)]
    for step, batch in enumerate(batches):
        x = images[batch].astype(F32) / 16 * 2 - 1
        train_step(blocks, x, labels[batch], step, moments, note if step == 0 else lambda name, tensor: tensor, note)
        note_parameters(f"after{step + 1}")
    for step, batch in enumerate(batches):
        fit_running_averages(blocks, 2 * images[batch] - 16)
        note_parameters(f"fit{step + 1}")
    x = 2 * validation - 16
    for block in blocks[:-1]:
        x = block.signs(block.deployed(x, 16))
    note("validation.classes", note("validation.out", blocks[-1].deployed(x, 16)).argmax(axis=1))
    return digest(blocks)


def check_functions(section):
    """What is wrong with the results of section 1, and how many there are."""
    wrong, count = [], 0
    for name, results in re.findall(r"^\| `(\w+)` \| (.*) \|$", section, re.MULTILINE):
        for argument, expected in re.findall(r"`(\w{8})` → `(\w{8})`", results):
            x = np.array([int(argument, 16)], np.uint32).view(F32)
            found = f"{getattr(bit_contract_numbers, name)(x).view(np.uint32)[0]:08x}"
            count += 1
            if found != expected:
                wrong.append(f"{name}({argument}): expected {expected}, found {found}")
    return wrong, count


def main():
    page = (pathlib.Path(sys.argv[1]) if sys.argv[1:] else ROOT / "Documentation/BitContract.md").read_text()
    wrong, functions = check_functions(page.split("\n## 1. ")[1].split("\n## ")[0])
    section = page.split("\n## 9. ")[1].split("\n## ")[0]
    table = {row.split("`")[1]: " ".join(row.split("|")[2:4]).split() for row in section.split("\n") if row.startswith("| `")}
    missing = set(table)

    def note(name, tensor):
        if name in table:
            missing.remove(name)
            data = tensor.astype("<f4" if tensor.dtype == F32 else "<u4").tobytes()
            found = ["×".join(map(str, tensor.shape)), f"`{hashlib.sha256(data).hexdigest()[:16]}`"]
            if found != table[name]:
                wrong.append(f"{name}: expected {' '.join(table[name])}, found {' '.join(found)}")
        return tensor

    sha256 = train(note)
    if f"`{sha256}`" not in section:
        wrong.append(f"the digest: expected one of the page, found {sha256}")
    wrong += [f"{name}: expected a tensor of this name, found none" for name in sorted(missing)]
    print("\n".join(wrong) or f"{functions} results of functions, {len(table)} tensors and the digest {sha256} are the page's")
    sys.exit(1 if wrong or not table or not functions else 0)


if __name__ == "__main__":
    main()
