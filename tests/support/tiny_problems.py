"""Tiny planning problems for the brute force: first plans and replans in which every rule binds now and then.

Each is drawn from one seed, so that a failing example is one number. `python -m tests.support.tiny_problem_rates`
prints how often each feature occurs.
"""

from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests.support.brute_force import FrozenClash, optimum_of, plan_form
from tests.support.brute_force_world import Form, opened
from tests.support.tiny_disturbances import disturb
from tests.support.tiny_draws import near, sometimes
from tests.support.tiny_rules import AGENCIES, consented, rules, weights

_STOCKHOLM = ZoneInfo("Europe/Stockholm")
_PLACES = ("p0", "p1", "p2", "p3", "p4")
_LEGS = (0, 61, 300, 300, 600, 600, 1500, 1801, 3600)
_COORDINATOR = "region_coordinator"


def first_problem(random: Random) -> Form:
    """Give a problem without a published plan: at most 3 sessions, 5 inspections and 4 team sessions.

    Most draws have no plan worth having, so that one to ten are drawn until something can be done.
    """
    least = random.choice((0, 1, 1, 2, 2, 3))
    for _ in range(10):
        problem = _drawn_problem(random)
        if len(optimum_of(problem).plan) >= least:
            break
    return problem


def wide_problem(random: Random) -> Form:
    """Give a first problem of one session with 6 inspections and 5 team sessions, for the pricing."""
    for _ in range(10):
        problem = _drawn_problem(random, num_sessions=1, num_inspections=6, num_team_sessions=5)
        if optimum_of(problem).plan:
            break
    return problem


def _drawn_problem(
    random: Random,
    num_sessions: int | None = None,
    num_inspections: int | None = None,
    num_team_sessions: int | None = None,
) -> Form:
    now = datetime(2025, *random.choice(((5, 5), (5, 5), (3, 28), (10, 24))), 8, tzinfo=_STOCKHOLM)
    on_map = random.random() < 0.2
    places: Sequence[Any] = [_on_map(random) for _ in _PLACES] if on_map else _PLACES
    sessions = _sessions(random, now, places, num_sessions or random.choice((1, 2, 2, 3, 3)))
    team_sessions = _team_sessions(random, sessions, places, num_team_sessions or random.choice((1, 2, 3, 4, 4, 4)))
    number = num_inspections or random.choice((1, 2, 3, 4, 5, 5))
    return {
        "schema": "samsyn-planning-problem/1",
        "centre": "akc-vast",
        "now": now.isoformat(),
        "seed": random.randrange(1000),
        "sessions": sessions,
        "team_sessions": team_sessions,
        "inspections": [
            _inspection(random, f"i{i}", sessions, team_sessions, random.choice(places)) for i in range(number)
        ],
        "travel": {"kmh": 65, "detour": 1.3, "extra_seconds": 240} if on_map else _matrix(random),
        "rules": rules(random),
        "weights": weights(random, sessions),
        "consented": consented(random, sessions, team_sessions),
    }


def replan_problem(random: Random) -> Form:
    """Give a problem whose published plan was best for an earlier state of it, and then something happened."""
    problem = first_problem(random)
    earlier = deepcopy(problem)
    earlier["rules"]["consent"] = "any"
    for kind in ("sessions", "inspections"):
        earlier[kind] = [own for own in earlier[kind] if random.random() < 0.88]
    try:
        published = plan_form(opened(earlier), optimum_of(earlier).plan)
    except FrozenClash as clash:  # pragma: no cover
        raise AssertionError("nothing is frozen in a first plan") from clash
    return disturb(random, problem | {"published": published})


def any_problem(seed: int) -> Form:
    """Give a first problem or, twice as often, a replan."""
    random = Random(seed)
    return first_problem(random) if random.random() < 1 / 3 else replan_problem(random)


seeds = st.integers(0, 2**40)
tiny_problems = seeds.map(any_problem)
wide_problems = seeds.map(lambda seed: wide_problem(Random(seed)))
tiny_replans = seeds.map(lambda seed: replan_problem(Random(seed)))


def shuffled(random: Random, problem: Form) -> Form:
    """Give the same problem with every list and object whose order means nothing in another order."""
    other = deepcopy(problem)
    operations = (other.get("published") or {"operations": []})["operations"]
    for form in (other, *other["sessions"], *other["team_sessions"], *other["inspections"], *operations):
        _shuffle(random, form, is_route="session" in form)
    for form in (other["rules"], other["weights"], other.get("published") or {}):
        _shuffle(random, form)
    if "places" in other["travel"]:
        other["travel"] = _renumbered(random, other["travel"])
    return other


def _shuffle(random: Random, form: Form, is_route: bool = False) -> None:
    """Shuffle a form's lists, an operation's route excepted, and the keys of its objects."""
    for key, told in form.items():
        if isinstance(told, list) and not (is_route and key == "inspections"):
            random.shuffle(told)
        elif isinstance(told, dict):
            form[key] = dict(random.sample(sorted(told.items()), len(told)))


def _renumbered(random: Random, travel: Form) -> Form:
    """Give the same table with its places in another order."""
    order = random.sample(range(len(travel["places"])), len(travel["places"]))
    seconds = [[travel["seconds"][a][b] for b in order] for a in order]
    return {"places": [travel["places"][a] for a in order], "seconds": seconds}


