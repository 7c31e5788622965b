"""Makes test/fixtures/drift-parity.json: random inputs of the drift statistics and what scipy and numpy give for them.

Run outside the repository's own tools, which need only the table:

    python3 -m venv /elsewhere/venv && /elsewhere/venv/bin/pip install numpy==2.4.6 scipy==1.17.1 mpmath==1.4.1
    /elsewhere/venv/bin/python scripts/parity/make_drift_table.py

The seed is fixed: the same versions make the same table. mpmath (50 digits) stands in where scipy itself has lost digits.
"""

import json
import math
import pathlib

import mpmath
import numpy as np
import scipy
from scipy import special, stats
from scipy.spatial import distance

mpmath.mp.dps = 50
rng = np.random.default_rng(20260704)


def special_functions():
    gamma = []
    for a in [0.05, 0.5, 1, 2.5, 9.5, 49.5, 150, 499.5, 5000, 1e5]:
        for factor in [0.01, 0.5, 0.9, 0.999, 1, 1.002, 1.2, 3]:
            x = a * factor
            gamma.append([a, x, float(mpmath.gammainc(a, x, mpmath.inf, regularized=True)) if a < 1000 else float(special.gammaincc(a, x))])
    student = []
    for degrees in [1, 1.7, 4, 9.3, 30, 200.5, 1e4, 1e6, 2e7, 1e10]:
        for t in [-3.3, 0.01, 0.7, 1.9, 4.4, 11, 31]:
            student.append([t, degrees, float(stats.t.sf(t, degrees))])
    quantiles = [[p, d, float(stats.t.isf(p, d))] for p in [0.4, 0.05, 0.005, 1e-9] for d in [1, 2.6, 15, 900.1, 1e9]]
    beta = [
        [x, a, b, float(special.betainc(a, b, x))]
        for a, b in [(0.5, 0.5), (3, 7), (40.2, 0.5), (900, 1200), (0.01, 3)]
        for x in [1e-6, 0.05, 0.3, 0.45, 0.8, 0.999]
    ]
    normal = [[z, float(stats.norm.sf(z))] for z in [-8, -2, -0.1, 0, 1e-9, 0.5, 1.7, 1.8, 5, 20, 37]]
    limit = [[z, float(special.kolmogorov(z))] for z in [0.03, 0.1, 0.3, 0.5, 0.82, 0.99, 1, 1.01, 1.36, 2, 5, 15]]
    chi = [[x, d, float(stats.chi2.sf(x, d))] for d in [1, 2, 9, 99, 999] for x in [0.1, 3, 12, 130, 900, 1400] if stats.chi2.sf(x, d) > 1e-300]
    return {"gammaUpper": gamma, "betaLower": beta, "studentTail": student, "studentQuantile": quantiles, "normalTail": normal, "kolmogorovTail": limit, "chiSquareTail": chi}


def psi(p, q):
    return math.fsum((y - x) * math.log(y / x) for x, y in zip(p, q, strict=True))


def exact_jensen_shannon(a, b):
    """The divergence in nats, in 50 digits."""
    n, m = mpmath.mpf(sum(a)), mpmath.mpf(sum(b))
    total = mpmath.mpf(0)
    for x, y in zip(a, b, strict=True):
        p, q = x / n, y / m
        mid = (p + q) / 2
        total += (p * mpmath.log(p / mid) if x else 0) + (q * mpmath.log(q / mid) if y else 0)
    return total / 2


def exact_hellinger(a, b):
    n, m = mpmath.mpf(sum(a)), mpmath.mpf(sum(b))
    return mpmath.sqrt(sum((mpmath.sqrt(x / n) - mpmath.sqrt(y / m)) ** 2 for x, y in zip(a, b, strict=True)) / 2)


