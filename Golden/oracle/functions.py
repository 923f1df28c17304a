#!/usr/bin/env python3
"""Writes Golden/ops/functions-double.json and functions-float-hard.json: correctly rounded values, by mpmath.

The hard float arguments, those whose values come closest to the midpoint between two floats, are read from
Golden/oracle/functions-float-hard.txt, which has the `hard` lines that `ci/exhaustive --hard 30` prints, with MPFR's
results; these must agree.
Usage: python3 Golden/oracle/functions.py   (needs requirements.txt)
"""
import json
import math
import pathlib
import random
import struct

import mpmath
from mpmath import mp, mpf

import common

mp.dps = 50
HERE = pathlib.Path(__file__).resolve().parent
NAN, INFINITY = "nan", math.inf
# Each function, and the range in which it is neither constant nor infinite.
FUNCTIONS = {
    "exp": (mpmath.exp, -750, 715), "log": (mpmath.log, 0, 4), "log1p": (mpmath.log1p, -1, 3),
    "erf": (mpmath.erf, -6, 6), "erfc": (mpmath.erfc, -6, 27.5), "tanh": (mpmath.tanh, -20, 20),
    "sinpi": (mpmath.sinpi, -10, 10), "cospi": (mpmath.cospi, -10, 10),
}
AT_INFINITY = {  # at -inf, at +inf
    "exp": (0.0, INFINITY), "log": (NAN, INFINITY), "log1p": (NAN, INFINITY), "erf": (-1.0, 1.0),
    "erfc": (2.0, 0.0), "tanh": (-1.0, 1.0), "sinpi": (NAN, NAN), "cospi": (NAN, NAN),
}


def double_bits(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]


def double_of(bits):
    return struct.unpack("<d", struct.pack("<Q", bits))[0]


def float_of(bits):
    return struct.unpack("<f", struct.pack("<I", bits))[0]


def rounded(value, digits, least, most):
    """Rounds to nearest, ties to even, in `digits` bits; 2^least is the smallest subnormal, 2^most overflows."""
    if value == 0:
        return 0.0
    sign, mantissa, exponent, length = value._mpf_
    shift = max(length - digits, least - exponent)
    if shift > 0:
        quotient, rest = mantissa >> shift, mantissa & ((1 << shift) - 1)
        half = 1 << (shift - 1)
        quotient += rest > half or (rest == half and quotient & 1)
        mantissa, exponent = quotient, exponent + shift
    if mantissa and exponent + int(mantissa).bit_length() > most:
        size = INFINITY
    else:
        size = math.ldexp(int(mantissa), exponent)
    return -size if sign else size


def value(name, x, digits, least, most):
    """The correctly rounded result as a Python float, or NAN."""
    if math.isnan(x):
        return NAN
    if math.isinf(x):
        return AT_INFINITY[name][x > 0]
    lowest = {"log": 0, "log1p": -1}.get(name)
    if lowest is not None and x <= lowest:
        return -INFINITY if x == lowest else NAN
    if x == 0 and name in ("log1p", "erf", "tanh", "sinpi"):
        return x
    if name == "sinpi" and x == int(x):
        return math.copysign(0.0, x)
    if name == "exp" and abs(x) > 1000:
        return INFINITY if x > 0 else 0.0
    if name == "erfc" and x > 100:
        return 0.0
    if name in ("erf", "tanh") and abs(x) > 100:
        return math.copysign(1.0, x)
    if abs(x) < 1e-30 and name in ("tanh", "log1p"):
        return x  # x minus x^3/3 or x^2/2.
    return rounded(FUNCTIONS[name][0](mpf(x)), digits, least, most)


