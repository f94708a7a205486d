"""Makes the planner ready in a new process: what it compiles and loads, it has then compiled and loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from samsyn_planning.domain.planner import Limit, just_cancel, solve
from samsyn_planning.domain.planner.engine import kernels
from samsyn_planning.domain.verifier import verify

DAYS = ("06", "07", "08")


def is_compiled() -> bool:
    """Whether this machine has compiled the engine as it is now: else the first solve takes up to a minute more."""
    return kernels.folder_of(Path(kernels.__file__).parent).exists()


def warm() -> None:
    """Plan a small problem, lose a session of it and plan again, as the service does; then one with long routes."""
    first = _problem()
    published = solve(first)
    lost = {**first, "published": published, "lost": [{"id": f"s{DAYS[0]}", "cause": "warming"}]}
    for plan in (solve(lost), solve({**lost, "rules": {"consent": "given"}}), just_cancel(lost)):
        verify(lost, plan)
    solve(_long(first), Limit(work=1000))


def _problem() -> dict[str, Any]:
    """Three days with two teams each, and more inspections than one session holds."""
    spans = {
        day: {"start_at": f"2025-05-{day}T08:00:00+02:00", "end_at": f"2025-05-{day}T16:00:00+02:00"} for day in DAYS
    }
    windows = [[span["start_at"], span["end_at"]] for span in spans.values()]
    return {
        "schema": "samsyn-planning-problem/1",
        "now": "2025-05-05T08:00:00+02:00",
        "travel": {"kmh": 65, "detour": 1.3, "extra_seconds": 240},
        "sessions": [{"id": f"s{day}", "base": _place(0), **span} for day, span in spans.items()],
        "team_sessions": [
            {"id": f"{agency}{day}", "team": agency, "agency": agency, **span}
            for agency in ("arbetsmiljoverket", "skatteverket")
            for day, span in spans.items()
        ],
        "inspections": [
            {
                "id": f"i{number}",
                "place": _place(number),
                "duration_seconds": 5400,
                "time_windows": windows,
                "value": 50 + 7 * number,
                "interests": {"skatteverket": 10 * number},
                "police_need": ("required", "wanted", "not_needed")[number % 3],
            }
            for number in range(8)
        ],
    }


def _long(problem: dict[str, Any]) -> dict[str, Any]:
    """The problem with one session that holds any number of short inspections."""
    short = [own | {"duration_seconds": 900, "police_need": "wanted"} for own in problem["inspections"]]
    more = [own | {"id": f"{own['id']}b"} for own in short]
    return {
        **problem,
        "sessions": [problem["sessions"][0] | {"max_inspections": None}],
        "inspections": short + more,
    }


def _place(number: int) -> dict[str, float]:
    return {"lat": 57.7 + number / 200, "lon": 11.97 + number / 300}
