"""F-S, F-M, F-L and F-XL: first plans, how soon they are proven or how near the bound they are."""

from tests.bench.planner.bench import Bench
from tests.bench.planner.figures import Bar, spread
from tests.bench.planner.timed import Timed

WITHIN = 1.0


def first_small(bench: Bench) -> list[Bar]:
    """F-S: the proven optimum within 0.25 s."""
    runs = list(bench.firsts("S"))
    proven = spread([run.proven_at for run in runs])
    figures = (proven.of_seconds("optimum proven after (bar: p95 0.25 s)"), *_beside(runs))
    return [Bar("F-S", proven.p95 <= 0.25, figures)]


def first_middle(bench: Bench) -> list[Bar]:
    """F-M: a gap of 1 % at 5 s, 0.1 % in the median."""
    runs = list(bench.firsts("M"))
    gaps = spread([run.gap_at(5.0) for run in runs])
    figures = (
        gaps.of_shares("gap known at 5 s (bar: p95 1 %, median 0.1 %)"),
        spread([run.gap_at(1.0) for run in runs]).of_shares("gap known at 1 s"),
        spread([run.proven_at for run in runs]).of_seconds("optimum proven after"),
        *_beside(runs),
    )
    return [Bar("F-M", gaps.p95 <= 0.01 and gaps.median <= 0.001, figures)]


def first_large(bench: Bench) -> list[Bar]:
    """F-L: reported; the aim is a gap of 2 % at 5 s and 0.5 % at 30 s."""
    return [Bar("F-L", None, _reported(bench, "L", (5.0, 30.0), "aim: 2 % at 5 s, 0.5 % at 30 s"))]


def first_huge(bench: Bench) -> list[Bar]:
    """F-XL: a valid plan within 1 s; reported, the aim is a gap of 3 % at 60 s."""
    runs = list(bench.firsts("XL"))
    soonest = spread([run.seconds if run.first is None else run.first.seconds for run in runs])
    label = f"XL seed {bench.seed_base}, cut off at 1 s"
    cut = bench.solve(label, runs[0].problem, WITHIN)
    figures = (
        soonest.of_seconds("first plan known after (bar: 1 s)"),
        f"cut off at 1 s: {cut.objective} points after {cut.seconds:.2f} s with reasons, "
        f"{len(cut.verdict.violations)} violations",
        *_reported(bench, "XL", (5.0, 30.0, 60.0), "aim: 3 % at 60 s"),
    )
    return [Bar("F-XL", soonest.max <= WITHIN and cut.verdict.is_accepted, figures)]


def _reported(bench: Bench, size: str, moments: tuple[float, ...], aim: str) -> tuple[str, ...]:
    runs = list(bench.firsts(size))
    known = [
        line
        for at in moments
        if at <= bench.first_seconds(size)
        for line in (
            spread([run.gap_at(at) for run in runs]).of_shares(f"gap known at {at:.0f} s"),
            spread([run.distance_at(at) for run in runs]).of_shares(f"  to the last bound, plan of {at:.0f} s"),
        )
    ]
    return (aim, *known, *_beside(runs))


def _beside(runs: list[Timed]) -> tuple[str, ...]:
    """What the first rung that plans anything answers, and the whole time of a solve."""
    firsts = [(run.first, run.objective) for run in runs if run.first is not None]
    rungs = sorted({first.rung for first, _ in firsts})
    behind = [1 - first.best / max(1, objective) for first, objective in firsts]
    return (
        spread([run.seconds for run in runs]).of_seconds("whole solve, reasons included"),
        spread(behind).of_shares(f"beside: the first plan told ({', '.join(rungs)}), below the last by"),
    )