def _on_map(random: Random) -> Form:
    return {"lat": round(57.7 + random.uniform(-0.2, 0.2), 4), "lon": round(11.97 + random.uniform(-0.3, 0.3), 4)}


def _matrix(random: Random) -> Form:
    legs = [[0 if a == b else random.choice(_LEGS) for b in _PLACES] for a in _PLACES]
    return {"places": list(_PLACES), "seconds": legs}


def _sessions(random: Random, now: datetime, places: Sequence[Any], number: int) -> list[Form]:
    ahead = random.choice((0, 1, 2, 3, 4, 6, 9, 20))
    return [_session(random, f"s{i}", now, ahead, places) for i in range(number)]


def _session(random: Random, id_: str, now: datetime, ahead: int, places: Sequence[Any]) -> Form:
    day = now + timedelta(days=ahead + random.choice((0, 0, 1)))
    start = day.replace(hour=random.choice((7, 9, 12, 14, 19, 21)), minute=random.choice((0, 0, 30)))
    end = start + timedelta(minutes=random.choice((180, 300, 420, 540)))
    own = {"id": id_, "start_at": start.isoformat(), "end_at": end.isoformat(), "base": random.choice(places)}
    return (
        own
        | sometimes(
            random,
            0.12,
            police=False,
            officers=lambda: random.choice((1, 2, 3)),
            experience_band=lambda: random.choice(("0", "1-3", "4+")),
            skills=["dog"],
            max_travel_seconds=lambda: random.choice((600, 1500, 2700)),
            max_inspections=lambda: random.choice((1, 2, 3, None)),
        )
        | sometimes(
            random,
            0.3,
            areas=lambda: random.choice((["vast"], ["vast", "syd"], [], None)),
            consent="ask",
            cancel_permille=lambda: random.choice((100, 333)),
        )
    )


def _team_sessions(random: Random, sessions: Sequence[Form], places: Sequence[Any], number: int) -> list[Form]:
    agency_of = {team: random.choice(AGENCIES) for team in ("a", "b", "c")}
    return [_team_session(random, f"t{i}", agency_of, random.choice(sessions), places) for i in range(number)]


def _team_session(random: Random, id_: str, agency_of: dict[str, str], session: Form, places: Sequence[Any]) -> Form:
    team = random.choice(sorted(agency_of))
    joins = timedelta(seconds=random.choice((-3600, -3600, 0, 0, 900, 1800, 1801)))
    stays = timedelta(seconds=random.choice((86400, 86400, 86400, 3600, 0, -900, -1801)))
    own = {
        "id": id_,
        "team": f"team-{team}",
        "agency": agency_of[team],
        "start_at": (datetime.fromisoformat(session["start_at"]) + joins).isoformat(),
        "end_at": (datetime.fromisoformat(session["end_at"]) + stays).isoformat(),
    }
    return (
        own
        | sometimes(
            random,
            0.25,
            skills=[_COORDINATOR],
            home=lambda: random.choice(places),
        )
        | sometimes(random, 0.4, consent="ask", alternatives_group=lambda: random.choice(("g", "g", "h")))
    )


def _inspection(random: Random, id_: str, sessions: Sequence[Form], team_sessions: Sequence[Form], place: Any) -> Form:
    parties = sorted({team["agency"] for team in team_sessions})
    some = random.choice(sessions)
    own = {
        "id": id_,
        "place": place,
        "duration_seconds": random.choice((1, 1200, 2400, 3600, 5400)),
        "time_windows": [window for session in sessions for window in _windows(random, session)],
        "value": random.choice((0, 3, 8, 15, 20, 40)),
        "police_need": random.choice(("required", "wanted", "not_needed", "not_needed")),
        "interests": {party: random.choice((1, 5, 12)) for party in parties if random.random() < 0.45},
        "tags": [tag for tag in ("night", "week19") if random.random() < 0.4],
    }
    return (
        own
        | sometimes(
            random,
            0.1,
            due_at=lambda: near(random, some["start_at"], (-48, -2, 2)),
            deadline_at=lambda: near(random, some["start_at"], (2, 3, 5)),
            required_agencies=lambda: [random.choice(parties)],
            min_officers=lambda: random.choice((1, 3, 4)),
            required_skills=["dog"],
            required_participants=[_COORDINATOR],
        )
        | sometimes(
            random,
            0.25,
            area=lambda: random.choice(("vast", "syd")),
            ready=lambda: [party for party in parties if random.random() < 0.6],
        )
    )


def _windows(random: Random, session: Form) -> list[list[str]]:
    kind = random.choice(("whole", "whole", "whole", "early", "late", "two", "never"))
    start, end = session["start_at"], session["end_at"]
    return {
        "whole": [[start, end]],
        "early": [[near(random, start, (-1, 0)), near(random, start, (2, 3))]],
        "late": [[near(random, end, (-3, -2)), near(random, end, (-0.5, 1))]],
        "two": [[near(random, start, (0.5,)), near(random, start, (1.5,))], [near(random, start, (2,)), end]],
        "never": [],
    }[kind]
