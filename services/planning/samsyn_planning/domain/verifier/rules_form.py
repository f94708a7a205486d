"""Reads a problem's `rules` and `weights` with the defaults that the form shows."""

from collections.abc import Mapping

from samsyn_planning.domain.verifier.entities import Rules, Theme, Weights
from samsyn_planning.domain.verifier.reading import Fields, Node

_LIMITS = {
    "late_join_seconds": 1800,
    "early_leave_seconds": 1800,
    "team_gap_seconds": 2700,
    "daily_rest_seconds": 39600,
    "max_agencies": 6,
    "min_other_agencies": 1,
    "team_far_seconds": 1800,
    "substitute_seconds": 3600,
    "readiness_seconds": 259200,
}
_POINTS = {
    "value": 10,
    "interest": 10,
    "late_day": 15,
    "earliness": 1,
    "travel_minute": 2,
    "team": 30,
    "team_far": 20,
    "experience": 5,
    "risk": 0,
    "no_police": 20,
}
_DISRUPTION = {"removed": 60, "team_removed": 40, "team_added": 20, "added": 10, "shifted": 20, "changed": 1}
# Points of one thing; sums of heavier ones would not be exact in the search.
HEAVIEST = 10**9
_TOLERANCE = {"shift_tolerance_seconds": 900}


def read_rules(node: Node) -> Rules:
    """Read the centre's limits; consent is "any" unless told otherwise."""
    fields = node.fields(*_LIMITS, "never_on_site", "not_an_agency", "consent")
    limits = {name: fields.given(name, default).integer(0) for name, default in _LIMITS.items()}
    return Rules(
        **limits,
        never_on_site=fields.given("never_on_site", ["jamstalldhetsmyndigheten"]).texts(),
        not_an_agency=fields.given("not_an_agency", []).texts(),
        consent=fields.given("consent", "any").text("any", "given"),
    )


def read_weights(node: Node) -> Weights:
    """Read the points of the objective; any of them may be negative, and 0 switches its term off."""
    fields = node.fields(*_POINTS, "fairness", "theme", "disruption")
    disruption = fields.given("disruption", {}).fields(*_DISRUPTION, *_TOLERANCE)
    return Weights(
        points=_integers(fields, _POINTS),
        fairness=fields.given("fairness", {}).points(-HEAVIEST, HEAVIEST),
        theme=tuple(_theme(item) for item in fields.given("theme", []).items()),
        disruption=_integers(disruption, _DISRUPTION) | _integers(disruption, _TOLERANCE, low=0),
    )


def _integers(fields: Fields, defaults: Mapping[str, int], low: int = -HEAVIEST) -> dict[str, int]:
    return {name: fields.given(name, default).integer(low, HEAVIEST) for name, default in defaults.items()}


def _theme(node: Node) -> Theme:
    fields = node.fields("tag", "from", "to", "points")
    return Theme(
        fields["tag"].text(),
        fields["from"].instant(),
        fields["to"].instant(),
        fields["points"].integer(-HEAVIEST, HEAVIEST),
    )
