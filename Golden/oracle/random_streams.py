#!/usr/bin/env python3
"""Writes Golden/ops/random.json: Signet's random streams, from Philox4x32-10 in plain integers and mpmath.

Philox is checked against the known-answer vectors of Random123 first. In Float every step is rounded as Signet
promises, so its numbers must agree to the bit; in Double they are exact functions of the rounded uniform numbers.
Usage: python3 Golden/oracle/random_streams.py   (needs requirements.txt; it is not named `random.py`, which would
hide the standard module)
"""
import mpmath
from mpmath import mp, mpf

import common
from functions import rounded

mp.dps = 50
PURPOSES = {"initialization": 1, "shuffle": 2, "dropout": 3, "reparameterization": 4, "discretization": 5, "augmentation": 6}
WORD = 2**32 - 1
KNOWN_ANSWERS = [  # counter, key, output; Random123's kat_vectors
    ([0] * 4, [0] * 2, [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]),
    ([WORD] * 4, [WORD] * 2, [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]),
    ([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0],
     [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1]),
]


def philox(counter, key):
    """Salmon et al. 2011: ten rounds, with the Weyl constants added to the key after each."""
    a, b, c, d = counter
    k0, k1 = key
    for _ in range(10):
        left, right = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = (right >> 32) ^ b ^ k0, right & WORD, (left >> 32) ^ d ^ k1, left & WORD
        k0, k1 = (k0 + 0x9E3779B9) & WORD, (k1 + 0xBB67AE85) & WORD
    return [a, b, c, d]


class Stream:
    """The words of one (seed, purpose, epoch, step, layer), and the numbers computed from them."""

    def __init__(self, seed, purpose, epoch=0, step=0, layer=0):
        self.key = [seed & WORD, seed >> 32]
        self.rest = [step, epoch, PURPOSES[purpose] * 2**24 + layer]

    def word(self, index):
        return philox([index // 4] + self.rest, self.key)[index % 4]

    def uniform(self, index, bits):
        """(2k + 1) / 2^p; p is 24 with one word in Float (`bits` 32), 53 with two words in Double (`bits` 64)."""
        if bits == 32:
            number, digits = self.word(index), 24
        else:
            number, digits = self.word(2 * index + 1) << 32 | self.word(2 * index), 53
        return (2 * (number >> (bits - digits + 1)) + 1) / 2**digits

    def normal(self, index, bits):
        """Box and Muller: each pair of uniforms gives the radius from the first, the angle from the second."""
        u1, u2 = (mpf(self.uniform(index // 2 * 2 + i, bits)) for i in (0, 1))
        circle = mpmath.cospi if index % 2 == 0 else mpmath.sinpi
        if bits == 64:
            return float(mpmath.sqrt(-2 * mpmath.log(u1)) * circle(2 * u2))
        radius = single(mpmath.sqrt(-2 * mpf(single(mpmath.log(u1)))))
        return single(mpf(radius) * mpf(single(circle(2 * u2))))

    def logistic(self, index, bits):
        u = mpf(self.uniform(index, bits))
        return float(mpmath.log(u / (1 - u))) if bits == 64 else single(mpmath.log(mpf(single(u / (1 - u)))))

    def permutation(self, count):
        """Fisher and Yates from the end, with Lemire's bounded numbers, one word per try."""
        order, used, block = list(range(count)), 0, []
        for last in range(count - 1, 0, -1):
            bound = last + 1
            while True:
                if used % 4 == 0:
                    block = philox([used // 4] + self.rest, self.key)
                product = block[used % 4] * bound
                used += 1
                if (product & WORD) >= 2**32 % bound:
                    break
            other = product >> 32
            order[last], order[other] = order[other], order[last]
        self.rejected = used - max(count - 1, 0)
        return order


def single(value):
    """The nearest Float, ties to even."""
    return rounded(mpf(value), 24, -149, 128)


def case(seed, purpose, epoch, step, layer, count=11):
    stream = Stream(seed, purpose, epoch, step, layer)
    numbers = {
        f"{kind}{name}": common.tensor([getattr(stream, kind)(i, bits) for i in range(count)])
        for kind in ("uniform", "normal", "logistic") for name, bits in (("Float", 32), ("Double", 64))
    }
    # Long enough that some words are rejected, which shifts all that follow; every 10,007th entry is kept.
    long = stream.permutation(200_000)[::10_007]
    return numbers | {
        "longPermutation": long, "rejected": stream.rejected,
        "seed": str(seed), "purpose": purpose, "epoch": epoch, "step": step, "layer": layer,
        "words": [stream.word(i) for i in range(count)], "permutation": stream.permutation(20),
    }


def check():
    for counter, key, expected in KNOWN_ANSWERS:
        if philox(counter, key) != expected:
            raise SystemExit(f"philox({counter}, {key}) is not {expected}")


if __name__ == "__main__":
    check()
    cases = [case(0, "initialization", 0, 0, 0), case(1, "shuffle", 3, 0, 0), case(42, "dropout", 2, 7, 5),
             case(0x0123456789ABCDEF, "reparameterization", 499, 99, 2**24 - 1),
             case(2**64 - 1, "reparameterization", 2**32 - 1, 2**32 - 1, 1)]
    common.write(
        "ops/random.json", "random_streams.py", "random streams: words, numbers, a permutation of 20",
        "Salmon et al. 2011, doi:10.1145/2063384.2063405; Box & Muller 1958; Lemire 2019, doi:10.1145/3230636",
        {"mpmath": mpmath.__version__}, cases, inputs=[
            " ".join(str(c[key]) for key in ("seed", "purpose", "epoch", "step", "layer")) for c in cases])
