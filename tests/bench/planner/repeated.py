"""D-1: the same input and work give the same bytes in two fresh processes."""

from hashlib import sha256
from multiprocessing import TimeoutError as TookTooLong
from multiprocessing import get_context

from samsyn_planning.domain.generator import disturb, generate
from samsyn_planning.domain.planner import Limit, plan_bytes, solve

from tests.bench.planner.bench import Bench
from tests.bench.planner.figures import Bar
from tests.support.planning_forms import Form

SECONDS = 150


def same_bytes(bench: Bench) -> list[Bar]:
    """D-1: first plans and replans of S and M, limited by work alone."""
    asked = {"S": 3, "M": 1} if bench.is_quick else {"S": 10, "M": 3}
    figures, is_same = list[str](), True
    for size, num in asked.items():
        first, second = (_told_by_a_fresh_process(size, bench.seed_base, num) for _ in range(2))
        differing = sum(a != b for a, b in zip(first, second, strict=False)) + abs(len(first) - len(second))
        num_cut = sum(line.endswith("truncated") for line in first)
        is_same = is_same and bool(first) and differing == num_cut == 0
        figures.append(f"{size}: n {len(first)} plans twice, differing {differing}, cut off by the clock {num_cut}")
        bench.say(figures[-1])
    return [Bar("D-1", is_same, tuple(figures))]


def _told_by_a_fresh_process(size: str, seed: int, num: int) -> list[str]:
    """What it says of its plans; nothing where it did not end in time."""
    with get_context("spawn").Pool(1) as pool:
        try:
            return pool.apply_async(digests, (size, seed, num)).get(SECONDS)
        except TookTooLong:
            return []


def digests(size: str, seed: int, num: int) -> list[str]:
    """The digest of each first plan and of each replan, by work alone."""
    told = []
    for own in range(seed, seed + num):
        problem = generate(size, own)
        plan = solve(problem, Limit())
        told.append(_digest(f"{size} {own}", plan))
        told.append(_digest(f"{size} {own} again", solve(disturb(problem, plan, own, "police"), Limit())))
    return told


def _digest(label: str, plan: Form) -> str:
    cut = " truncated" if plan["truncated"] else ""
    return f"{label} {sha256(plan_bytes(plan)).hexdigest()}{cut}"
