"""What is printed of the risk: scores, reliability and aftermath, as tables in plain text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf

from samsyn_planning.domain.shrinkage import Rates

from tests.bench.risk.aftermath import Since
from tests.bench.risk.judging import Bin, Forecast, Judged, brier, skill_interval


def scores(told: Mapping[str, Forecast], sessions: list[Judged]) -> Iterator[str]:
    """Brier scores, and by how much the last forecast is better than each of the others."""
    happened = sum(one.is_lost for one in sessions) / len(sessions)
    yield f"  {len(sessions):,} sessions, {happened:.4f} of them lost"
    *bases, (name, best) = told.items()
    for base, forecast in bases:
        low, high = skill_interval(best, forecast, sessions)
        skill = 1 - brier(best, sessions) / brier(forecast, sessions)
        better = f"{100 * skill:+.2f} % (95 %: {100 * low:+.2f} to {100 * high:+.2f})"
        yield f"  {base:<24} Brier {brier(forecast, sessions):.5f}   the last row is better by {better}"
    yield f"  {name:<24} Brier {brier(best, sessions):.5f}"


def priors(rates: Rates) -> str:
    """How much the trained rates lean on what is above them."""
    return (
        f"overall {rates.overall:.4f}; an area leans on it as on {rates.area_strength:.0f} sessions, "
        f"a cell on its area as on {rates.cell_strength:.0f}"
    )


def reliable(bins: list[Bin]) -> Iterator[str]:
    """What was told beside what happened."""
    yield f"  {'told below':>10} {'sessions':>9} {'told':>7} {'happened':>9}"
    for one in bins:
        yield f"  {100 * one.below:>8.0f} % {one.num_sessions:>9,} {one.told:>7.4f} {one.happened:>9.4f}"


def aftermath(found: Mapping[float, Since]) -> Iterator[str]:
    """Lost beside expected, by hours since the last heavy disturbance that was too old to take the session.

    Expected is what the rates tell, scaled to what was lost in all: the level of the days judged is not that of before.
    """
    level = sum(since.num_lost for since in found.values()) / sum(since.expected for since in found.values())
    yield f"  {'hours since':>11} {'sessions':>9} {'lost':>7} {'expected':>9} {'ratio':>6}"
    for hours, since in found.items():
        name, expected = "more" if hours == inf else f"to {hours:.0f}", level * since.expected
        ratio = since.num_lost / expected if expected else 0.0
        yield f"  {name:>11} {since.num_sessions:>9,} {since.num_lost:>7,} {expected:>9.0f} {ratio:>6.2f}"