def cochran_groups(a, b):
    """Joins the rarest bins until no expected count is below 1 and at most a fifth below 5; None when one bin is left."""
    table = sorted(zip(a, b, strict=True), key=lambda bin: bin[0] + bin[1])
    while len(table) >= 2:
        expected = stats.contingency.expected_freq(np.array(table, dtype=float).T)
        if expected.min() >= 1 and (expected < 5).sum() <= 0.2 * expected.size + 1e-9:
            return np.array(table, dtype=float).T
        # The joined bin stays first, whatever its size: it is the one that takes the next rarest.
        (x, y), (u, v), *rest = table
        table = [(x + u, y + v), *rest]
    return None


def count_case(name, a, b):
    a, b = [int(x) for x in a], [int(x) for x in b]
    kept = [(x, y) for x, y in zip(a, b, strict=True) if x + y > 0]
    x, y = np.array([k[0] for k in kept], dtype=float), np.array([k[1] for k in kept], dtype=float)
    n, m = x.sum(), y.sum()
    p, q = x / n, y / m
    smooth = psi((x + 0.5) / (n + 0.5 * len(x)), (y + 0.5) / (m + 0.5 * len(x)))
    floored = psi(np.maximum(p, 1e-4), np.maximum(q, 1e-4))
    linf = float(np.abs(p - q).max())
    divergence = exact_jensen_shannon(*zip(*[(int(i), int(j)) for i, j in kept], strict=True))
    scipy_distance = float(distance.jensenshannon(p, q, base=2))
    ours = float(mpmath.sqrt(divergence / mpmath.log(2)))
    # Where they are far enough apart for doubles, scipy and 50 digits must agree.
    assert ours < 1e-4 or math.isclose(scipy_distance, ours, rel_tol=1e-9), (name, scipy_distance, ours)
    groups = cochran_groups(x, y)
    if groups is None:
        chi = None
    else:
        outcome = stats.chi2_contingency(groups, correction=False)
        chi = [float(outcome.statistic), int(outcome.dof), float(outcome.pvalue), float(stats.contingency.association(groups.astype(np.int64), method="cramer"))]
    plain = len(x) > 1 and groups is not None and groups.shape[1] == len(x)
    return {
        "name": name,
        "baseline": a,
        "current": b,
        "psi": float(psi(p, q)) if (p > 0).all() and (q > 0).all() else None,
        "psiSmooth": float(smooth),
        "psiFloor": float(floored),
        "psiPValue": float(stats.chi2.sf(smooth / (1 / n + 1 / m), len(x) - 1)) if plain else None,
        "jensenShannonDistance2": ours,
        "jensenShannonDivergenceE": float(divergence),
        "hellinger": float(exact_hellinger(*zip(*[(int(i), int(j)) for i, j in kept], strict=True))),
        "totalVariation": float(np.abs(p - q).sum() / 2),
        "lInfinity": linf,
        "lInfinityRobust": max(0.0, linf - 1.8 * math.sqrt((n + m) / (n * m))),
        "lInfinityRobust1Percent": max(0.0, linf - math.sqrt(-math.log(0.01 / 2) / 2) * math.sqrt((n + m) / (n * m))),
        "chiSquare": chi,
    }


def count_cases():
    cases = []
    for bins in [2, 3, 10, 20, 60]:
        for size in [8, 40, 300, 10_000, 2_000_000]:
            for shift in [0.0, 0.5]:
                p = rng.dirichlet(np.ones(bins))
                q = (1 - shift) * p + shift * rng.dirichlet(np.ones(bins))
                cases.append(count_case(f"{bins} bins of {size}, shift {shift}", rng.multinomial(size, p), rng.multinomial(int(size * rng.uniform(0.2, 3)) + 2, q)))
    cases.append(count_case("nothing in common", [10, 20, 0, 0], [0, 0, 30, 40]))
    cases.append(count_case("many rare ones", [500, *[1] * 40], [450, *[2] * 20, *[0] * 20]))
    cases.append(count_case("huge, nearly alike", [3 * 10**14, 10**14, 7 * 10**13], [3 * 10**14 + 5 * 10**9, 10**14, 7 * 10**13]))
    cases.append(count_case("huge, one small", [10**15, 4], [10**15, 40]))
    cases.append(count_case("one sided", [1, 0, 0], [0, 0, 1000]))
    return cases