def arguments(name):
    _, low, high = FUNCTIONS[name]
    tiny, huge = 2.0**-1074, (2 - 2.0**-52) * 2.0**1023
    fixed = [0.0, tiny, 3 * tiny, 2.0**-1022, 2.0**-1022 - tiny, 1e-300, 1e-160, 2.0**-100, 2.0**-101, 1e-20, 2.0**-54,
             2.0**-53, 2.0**-27, 1e-8, 1e-3, 0.1, 0.125, 0.25, 1 / 3, 0.5, 0.75, 1.0, 1 - 2.0**-53, 1 + 2.0**-52, 1.5,
             2.0, 2.5, 3.0, 7.5, 10.0, 27.0, 1e3, 2.0**23 + 0.5, 2.0**52 - 0.5, 2.0**53, 1e15, 1e100, huge, INFINITY]
    special = {
        "exp": [709.782712893384, 709.7827128933841, 708.3964185322641, -708.3964185322641, -708.4, -720.5, -740.25,
                -745.1332191019411, -745.1332191019412, -746.0, 88.7, -103.9],
        "log": [math.e, math.sqrt(2), math.sqrt(0.5), 0.99, 1.01], "log1p": [-1 + 2.0**-53, -0.29, 0.42, -0.3, 0.41],
        "erf": [0.84375, 2.4999999, 2.5000001, 5.9, 5.93, 6.1, 7.99], "erfc": [2.4999999, 2.5000001, -2.5, 5.9, -5.86,
                26.5, 26.543258, 26.55, 27.2, 27.226, 27.2265, 27.3, 28.1],
        "tanh": [0.1732, 0.3466, 19.06, 19.1, 22.0, 40.5],
        "sinpi": [1 / 6, 0.2500001, 0.7499999, 1.25, 1e6 + 0.375],
        "cospi": [1 / 3, 0.2500001, 0.7499999, 1.25, 1e6 + 0.375],
    }[name]
    generator = random.Random(f"signet {name}")
    result = [s * x for x in fixed for s in (1, -1)] + [s * x for x in special for s in (1, -1)]
    result += [generator.uniform(low, high) for _ in range(30)]
    result += [double_of(generator.getrandbits(64)) for _ in range(20)]
    result += [1 + generator.uniform(-1, 1) * 2.0**-generator.randrange(1, 50) for _ in range(10)]
    # Results that are subnormal, and are rounded a second time, which may hit the midpoint between two numbers.
    for low, high in {"exp": [(-709.8, -708.4), (-712, -709)], "erfc": [(26.544, 26.57), (26.57, 26.62)]}.get(name, []):
        result += [generator.uniform(low, high) for _ in range(40)]
    return [x for x in result if not math.isnan(x)] + [math.nan]


def entry(x_bits, y_bits, x, y):
    return {"x": x_bits, "y": y_bits, "decimal": f"{x!r} -> {y!r}"}


def write(name, what, cases):
    inputs = [entry["x"] for entries in cases.values() for entry in entries]
    head = {"what": what, "generator": "Golden/oracle/functions.py", "date": common.DATE,
            "versions": {"mpmath": mpmath.__version__}, "inputsSHA256": common.digest(inputs)}
    text = json.dumps(head)[:-1] + ', "functions": {\n'
    text += ",\n".join(f'"{name}": [\n' + ",\n".join(map(json.dumps, entries)) + "]" for name, entries in cases.items())
    path = common.OUTPUT / "ops" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "}}\n")
    print(name, {name: len(entries) for name, entries in cases.items()})


def doubles():
    cases = {}
    for name in FUNCTIONS:
        cases[name] = []
        for x in arguments(name):
            y = value(name, x, 53, -1074, 1024)
            bits = 0x7ff8000000000000 if y is NAN else double_bits(y)
            cases[name].append(entry(f"0x{double_bits(x):016x}", f"0x{bits:016x}", x, y))
    write("functions-double.json", "correctly rounded doubles", cases)


def hard_floats():
    cases = {name: [] for name in FUNCTIONS}
    for line in (HERE / "functions-float-hard.txt").read_text().splitlines():
        _, name, x_bits, y_bits, _ = line.split()
        x = float_of(int(x_bits, 16))
        y = value(name, x, 24, -149, 128)
        bits = struct.unpack("<I", struct.pack("<f", y))[0]
        if bits != int(y_bits, 16):
            raise SystemExit(f"{name}({x!r}): mpmath says 0x{bits:08x}, MPFR {y_bits}")
        cases[name].append(entry(x_bits, y_bits, x, y))
    write("functions-float-hard.json",
          "arguments whose values come closest to the middle between two floats, correctly rounded", cases)


if __name__ == "__main__":
    doubles()
    hard_floats()
