#!/usr/bin/env python3
"""Writes Sources/Kernels/Coefficients.h: the polynomials and tables of the fast paths and the constants of the accurate path.

Each polynomial interpolates at the Chebyshev nodes of its interval, which is within a factor of about two of the
minimax polynomial. It is rounded to double; then its error is measured exactly at 2,000 points.
Usage: python3 Golden/oracle/minimax.py   (needs mpmath; prints each polynomial's largest relative error)
"""
import pathlib

from mpmath import (atanh, cos, erf, erfc, exp, expm1, factorial, ln, log, mp, mpf, nstr, pi, polyval, sin, sqrt)

mp.dps = 60
OUTPUT = pathlib.Path(__file__).resolve().parents[2] / "Sources/Kernels/Coefficients.h"
lines = []


def rounded(value):
    """The nearest double, by Python's correctly rounded conversion."""
    return float(mpf(value))


def hexadecimal(value):
    return rounded(value).hex()


def rounded_to_float(value):
    """The nearest normal float."""
    with mp.workprec(24):
        return float(+mpf(value))


def float_hexadecimal(value):
    return rounded_to_float(value).hex() + "f"


def interpolate(function, low, high, degree):
    """The coefficients, lowest first, of the interpolant in the variable itself."""
    low, high, count = mpf(low), mpf(high), degree + 1
    nodes = [cos(pi * (2 * k + 1) / (2 * count)) for k in range(count)]
    values = [function((low + high) / 2 + (high - low) / 2 * node) for node in nodes]
    chebyshev = [2 * sum(v * cos(j * pi * (2 * k + 1) / (2 * count)) for k, v in enumerate(values)) / count
                 for j in range(count)]
    chebyshev[0] /= 2
    # From Chebyshev polynomials to powers of t, then t = scale x + shift.
    previous, current = [mpf(1)], [mpf(0), mpf(1)]
    powers = [mpf(0)] * count
    for j, c in enumerate(chebyshev):
        basis = previous if j == 0 else current
        for k, b in enumerate(basis):
            powers[k] += c * b
        if j > 0:
            following = [mpf(0)] + [2 * b for b in current]
            for k, b in enumerate(previous):
                following[k] -= b
            previous, current = current, following
    scale, shift = 2 / (high - low), -(high + low) / (high - low)
    result = [mpf(0)]
    for p in reversed(powers):
        product = [mpf(0)] * (len(result) + 1)
        for k, r in enumerate(result):
            product[k] += r * shift
            product[k + 1] += r * scale
        product[0] += p
        result = product
    return result[:count]


def emit_polynomial(name, what, function, low, high, degree, whole, true, sample_low=None):
    """whole(x, P(x)) is the quantity computed with the polynomial, true(x) is its true value."""
    coefficients = [mpf(rounded(c)) for c in interpolate(function, low, high, degree)]
    worst, points = mpf(0), 2000
    low, high = mpf(low), mpf(high)
    for k in range(points):
        x = low + (high - low) * (k + mpf(1) / 2) / points
        worst = max(worst, abs(whole(x, polyval(coefficients[::-1], x)) / true(x) - 1))
    error = nstr(log(worst, 2), 4)
    print(f"{name:12} degree {degree:2}  largest relative error 2^{error}")
    lines.append(f"// {what}; largest relative error 2^{error}.")
    lines.append(f"#define {name}_DEGREE {degree}")
    lines.append(f"TABLE double {name}[{degree + 1}] = {{")
    lines.extend(f"    {hexadecimal(c)},  // {nstr(c, 17)}" for c in coefficients)
    lines.append("};\n")


def emit_constant(name, value, what, parts=1, in_float=False):
    for part in range(parts):
        head = rounded_to_float(value) if in_float else rounded(value)
        suffix = ["", "_LOW", "_LOWEST"][part]
        comment = f"  // {what}" if part == 0 and what else ""
        lines.append(f"#define {name}{suffix} {head.hex()}{'f' if in_float else ''}{comment}")
        value = mpf(value) - mpf(head)


def emit_pairs(name, what, values):
    lines.append(f"// {what}")
    lines.append(f"TABLE struct pair {name}[{len(values)}] = {{")
    for value in values:
        head = rounded(value)
        lines.append(f"    {{{head.hex()}, {hexadecimal(mpf(value) - mpf(head))}}},")
    lines.append("};\n")


