"""What it costs in value that published things are kept: the price of stability, told and not hidden."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from samsyn_planning.domain.planner.limit import Limit
from samsyn_planning.domain.planner.solving import solve
from samsyn_planning.domain.planner.words import Said, points

DISRUPTION = ("removed", "team_removed", "team_added", "added", "shifted", "changed")


class Price(NamedTuple):
    """Points of value that a plan gives up for stability: at least `value_given_up`, at most `at_most` if known.

    Equal where the free plan was proven; `said` is the sentence for people.
    """

    value_given_up: int
    at_most: int | None
    said: Said


def stability_price(problem: Mapping[str, Any], plan: Mapping[str, Any], limit: Limit | None = None) -> Price:
    """Compare a plan's value with that of the best plan found on the same facts were nothing worth keeping.

    Only the weights of disruption are set aside: freeze, pins, holds, consent and late calls are rules and stay.
    """
    free = solve(_free(problem), limit)
    found = max(0, free["value"] - plan["value"])
    bound = free["bound"]
    at_most = None if bound is None else max(found, int(bound + 1e-6) - plan["value"])
    return Price(found, at_most, _said(found, at_most, plan["value"]))


def _free(problem: Mapping[str, Any]) -> dict[str, Any]:
    """The problem with no points for keeping anything as it was published."""
    weights = dict(problem.get("weights") or {})
    disruption = dict(weights.get("disruption") or {}) | dict.fromkeys(DISRUPTION, 0)
    return {**problem, "weights": weights | {"disruption": disruption}}


def _said(found: int, at_most: int | None, value: int) -> Said:
    whole = points(value)
    if at_most == 0:
        sv = f"Att hålla fast vid det publicerade kostar inget: ingen plan ger mer än {whole.sv}."
        return Said(sv, f"Keeping what is published costs nothing: no plan brings more than {whole.en}.")
    if at_most is None and not found:
        sv = f"Ingen plan hittades som ger mer än {whole.sv}; vad stabiliteten kostar som mest är inte känt."
        en = f"No plan was found that brings more than {whole.en}; the most that stability costs is not known."
        return Said(sv, en)
    price = _between(found, at_most)
    sv = f"Att hålla fast vid det publicerade kostar {price.sv} i värde; planen ger {whole.sv}."
    return Said(sv, f"Keeping what is published costs {price.en} of value; the plan brings {whole.en}.")


def _between(found: int, at_most: int | None) -> Said:
    least = points(found)
    if at_most == found:
        return least
    if at_most is None:
        return Said(f"minst {least.sv}", f"at least {least.en}")
    most = points(at_most)
    if not found:
        return Said(f"högst {most.sv}", f"at most {most.en}")
    return Said(f"minst {least.sv} och högst {most.sv}", f"at least {least.en} and at most {most.en}")
