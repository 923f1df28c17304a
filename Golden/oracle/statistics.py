#!/usr/bin/env python3
"""Writes Golden/ops/statistics.json: the tests that compare one night with another, and methods over seeds, by enumeration, SciPy and mpmath.

`rankSum`: the two-sided p of the rank-sum test, given the ties, by enumeration of all C(N, n) ways to distribute the midranks, in
integers, or for larger samples without ties by SciPy's exact distribution of U. `shift` is the median of all pairwise differences, and
the 95 % interval of the shifts that SciPy's exact test does not reject at 0.05, found by testing between each two neighbouring
differences. `ratio` is the same for the quotients after / before.
`rankSumNormal`: the same for more than 50 numbers in all, with the rank sum as normal: z = (|W − n (N + 1) / 2| − ½) / σ with
σ² = n m / 12 · (N + 1 − Σ (t³ − t) / (N (N − 1))), by mpmath at 50 digits, checked against SciPy's asymptotic p.
`welch`: Welch's test by mpmath at 50 digits: difference of the means, standard error, degrees of freedom, two-sided p by the regularized
incomplete beta function, and the 95 % interval by a root of it; all but the digits are checked against SciPy.
`holm`: the corrected p by the closed test: p̃_i = max over all sets S of hypotheses with i in S of min(1, |S| min_{j in S} p_j).
Usage: python3 Golden/oracle/statistics.py   (needs requirements.txt)
"""
import itertools
import math
import warnings

import mpmath
import numpy as np
import scipy
import scipy.stats

import common

warnings.simplefilter("error")


def p_by_enumeration(before, after):
    ranks = [int(2 * r) for r in scipy.stats.rankdata(before + after)]
    observed = sum(ranks[len(before):])
    sums = [sum(chosen) for chosen in itertools.combinations(ranks, len(after))]
    fewer = min(sum(s <= observed for s in sums), sum(s >= observed for s in sums))
    return min(1.0, 2 * fewer / len(sums))


def p_by_scipy(before, after):
    return float(scipy.stats.mannwhitneyu(before, after, alternative="two-sided", method="exact").pvalue)


def p_by_normal(before, after):
    n, total = len(after), len(before) + len(after)
    ranks = scipy.stats.rankdata(before + after)
    ties = sum(int(t) ** 3 - int(t) for t in np.unique(before + after, return_counts=True)[1])
    with mpmath.workdps(50):
        distance = abs(mpmath.fsum(map(float, ranks[len(before):])) - mpmath.mpf(n * (total + 1)) / 2)
        variance = mpmath.mpf(n * len(before)) / 12 * (total + 1 - mpmath.mpf(ties) / (total * (total - 1)))
        p = float(min(mpmath.mpf(1), mpmath.erfc((distance - mpmath.mpf(1) / 2) / mpmath.sqrt(2 * variance))))
    peer = scipy.stats.mannwhitneyu(before, after, alternative="two-sided", method="asymptotic", use_continuity=True).pvalue
    assert math.isclose(p, peer, rel_tol=1e-12), (p, peer)
    return p


def shift(before, after, change, undo, p):
    """The median change and the ends of the interval of changes that are not rejected at 0.05."""
    changes = sorted({change(b, a) for b in before for a in after})
    every = sorted(change(b, a) for b in before for a in after)
    # Beyond either end of the changes the shifted samples do not overlap: they are rejected, or there is no interval.
    kept = [(low, high) for low, high in zip(changes, changes[1:])
            if p([undo(b, (low + high) / 2) for b in before], after) > 0.05]
    return [float(np.median(every)), kept[0][0], kept[-1][1]]


def add(cases, name, before, after, tied=False, interval=True):
    before, after = [float(x) for x in before], [float(x) for x in after]
    normal = len(before + after) > 50
    by_peer = p_by_normal if normal else p_by_scipy
    enumerated = not normal and math.comb(len(before + after), len(after)) < 200_000
    p = p_by_enumeration(before, after) if enumerated else by_peer(before, after)
    if enumerated and not tied:
        assert math.isclose(p, p_by_scipy(before, after), rel_tol=1e-12)
    outputs = {"p": [p]}
    if interval:
        outputs["shift"] = shift(before, after, lambda b, a: a - b, lambda b, d: b + d, by_peer)
        outputs["ratio"] = shift(before, after, lambda b, a: a / b, lambda b, q: b * q, by_peer)
    cases.add(name, "rankSumNormal" if normal else "rankSum", {"before": before, "after": after}, outputs)


