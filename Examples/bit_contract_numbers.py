"""Sections 1 to 3 of Documentation/BitContract.md: correctly rounded numbers, sums in their order, random numbers, and the data.

Arrays are of type float32; numpy rounds each of `+ - * /` and `sqrt` once.
"""

import gzip, math, pathlib

import mpmath
import numpy as np

F32, F64 = np.float32, np.float64
ROOT = pathlib.Path(__file__).resolve().parent.parent

# MARK: 1. Numbers


def fma(a, b, c):
    """a·b + c, rounded once to float32."""
    # The product is exact in double. The sum is rounded to odd: then rounding it again to float32 is as good as rounding once.
    product, c = F64(a) * F64(b), F64(c)
    total = product + c
    part = total - product
    error = (product - (total - part)) + (c - part)
    bits = total.view(np.int64)
    return (bits + np.where((error != 0) & (bits & 1 == 0), np.where((error > 0) == (total > 0), 1, -1), 0)).view(F64).astype(F32)


def chain(a, b):
    """Σ_p a[i, p]·b[p, j] as chains of fused multiply-adds."""
    total = np.zeros((a.shape[0], b.shape[1]), F32)
    for p in range(a.shape[1]):
        total = fma(a[:, p, None], b[None, p, :], total)
    return total


def tree(x):
    """The sum over the first axis."""
    if len(x) <= 16:
        total = np.zeros(x.shape[1:], F32)
        for row in x:
            total = total + row
        return total
    half = -(-(len(x) // 2) // 16) * 16
    return tree(x[:half]) + tree(x[half:])


def rounded(fast, exact):
    """A function rounded once to float32, from one in double precision and one of any precision."""

    def nearest(x):
        with mpmath.workprec(300):
            y = exact(mpmath.mpf(float(x)))
            guess = F32(float(y))
            candidates = guess, np.nextafter(guess, F32("inf")), np.nextafter(guess, F32("-inf"))
            return min(candidates, key=lambda candidate: abs(mpmath.mpf(float(candidate)) - y))

    def function(x):
        with np.errstate(all="ignore"):
            y = fast(F64(x))
            low, high = (F32(y * (1 + error)) for error in (-(2.0**-44), 2.0**-44))
        for place in zip(*np.nonzero(low != high)):
            low[place] = nearest(x[place])
        return low

    return function


def sinpi64(x):
    y = np.sin(np.pi * (x - np.round(x))) * np.where(np.round(x) % 2 == 0, 1, -1)
    return np.where(y == 0, np.copysign(0, x), y)


exp, log, tanh = rounded(np.exp, mpmath.exp), rounded(np.log, mpmath.log), rounded(np.tanh, mpmath.tanh)
erf, erfc = rounded(np.vectorize(math.erf), mpmath.erf), rounded(np.vectorize(math.erfc), mpmath.erfc)
# Even, so that its zeros are positive.
sinpi, cospi = rounded(sinpi64, mpmath.sinpi), rounded(lambda x: sinpi64(np.abs(x) + 0.5), mpmath.cospi)

# MARK: 2. Random numbers


def philox(key, counter):
    """Ten rounds on arrays of counters."""
    (k0, k1), (c0, c1, c2, c3) = key, (np.asarray(c, np.uint64) for c in counter)
    low = np.uint64(0xFFFFFFFF)
    for _ in range(10):
        p0, p1 = np.uint64(0xD2511F53) * c0, np.uint64(0xCD9E8D57) * c2
        c0, c1, c2, c3 = p1 >> np.uint64(32) ^ c1 ^ np.uint64(k0), p1 & low, p0 >> np.uint64(32) ^ c3 ^ np.uint64(k1), p0 & low
        k0, k1 = (k0 + 0x9E3779B9) % 2**32, (k1 + 0xBB67AE85) % 2**32
    return np.stack(np.broadcast_arrays(c0, c1, c2, c3), axis=-1)


def words(count, seed, purpose, epoch=0, step=0, block=0):
    counter = np.arange(-(-count // 4)), step, epoch, purpose << 24 | block
    return philox((seed % 2**32, seed >> 32), counter).reshape(-1)[:count]


def uniform(shape, *stream):
    return ((words(math.prod(shape), *stream) >> np.uint64(9)) * 2 + 1).astype(F32).reshape(shape) * F32(2.0**-24)


def logistic(shape, *stream):
    u = uniform(shape, *stream)
    return log(u / (1 - u))


def normal(shape, *stream):
    count = math.prod(shape)
    u, w = uniform((-(-count // 2), 2), *stream).T
    radius = np.sqrt(-2 * log(u))
    return np.stack([radius * cospi(2 * w), radius * sinpi(2 * w)], axis=1).reshape(-1)[:count].reshape(shape)


def permutation(count, *stream):
    order, source = list(range(count)), iter(words(2 * count + 1000, *stream).tolist())
    for last in range(count - 1, 0, -1):
        bound = last + 1
        while (product := next(source) * bound) % 2**32 < (2**32 - bound) % bound:
            pass
        order[last], order[product >> 32] = order[product >> 32], order[last]
    return np.array(order)


# MARK: 3. Data


def digits():
    """Training, validation and test images with their labels."""
    images, labels = (gzip.open(ROOT / "Fixtures/digits" / name).read() for name in ("images-idx3-ubyte.gz", "labels-idx1-ubyte.gz"))
    images, labels = np.frombuffer(images, np.uint8, offset=16).reshape(-1, 64), np.frombuffer(labels, np.uint8, offset=8)

    def take(samples, count):
        taken = [(j + 1) * count // len(samples) > j * count // len(samples) for j in range(len(samples))]
        return [s for s, is_taken in zip(samples, taken) if is_taken], [s for s, is_taken in zip(samples, taken) if not is_taken]

    test, rest = take(sorted(range(len(labels)), key=lambda i: (labels[i], i)), 400)
    validation, train = take(rest, 300)
    return [(images[sorted(part)].astype(np.int64), labels[sorted(part)]) for part in (train, validation, test)]