def fast():
    half = ln(2) / 2 * mpf("1.0001")
    emit_polynomial("EXP", "e^r, |r| <= ln(2)/2", exp, -half, half, 9, lambda x, p: p, exp)
    lower = 1 - mpf(2)**-42
    emit_polynomial("EXP_LOWERED", "(1 - 2^-42) e^r", lambda r: lower * exp(r), -half, half, 9,
                    lambda x, p: p, lambda r: lower * exp(r))
    rest = lambda r: (expm1(r) - r) / r**2 if abs(r) > 1e-15 else mpf(1) / 2
    emit_polynomial("EXPM1", "(e^r - 1 - r) / r^2, |r| <= ln(2)/2", rest, -half, half, 8,
                    lambda r, p: r + r * r * p, expm1)
    bound = ((sqrt(2) - 1) / (sqrt(2) + 1))**2 * mpf("1.0001")
    atanh_over = lambda z: 2 * atanh(sqrt(z)) / sqrt(z)
    emit_polynomial("LOG", "(2 atanh(s)/s - 2) / z, z = s^2, s = (m - 1) / (m + 1), sqrt(1/2) <= m <= sqrt(2)",
                    lambda z: (atanh_over(z) - 2) / z, 0, bound, 5, lambda z, p: 2 + z * p, atanh_over)
    over_root = lambda z: erf(sqrt(z)) / sqrt(z)
    emit_polynomial("ERF_SMALL", "erf(x)/x, z = x^2 <= 1", over_root, 0, 1, 10, lambda z, p: p, over_root)
    emit_polynomial("ERF_LARGE", "erf(5/2 + 3/2 t), |t| <= 1", lambda t: erf((5 + 3 * t) / 2), -1, 1, 24,
                    lambda t, p: p, lambda t: erf((5 + 3 * t) / 2))
    emit_erfc()
    root = lambda z: sin(pi * sqrt(z)) / sqrt(z)
    emit_polynomial("SINPI", "sin(pi r)/r, z = r^2, |r| <= 1/2", root, 0, mpf(1) / 4, 7, lambda z, p: p, root)
    emit_constant("LOG2_E", 1 / ln(2), "1 / ln 2")
    emit_constant("LN2", ln(2), "ln 2 in three parts", 3)
    lines.append("")


def emit_erfc():
    base, end = mpf(7) / 2, mpf(21) / 2
    near, far = 1 / base, 1 / (base + end)
    scale, shift = rounded(2 / (near - far)), rounded(-(near + far) / (near - far))
    reciprocal = lambda t: (t - mpf(shift)) / mpf(scale)
    function = lambda t: (lambda u: exp((1 / u - base)**2) * erfc(1 / u - base) / u)(reciprocal(t))
    emit_polynomial("ERFC", "e^(x^2) erfc(x) (x + 7/2), t = ERFC_SCALE / (x + 7/2) + ERFC_SHIFT, 0 <= x <= 21/2",
                    function, -1, 1, 17, lambda t, p: p, function)
    emit_constant("ERFC_SCALE", scale, "maps 1 / (x + 7/2) to [-1, 1]")
    emit_constant("ERFC_SHIFT", shift, "")
    lines.append("")


def look_up():
    """Of e^x in float: x = n ln(2)/32 + r, and of the 32 roots that e^(n ln(2)/32) may be, floats near them with exact logarithms."""
    part = ln(2) / 32
    lines.append("#ifdef SIGNET_LOOK_UP_TABLES")
    roots = [rounded_to_float(mpf(2)**(mpf(j) / 32)) for j in range(32)]
    emit_floats("EXP_ROOTS", "2^(j/32)", roots)
    emit_floats("EXP_ROOT_LOGS", "ln(EXP_ROOTS[j]) - j ln(2)/32 + 3 2^-37",
                [ln(root) - j * part + 3 * mpf(2)**-37 for j, root in enumerate(roots)])
    emit_constant("PARTS_OF_LN2", 1 / part, "32 / ln 2", in_float=True)
    emit_constant("PART_OF_LN2", part, "ln(2)/32 in two parts", 2, in_float=True)
    bound = part / 2 * mpf("1.0001")
    rest = lambda r: (expm1(r) - r - r**2 / 2) / r**3 if abs(r) > 1e-15 else mpf(1) / 6
    cubic, quartic = interpolate(rest, -bound, bound, 1)
    emit_constant("EXP_CUBIC", cubic, "(e^r - 1 - r - r^2/2) / r^3 = EXP_CUBIC + EXP_QUARTIC r, |r| <= ln(2)/64", in_float=True)
    emit_constant("EXP_QUARTIC", quartic, "", in_float=True)
    lines.append("#endif\n")


def emit_floats(name, what, values):
    lines.append(f"// {what}")
    lines.append(f"TABLE float {name}[{len(values)}] = {{")
    lines.extend(f"    {float_hexadecimal(value)}," for value in values)
    lines.append("};\n")


def accurate():
    lines.append("#ifdef SIGNET_PAIR_CONSTANTS")
    emit_constant("PI", pi, "pi", 2)
    emit_constant("TWO_OVER_ROOT_PI", 2 / sqrt(pi), "2 / sqrt(pi)", 2)
    emit_constant("ONE_OVER_ROOT_PI", 1 / sqrt(pi), "1 / sqrt(pi)", 2)
    lines.append("")
    emit_pairs("INVERSE_FACTORIAL", "1 / n!", [1 / factorial(n) for n in range(31)])
    emit_pairs("INVERSE_ODD", "1 / (2 k + 1)", [mpf(1) / (2 * k + 1) for k in range(72)])
    lines.append("#endif\n")


def main():
    lines.append("// Generated by Golden/oracle/minimax.py. Do not edit.")
    lines.append("#ifndef SIGNET_COEFFICIENTS_H\n#define SIGNET_COEFFICIENTS_H\n")
    fast()
    look_up()
    accurate()
    lines.append("#endif")
    OUTPUT.write_text("\n".join(line.rstrip(" ") for line in lines) + "\n")


if __name__ == "__main__":
    main()
