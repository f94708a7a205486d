"""A plan made anew as if nothing had been published, to see what stability is measured against."""

from datetime import datetime

from tests.support.planning_forms import Form

UNKNOWN: Form = {
    "published": None,
    "confirmed": [],
    "pinned": [],
    "hold": [],
    "lost": [],
    "consented": [],
    "freeze_until": None,
    "no_new_team_before": None,
}


def as_if_unpublished(problem: Form) -> Form:
    """The same facts without the lost, with nothing published."""
    lost = {loss["id"] for loss in problem["lost"]}
    left = {
        name: [member for member in problem[name] if member["id"] not in lost or member.get("police") is False]
        for name in ("sessions", "team_sessions", "inspections")
    }
    return problem | UNKNOWN | left


def free_to_move(problem: Form, hit: frozenset[str]) -> list[Form]:
    """Published operations that nothing holds: neither hit, nor frozen, pinned or held."""
    starts = {session["id"]: session["start_at"] for session in problem["sessions"]}
    held = {*problem["pinned"], *problem["hold"], *hit}
    frozen = datetime.fromisoformat(problem["freeze_until"])
    return [
        operation
        for operation in problem["published"]["operations"]
        if operation["id"] not in held and datetime.fromisoformat(starts[operation["session"]]) >= frozen
    ]


def num_changed(operations: list[Form], plan: Form) -> int:
    """How many of the operations are not on their session as they were, beyond the tolerance."""
    now = {operation["session"]: operation for operation in plan["operations"]}
    return sum(not _is_kept(operation, now.get(operation["session"])) for operation in operations)


def _is_kept(before: Form, now: Form | None) -> bool:
    if now is None or sorted(before["teams"]) != sorted(now["teams"]):
        return False
    visits, others = before["inspections"], now["inspections"]
    return [visit["id"] for visit in visits] == [visit["id"] for visit in others] and all(
        abs((_moment(a) - _moment(b)).total_seconds()) <= 900 for a, b in zip(visits, others, strict=True)
    )


def _moment(visit: Form) -> datetime:
    return datetime.fromisoformat(visit["start_at"])
