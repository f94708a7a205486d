"""Travel as a table of seconds between named places, a little slower or quicker by direction, as roads are."""

import math
from typing import Any

from samsyn_planning.domain.generator.chance import Chance
from samsyn_planning.domain.generator.geography import EARTH_RADIUS_KM

Form = dict[str, Any]
Point = tuple[float, float]
MAX_PLACES = 500


def with_travel_table(problem: Form, chance: Chance) -> Form:
    """The problem with the same places by name and a table that is neither symmetric nor keeps triangles.

    Raises ValueError where there are more than 500 places.
    """
    held = [session["base"] for session in problem["sessions"]]
    held += [team["home"] for team in problem["team_sessions"] if team["home"] is not None]
    held += [inspection["place"] for inspection in problem["inspections"]]
    points = sorted({(place["lat"], place["lon"]) for place in held})
    if len(points) > MAX_PLACES:
        raise ValueError(f"is_tabled: {len(points)} places, choose a smaller size than has more than {MAX_PLACES}")
    names = {point: f"plats-{number:03}" for number, point in enumerate(points)}
    speed = problem["travel"]
    return problem | {
        "sessions": [s | {"base": _name(names, s["base"])} for s in problem["sessions"]],
        "team_sessions": [t | {"home": _name(names, t["home"])} for t in problem["team_sessions"]],
        "inspections": [i | {"place": _name(names, i["place"])} for i in problem["inspections"]],
        "travel": {
            "places": list(names.values()),
            "seconds": [[_seconds(a, b, speed, chance) for b in points] for a in points],
        },
    }


def _name(names: dict[Point, str], place: Form | None) -> str | None:
    return None if place is None else names[place["lat"], place["lon"]]


def _seconds(one: Point, other: Point, speed: Form, chance: Chance) -> int:
    if one == other:
        return 0
    north, east = (math.radians(b - a) for a, b in zip(one, other, strict=True))
    km = EARTH_RADIUS_KM * math.hypot(north, east * math.cos(math.radians((one[0] + other[0]) / 2)))
    usual: int = speed["extra_seconds"] + int(km * speed["detour"] * 3600 / speed["kmh"])
    return usual * chance.between(90, 125) // 100