def deviation(a):
    """np.std, of values brought near 1 first: squares of those near 1e-200 underflow."""
    scale = 2.0 ** -round(math.log2(np.ptp(a)))
    return float(np.std(a * scale)) / scale


def sample_case(name, a, b, **stored):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    exact = stats.ks_2samp(a, b, method="exact")
    iqr = float(np.quantile(a, 0.75) - np.quantile(a, 0.25))
    moved = float(stats.wasserstein_distance(a, b))
    edges = []
    for k in range(1, 10):
        edge = float(np.quantile(a, k / 10))
        if (a == edge).sum() > 1 and (a == edge).sum() * 10 >= len(a):
            edges.append(float(np.nextafter(edge, -np.inf)))
        edges.append(edge)
    edges = sorted(set(edges))
    counts = lambda v: np.bincount(np.searchsorted(edges, v, side="left"), minlength=len(edges) + 1).tolist()
    return {
        "name": name,
        **(stored or {"baseline": a.tolist(), "current": b.tolist()}),
        "ks": float(exact.statistic),
        "ksPValue": float(exact.pvalue),
        "wasserstein": moved,
        "wassersteinByDeviation": moved / deviation(a) if np.ptp(a) > 0 else None,
        "wassersteinByRange": moved / iqr if iqr > 0 else None,
        "edges": edges,
        "baselineBins": counts(a),
        "currentBins": counts(b),
    }


def recipe(count, multiplier, modulus, offset):
    """A permutation-like walk that a reader can make again exactly: ((i * multiplier) mod modulus + offset) / 1024."""
    return ((np.arange(count, dtype=np.int64) * multiplier) % modulus + offset) / 1024


def sample_cases():
    cases = []
    draws = {
        "normal": lambda n: np.round(rng.normal(size=n), 3),
        "shifted": lambda n: np.round(rng.normal(0.4, 1.3, size=n), 3),
        "exponential": lambda n: np.round(rng.exponential(50, size=n), 2),
        "few levels": lambda n: rng.integers(0, 5, size=n).astype(float),
        "mostly zero": lambda n: np.where(rng.uniform(size=n) < 0.7, 0, np.round(rng.normal(size=n), 2)),
        "small numbers": lambda n: np.round(rng.normal(size=n), 3) * 1e-200,
        "large numbers": lambda n: np.round(rng.normal(size=n), 3) * 1e12,
    }
    pairs = [("normal", "normal"), ("normal", "shifted"), ("exponential", "exponential"), ("few levels", "few levels"), ("mostly zero", "mostly zero"), ("mostly zero", "normal"), ("small numbers", "small numbers"), ("large numbers", "large numbers")]
    for n, m in [(2, 3), (5, 5), (7, 30), (60, 45), (120, 120), (400, 170)]:
        for first, second in pairs:
            cases.append(sample_case(f"{n} {first}, {m} {second}", draws[first](n), draws[second](m)))
    cases.append(sample_case("one and one", [1.0], [2.0]))
    cases.append(sample_case("far apart", np.arange(80.0), 1000 + np.arange(70.0)))
    cases.append(sample_case("far apart, as many", np.arange(90.0), 1000 + np.arange(90.0)))
    cases.append(sample_case("the same", np.arange(50.0), np.arange(50.0)))
    cases.append(sample_case("a constant", [3.0] * 12, [3.0] * 5 + [4.0] * 2))
    for name, first, second in [
        ("3000 against 2000", (3000, 7919, 10007, 0), (2000, 104729, 10007, 150)),
        ("2000 against 5001", (2000, 7919, 10007, 300), (5001, 104729, 10007, 0)),
        ("9000 against 10000", (9000, 7919, 100003, 0), (10000, 104729, 100003, 900)),
        ("10000 against 10000", (10000, 7919, 100003, 0), (10000, 104729, 100003, 2000)),
        ("10000 against 10000, alike", (10000, 7919, 100003, 0), (10000, 104729, 100003, 3)),
    ]:
        cases.append(sample_case(name, recipe(*first), recipe(*second), baselineRecipe=first, currentRecipe=second))
    return cases


