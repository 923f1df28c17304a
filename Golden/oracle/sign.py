#!/usr/bin/env python3
"""Writes Golden/sign/sign-double.json and sign-float.json: the sign of a Gaussian, by mpmath at 50 digits.

`sign` is a table over means and variances: the mean of the ±1 variable, erf(m / √(2v + ε)) with ε the decimal 1e-8, and its
derivatives by m and by v; row i, column j belongs to mean i, variance j. `bernoulli` is the variance 1 − m² + 1e-6 of a ±1
variable with mean m, and its derivative by m. Inputs are exact in the file's precision; expected values are rounded once, to
float64 (including subnormal numbers). The means are chosen by z = m / √(2v + ε): where erf reaches ±1 and its density reaches 0, in
either precision, and on both sides of these points.
Usage: python3 Golden/oracle/sign.py   (needs requirements.txt)
"""
import mpmath
import numpy as np
from mpmath import mp, mpf

import common
from functions import rounded

mp.dps = 50
EPSILON, DELTA = mpf("1e-8"), mpf("1e-6")
# Subnormal numbers, tiny numbers and, at variance 0, where z = 10⁴ m: the last step of erf below 1, and the last normal number, the
# last subnormal number and 0 of the density. At other variances the large means do the same.
MEANS = {
    np.float64: [5e-324, 3e-308, 1e-300, 1e-20, 1e-8, 1e-4, 5.8e-4, 2.65e-3, 2.728e-3, 2.75e-3, 0.1, 1.0, 37.5, 1e3, 1e8],
    np.float32: [1e-45, 1e-38, 1e-30, 1e-12, 1e-8, 1e-4, 3.8e-4, 9.3e-4, 1.015e-3, 1.03e-3, 0.1, 1.0, 13.0, 1e3, 1e8],
}
VARIANCES = {
    np.float64: [0.0, 5e-324, 1e-300, 1e-12, 2.5e-9, 5e-9, 2e-8, 1e-4, 0.5, 1.0, 100.0, 1e6],
    np.float32: [0.0, 1e-45, 1e-30, 1e-12, 2.5e-9, 5e-9, 2e-8, 1e-4, 0.5, 1.0, 100.0, 1e6],
}


def double(value):
    if abs(value) < mpf(2)**-1080:
        value = value * 0  # Rounding it would need a shift with too many digits.
    return rounded(value, 53, -1074, 1024)


def both_signs(sizes):
    return [-x for x in reversed(sizes)] + [0.0] + sizes


def exactly(real, numbers):
    return [float(real(x)) for x in numbers]


def sign(mean, variance):
    """The output, and its derivatives by the mean and the variance."""
    root = mpmath.sqrt(2 * mpf(variance) + EPSILON)
    z = mpf(mean) / root
    slope = 2 / mpmath.sqrt(mpmath.pi) * mpmath.exp(-z * z)
    return [double(x) for x in (mpmath.erf(z), slope / root, -slope * z / root**2)]


def bernoulli(mean):
    """The variance, and its derivative by the mean."""
    return [double(1 - mpf(mean)**2 + DELTA), double(-2 * mpf(mean))]


def tables(real):
    means, variances = exactly(real, both_signs(MEANS[real])), exactly(real, VARIANCES[real])
    table = np.array([[sign(m, v) for v in variances] for m in means])
    last = float(np.nextafter(real(1), real(0)))
    probabilities = exactly(real, both_signs([MEANS[real][0], 1e-8, 1e-3, 0.1, 0.5, 0.75, 0.999, 0.9999995, last, 1.0]))
    moments = np.array([bernoulli(m) for m in probabilities])
    golden = common.Cases(0)
    golden.add("sign", "sign", {"mean": means, "variance": variances},
               dict(zip(("mean", "byMean", "byVariance"), np.moveaxis(table, 2, 0))))
    golden.add("bernoulli", "bernoulli", {"mean": probabilities}, dict(zip(("variance", "byMean"), moments.T)))
    return golden.cases


if __name__ == "__main__":
    for real, name in ((np.float64, "double"), (np.float32, "float")):
        common.write(
            f"sign/sign-{name}.json", "sign.py", f"the sign of a Gaussian and the ±1 variable after it; inputs exact in {name}",
            "Roth et al. 2019, doi:10.1007/978-3-030-46147-8_23", {"mpmath": mpmath.__version__, "numpy": np.__version__},
            tables(real))
