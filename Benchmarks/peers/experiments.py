"""What the peers share: the experiments, their initial numbers and random data, and the commands that a peer obeys."""
import argparse
import dataclasses
import json
import math
import re
import sys
import time

import numpy as np

# Method.md §4 and §5.
LEARNING_RATE, OTHER_LEARNING_RATE, REGULARIZATION, LIMIT = 1e-2, 1e-3, 1e-10, 5.0
BETA1, BETA2, ADAM_EPSILON = 0.9, 0.999, 1e-8
BATCH, CLASSES, RUNNING_FACTOR = 100, 10, 0.1
TRAINING_IMAGES, VALIDATION_IMAGES = 50_000, 10_000
EPOCH = TRAINING_IMAGES // BATCH
EXPERIMENTS = {
    "mnist-pi": ("1200-1200-10", (0.1, 0.2, 0.3)),
    "mnist": ("32C5-P2-64C5-P2-512-10", (0.0, 0.2, 0.3, 0.0)),
}


@dataclasses.dataclass(frozen=True)
class Block:
    """Dropout, a dense layer (kernel 0) or a convolution that keeps the size, and what follows it."""
    number: int
    image: tuple  # Of the input: C, H, W.
    outputs: int
    kernel: int
    pooled: bool
    dropout: float
    last: bool

    @property
    def fan_in(self):
        return self.image[0] * self.kernel**2 if self.kernel else math.prod(self.image)

    @property
    def divisor(self):
        return math.sqrt(self.fan_in + 1) if self.last else 1.0

    @property
    def output(self):
        if not self.kernel:
            return self.outputs, 1, 1
        return (self.outputs, *(size // (2 if self.pooled else 1) for size in self.image[1:]))


def blocks_of(experiment):
    """The blocks of an experiment's network of 28×28 images."""
    architecture, dropout = EXPERIMENTS[experiment]
    parts = re.findall(r"(\d+)(?:C(\d+))?(-P2)?", architecture)
    blocks, image = [], (1, 28, 28)
    for index, ((outputs, kernel, pooled), rate) in enumerate(zip(parts, dropout, strict=True)):
        blocks.append(Block(index + 1, image, int(outputs), int(kernel or 0), bool(pooled), rate, index == len(parts) - 1))
        image = blocks[-1].output
    return blocks


def input_shape(blocks, count):
    return (count, *blocks[0].image) if blocks[0].kernel else (count, blocks[0].fan_in)


def initial(blocks, seed):
    """Parameters with random distributions (Method.md §2, rule 2): logits (3, fan-in, outputs), rows (c, ky, kx)."""
    random, result = np.random.default_rng(seed), {}
    for block in blocks:
        weights, name = random.standard_normal((block.fan_in, block.outputs)), f"block{block.number}"
        p = [np.interp(weights, (-1, 0, 1), [0.95 if k == j else 0.025 for j in range(3)]) for k in range(3)]
        result[f"{name}.linear.logits"] = np.log(p)
        if block.last:
            result[f"{name}.linear.bias"] = np.zeros(block.outputs)
        else:
            for part, value in (("scale", 1), ("shift", 0), ("runningMean", 0), ("runningInverseDeviation", 1)):
                result[f"{name}.normalization.{part}"] = np.full(block.outputs, float(value))
    return {name: array.astype(np.float32) for name, array in result.items()}


def random_batch(blocks, seed):
    """A batch of random pixels in [−1, 1] and its labels."""
    random = np.random.default_rng(seed)
    pixels = random.integers(0, 256, input_shape(blocks, BATCH))
    return (pixels / 255 * 2 - 1).astype(np.float32), random.integers(0, CLASSES, BATCH)


def random_images(blocks, count, seed):
    """Images as bytes, and their labels."""
    random = np.random.default_rng(seed)
    return (random.integers(0, 256, input_shape(blocks, count), dtype=np.uint8),
            random.integers(0, CLASSES, count))


def arguments(modes):
    parser = argparse.ArgumentParser()
    parser.add_argument("experiment", choices=EXPERIMENTS)
    parser.add_argument("--mode", choices=modes, default=modes[0])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--regularization", type=float, default=REGULARIZATION)
    return parser.parse_args()


def serve(peer, version):
    """Obeys the lines on standard input, one line of JSON for each.

    step N W         the milliseconds of each of N steps after W that are not timed, from the initial parameters
    epoch BATCHES    the seconds of an epoch of so many batches, with the running averages of these and the validation of as many
    check IN OUT     three steps with the file's parameters, batches and noise; then from the same parameters again the running
                     averages that the three batches give the deployed network, and its outputs
    """
    def answer(**values):
        print(json.dumps(values), flush=True)

    answer(version=version)
    start, (x, labels) = initial(peer.blocks, 1), random_batch(peer.blocks, 2)
    images = None
    for line in sys.stdin:
        command, *rest = line.split()
        if command == "step":
            count, warmup = map(int, rest)
            peer.load(start)
            batch, times = peer.batch(x, labels), []
            for _ in range(count + warmup):
                begin = time.perf_counter()
                loss = peer.step(batch)
                times.append((time.perf_counter() - begin) * 1000)
                if not math.isfinite(loss):
                    sys.exit(f"expected a finite loss, found {loss}")
            answer(milliseconds=times[warmup:], loss=loss)
        elif command == "epoch":
            if images is None:
                images = [peer.images(*random_images(peer.blocks, count, count))
                          for count in (TRAINING_IMAGES, VALIDATION_IMAGES)]
            peer.load(start)
            begin = time.perf_counter()
            loss, error = peer.epoch(*images, int(rest[0]))
            answer(seconds=time.perf_counter() - begin, loss=loss, validationError=error)
        elif command == "check":
            check(peer, *rest)
            answer(checked=rest[1])
        else:
            sys.exit(f"expected step, epoch or check, found {line!r}")


def check(peer, given, found):
    given, result = np.load(given), {}
    parameters = {name: given[name] for name in given.files if name.startswith("block")}
    batches = [(given[f"x{i}"], given[f"labels{i}"]) for i in range(3)]
    peer.load(parameters)
    for i, batch in enumerate(batches):
        noise = {name.removeprefix(f"noise{i}."): given[name] for name in given.files if name.startswith(f"noise{i}.")}
        result[f"loss{i}"] = peer.step(peer.batch(*batch), peer.noise(noise))
        if i == 0:
            # Adam's first moment after its first update is (1 − β₁) times the gradient.
            result |= {f"gradient.{name}": array / (1 - BETA1) for name, array in peer.first_moments().items()}
    result |= {f"stepped.{name}": array for name, array in peer.parameters().items()}
    peer.load(parameters)
    peer.fit_running_averages(peer.batch(*batch)[0] for batch in batches)
    result |= {f"fitted.{name}": array for name, array in peer.parameters().items() if "running" in name}
    result["outputs"] = peer.outputs(peer.batch(*batches[0])[0])
    np.savez(found, **result)