def add_welch(cases, name, before, after):
    before, after = [float(x) for x in before], [float(x) for x in after]
    with mpmath.workdps(50):
        def moments(sample):
            x = [mpmath.mpf(s) for s in sample]
            mean = mpmath.fsum(x) / len(x)
            return mean, mpmath.fsum((s - mean) ** 2 for s in x) / (len(x) - 1) / len(x)

        (m, u), (n, v) = moments(before), moments(after)
        error = mpmath.sqrt(u + v)
        freedom = (u + v) ** 2 / (u**2 / (len(before) - 1) + v**2 / (len(after) - 1))

        def tails(t):
            return mpmath.betainc(freedom / 2, mpmath.mpf(1) / 2, 0, freedom / (freedom + t * t), regularized=True)

        start = float(scipy.stats.t.ppf(0.975, float(freedom)))
        reach = mpmath.findroot(lambda t: tails(t) - mpmath.mpf("0.05"), mpmath.mpf(start)) * error
        outputs = {"difference": [n - m], "error": [error], "freedom": [freedom], "p": [tails((n - m) / error)],
                   "interval": [n - m - reach, n - m + reach]}
        outputs = {key: [float(x) for x in value] for key, value in outputs.items()}
    with warnings.catch_warnings():
        # SciPy warns of a sample whose numbers are all equal.
        warnings.simplefilter("ignore")
        peer = scipy.stats.ttest_ind(after, before, equal_var=False)
    ends = peer.confidence_interval(0.95)
    for ours, theirs in [(outputs["p"][0], peer.pvalue), (outputs["freedom"][0], peer.df), (outputs["interval"][0], ends.low),
                         (outputs["interval"][1], ends.high)]:
        assert math.isclose(ours, theirs, rel_tol=1e-9), (name, ours, theirs)
    cases.add(name, "welch", {"before": before, "after": after}, outputs)


def main():
    cases = common.Cases(20261123)

    def draw(count):
        return list(dict.fromkeys(float(x) for x in cases.draw(2 * count, low=1, high=2)))[:count]

    add(cases, "rank-sum-apart-5x5", [1, 2, 3, 4, 5], [6, 7, 8, 9.5, 11], interval=False)
    add(cases, "rank-sum-the-same-numbers", [3, 1, 2, 5, 4], [3, 1, 2, 5, 4], tied=True, interval=False)
    add(cases, "rank-sum-all-equal", [2] * 5, [2] * 6, tied=True, interval=False)
    add(cases, "rank-sum-one-each", [1], [2], interval=False)
    add(cases, "rank-sum-ties-7x9", [1, 1, 2, 2, 2, 3, 5], [2, 3, 3, 3, 4, 4, 5, 5, 6], tied=True, interval=False)
    add(cases, "rank-sum-ties-10x10", np.array([9, 9, 11, 8, 12, 10, 10, 9, 11, 13]) / 400,
        np.array([11, 12, 12, 14, 10, 13, 15, 11, 12, 16]) / 400, tied=True, interval=False)
    for n, m, by in [(5, 5, 0), (6, 9, 0.5005), (8, 8, 0.2505), (10, 10, 0.4005), (10, 7, -0.5005), (20, 20, 0.3005), (24, 24, 0)]:
        x = draw(n + m)
        add(cases, f"rank-sum-{n}x{m}-{by:g}", x[:n], [x + by for x in x[n:]])

    add_welch(cases, "welch-2x2", [1, 2], [4, 6.5])
    add_welch(cases, "welch-3x3", [8, 9, 11], [9, 12, 15])
    add_welch(cases, "welch-the-same-mean", [1, 2, 3], [1.5, 2, 2.5])
    add_welch(cases, "welch-one-without-spread", [5, 5, 5, 5], [5.25, 6, 6.5])
    add_welch(cases, "welch-far-apart", [1, 1.125, 1.25, 1.0625, 1.1875], [9, 9.25, 9.125, 9.5, 9.0625])
    # Test errors over five seeds, as fractions of 400 and of 10,000 images.
    add_welch(cases, "welch-errors-5x5", np.array([9, 11, 8, 12, 10]) / 400, np.array([11, 12, 12, 14, 10]) / 400)
    add_welch(cases, "welch-errors-4x5", np.array([131, 128, 136, 133]) / 10000, np.array([121, 127, 124, 119, 126]) / 10000)
    for n, m, by in [(5, 5, 0.1005), (6, 9, -0.2505), (20, 3, 0.1005), (30, 40, 0.3005)]:
        x = draw(n + m)
        add_welch(cases, f"welch-{n}x{m}-{by:g}", x[:n], [s + by for s in x[n:]])

    for p in [[0.01], [0.04, 0.01, 0.03], [0.2, 0.2, 0.9], [1e-5, 0.5, 0.02, 0.013, 1.0, 0.004]]:
        sets = [s for size in range(1, len(p) + 1) for s in itertools.combinations(range(len(p)), size)]
        corrected = [max(min(1.0, len(s) * min(p[j] for j in s)) for s in sets if i in s) for i in range(len(p))]
        cases.add(f"holm-{len(p)}-{p[0]:g}", "holm", {"p": p}, {"corrected": corrected})

    for n, m, by in [(40, 30, 0.1505), (21, 30, -0.2505), (26, 26, 0)]:
        x = draw(n + m)
        add(cases, f"rank-sum-normal-{n}x{m}-{by:g}", x[:n], [x + by for x in x[n:]])
    add(cases, "rank-sum-normal-ties-36x45", [3 * i % 8 for i in range(36)], [5 * i % 9 + 1 for i in range(45)], tied=True, interval=False)
    add(cases, "rank-sum-normal-apart-40x20", range(40), range(40, 60), interval=False)
    add(cases, "rank-sum-normal-in-the-middle", [4 * i + j for i in range(14) for j in (1, 4)],
        [4 * i + j for i in range(14) for j in (2, 3)], interval=False)

    common.write(
        "ops/statistics.json", "statistics.py", "the statistics that compare nights and methods", "enumeration, SciPy and mpmath",
        {"mpmath": mpmath.__version__, "numpy": np.__version__, "scipy": scipy.__version__}, cases.cases)


if __name__ == "__main__":
    main()