def wilson(successes, count, z):
    p, zz = successes / count, z * z
    centre = (successes + zz / 2) / (count + zz)
    half = z / (count + zz) * math.sqrt(count * p * (1 - p) + zz / 4)
    return max(0.0, centre - half), min(1.0, centre + half)


def proportion_cases():
    cases = []
    table = [(50, 1000, 80, 1000), (3, 40, 9, 35), (0, 12, 5, 9), (10, 10, 10, 10), (0, 5, 0, 7), (1, 3, 2, 3), (400, 2000, 1, 30), (123456, 10**7, 130000, 10**7), (7, 10**6, 30, 10**6), (990, 1000, 480, 500)]
    z = float(stats.norm.ppf(0.975))
    for a, n, b, m in table:
        pooled = (a + b) / (n + m)
        smallest = min(n, m) * min(a + b, n + m - a - b) / (n + m)
        p, q = a / n, b / m
        values = {}
        for side, alternative in [("two-sided", "two-sided"), ("greater", "greater"), ("less", "less")]:
            if smallest < 5:
                values[side] = float(stats.fisher_exact([[b, m - b], [a, n - a]], alternative=alternative).pvalue)
            else:
                score = (q - p) / math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
                values[side] = float({"two-sided": 2 * stats.norm.sf(abs(score)), "greater": stats.norm.sf(score), "less": stats.norm.cdf(score)}[side])
        (l1, u1), (l2, u2) = wilson(a, n, z), wilson(b, m, z)
        cases.append({"baseline": [a, n], "current": [b, m], "method": "Fisher exact" if smallest < 5 else "pooled z", **values, "low": max(-1.0, q - p - math.hypot(q - l2, u1 - p)), "high": min(1.0, q - p + math.hypot(u2 - q, p - l1))})
    return cases


def mean_cases():
    cases = []
    for n, m, shift, scale in [(2, 2, 0.5, 1), (5, 9, 0, 3), (40, 35, 0.8, 1), (1000, 30, 0.1, 5), (10_000, 10_000, 0.02, 1), (300, 300, 1.5, 1)]:
        a, b = rng.normal(10, 1, size=n), rng.normal(10 + shift, scale, size=m)
        moments = [[n, float(a.mean()), float(a.var(ddof=1))], [m, float(b.mean()), float(b.var(ddof=1))]]
        args = [moments[1][1], math.sqrt(moments[1][2]), m, moments[0][1], math.sqrt(moments[0][2]), n]
        found = {side: stats.ttest_ind_from_stats(*args, equal_var=False, alternative=side) for side in ["two-sided", "greater", "less"]}
        interval = stats.ttest_ind(b, a, equal_var=False)
        bounds = interval.confidence_interval(0.95)
        cases.append({"baseline": moments[0], "current": moments[1], "t": float(found["greater"].statistic), "degrees": float(interval.df), "low": float(bounds.low), "high": float(bounds.high), **{side: float(f.pvalue) for side, f in found.items()}})
    return cases


def discovery_cases():
    cases = []
    for size in [1, 2, 7, 50, 200]:
        p = np.round(rng.uniform(size=size) ** 3, 4)
        cases.append({"pValues": p.tolist(), "adjusted": stats.false_discovery_control(p).tolist()})
    return cases


table = {
    "madeWith": {"scipy": scipy.__version__, "numpy": np.__version__, "mpmath": mpmath.__version__},
    "special": special_functions(),
    "counts": count_cases(),
    "samples": sample_cases(),
    "proportions": proportion_cases(),
    "means": mean_cases(),
    "discoveries": discovery_cases(),
}
target = pathlib.Path(__file__).parents[2] / "test" / "fixtures" / "drift-parity.json"
target.parent.mkdir(parents=True, exist_ok=True)
target.write_text(json.dumps(table, allow_nan=False, separators=(",", ":")).replace('{"name"', '\n{"name"') + "\n")
print(f"{target}: {target.stat().st_size} bytes")
