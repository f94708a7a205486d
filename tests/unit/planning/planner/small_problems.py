"""Hypothesis strategies of small planning problems that use every rule, and of what happens to their plans."""

from typing import Any

from hypothesis import strategies as st

from tests.support.planning_forms import (
    Form,
    a_problem,
    a_session,
    a_team_session,
    an_inspection,
    at,
    places_of,
)

AGENCIES = ("skatteverket", "arbetsmiljoverket", "forsakringskassan/kontroll", "jamstalldhetsmyndigheten")
SKILLS = ("tolk", "hund")


def _now_and_then(draw: st.DrawFn, rare: Any, usual: Any) -> Any:
    """Usually the one, now and then the other: a problem with every restriction at once has no plan at all."""
    return rare if draw(st.integers(0, 6)) == 6 else usual


def _some(values: tuple[str, ...], most: int = 1) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), max_size=most, unique=True)


@st.composite
def _sessions(draw: st.DrawFn) -> list[Form]:
    sessions = []
    for number in range(draw(st.integers(2, 6))):
        day, hour = draw(st.integers(6, 7)), draw(st.integers(7, 14))
        usual = at(day, hour + draw(st.integers(4, 9)))
        sessions.append(
            a_session(
                f"s{number}",
                start_at=at(day, hour),
                end_at=_now_and_then(draw, at(day + 1, 2), usual),
                base=f"b{draw(st.integers(0, 1))}",
                police=_now_and_then(draw, False, True),
                officers=_now_and_then(draw, 1, 3),
                experience_band=draw(st.sampled_from(("0", "1-3", "4+"))),
                skills=_now_and_then(draw, [], list(SKILLS)),
                areas=_now_and_then(draw, ["norr"], None),
                max_travel_seconds=_now_and_then(draw, 1800, None),
                max_inspections=draw(st.sampled_from((None, 1, 2, 3))),
                consent=_now_and_then(draw, "ask", "standing"),
                cancel_permille=draw(st.sampled_from((0, 150))),
            )
        )
    return sessions


@st.composite
def _team_sessions(draw: st.DrawFn) -> list[Form]:
    teams = []
    for number in range(draw(st.integers(3, 9))):
        day, agency = draw(st.integers(6, 7)), draw(st.sampled_from((*AGENCIES[:3], *AGENCIES)))
        teams.append(
            a_team_session(
                f"t{number}",
                agency,
                team=f"{agency}-{draw(st.integers(0, 1))}",
                start_at=at(day, _now_and_then(draw, 10, 6)),
                end_at=_now_and_then(draw, at(day, 16), at(day + 1, 3)),
                skills=[*_now_and_then(draw, [], ["region_coordinator"]), *draw(_some(SKILLS))],
                home=draw(st.sampled_from((None, "b0", "b1"))),
                consent=_now_and_then(draw, "ask", "standing"),
                alternatives_group=_now_and_then(draw, "g1", None),
            )
        )
    return teams


@st.composite
def _inspections(draw: st.DrawFn) -> list[Form]:
    inspections = []
    for number in range(draw(st.integers(3, 8))):
        windows = [[at(day, draw(st.integers(6, 12))), at(day, draw(st.integers(14, 23)))] for day in (6, 7)]
        inspections.append(
            an_inspection(
                f"i{number}",
                place=f"p{draw(st.integers(0, 3))}",
                time_windows=_now_and_then(draw, [[at(6, 0), at(9, 12)]], windows),
                value=draw(st.integers(10, 200)),
                area=draw(st.sampled_from((None, "norr", "syd"))),
                duration_seconds=draw(st.sampled_from((1800, 3600, 7200))),
                due_at=draw(st.sampled_from((None, at(6, 12), at(7, 12)))),
                deadline_at=_now_and_then(draw, at(6, 23), None),
                police_need=draw(st.sampled_from(("required", "wanted", "not_needed"))),
                required_agencies=_now_and_then(draw, [AGENCIES[draw(st.integers(0, 1))]], []),
                interests=draw(st.dictionaries(st.sampled_from(AGENCIES), st.integers(0, 100), max_size=3)),
                min_officers=_now_and_then(draw, 2, 0),
                required_skills=_now_and_then(draw, ["hund"], []),
                required_participants=_now_and_then(draw, ["region_coordinator"], []),
                ready=_now_and_then(draw, list(AGENCIES[:2]), None),
                tags=draw(_some(("bygg", "restaurang"))),
            )
        )
    return inspections


@st.composite
def problems(draw: st.DrawFn) -> Form:
    """Small first problems: three days, directed travel, all kinds of needs, rules and weights."""
    problem = a_problem(draw(_sessions()), draw(_team_sessions()), draw(_inspections()))
    places = places_of(problem)
    legs = [[0 if a == b else draw(st.sampled_from((300, 900, 2400))) for b in places] for a in places]
    theme = [{"tag": "bygg", "from": at(7, 9, 30), "to": at(7, 12), "points": 300}]
    theme.append({"tag": "restaurang", "from": at(6, 13), "to": at(8, 11), "points": -200})
    weights = {"theme": draw(st.sampled_from(([], theme))), "fairness": draw(st.sampled_from(({}, {AGENCIES[0]: -12})))}
    weights |= {"risk": draw(st.sampled_from((0, 50))), "disruption": {"changed": draw(st.sampled_from((1, 30)))}}
    rules = {"consent": draw(st.sampled_from(("any", "given"))), "max_agencies": draw(st.integers(2, 6))}
    rules |= {"min_other_agencies": _now_and_then(draw, 2, 1), "readiness_seconds": draw(st.sampled_from((0, 259200)))}
    return problem | {
        "travel": {"places": places, "seconds": legs},
        "rules": rules,
        "weights": weights,
        "consented": [[s["id"], None] for s in problem["sessions"]] if draw(st.booleans()) else [],
    }


@st.composite
def disturbances(draw: st.DrawFn, problem: Form, plan: Form) -> Form:
    """What the problem becomes when the plan is published, time has passed, and things are lost or cut short."""
    ids = [thing["id"] for kind in ("sessions", "team_sessions", "inspections") for thing in problem[kind]]
    operations = [operation["id"] for operation in plan["operations"]]
    used = [operation["session"] for operation in plan["operations"]]
    gone = draw(st.lists(st.sampled_from(used), max_size=2, unique=True)) if used else []
    gone += [loss for loss in draw(st.lists(st.sampled_from(ids), max_size=2, unique=True)) if loss not in gone]
    sessions = [_cut(draw, session) for session in problem["sessions"]]
    picked = st.lists(st.sampled_from(operations), max_size=1) if operations else st.just([])
    later: dict[str, Any] = {
        "sessions": sessions,
        "published": plan,
        "lost": [{"id": loss, "cause": "skjutning"} for loss in gone],
        "now": draw(st.sampled_from((at(5, 8), at(5, 8), at(6, 10)))),
        "confirmed": draw(picked),
        "pinned": draw(picked),
        "freeze_until": draw(st.sampled_from((None, None, at(6, 12), at(7, 9)))),
        "no_new_team_before": draw(st.sampled_from((None, at(7, 12)))),
    }
    return problem | later


def _cut(draw: st.DrawFn, session: Form) -> Form:
    """The session as it is later: now and then shorter, with fewer officers or without police."""
    fate = draw(st.integers(0, 9))
    if fate == 9:
        return session | {"officers": 1}
    if fate == 8:
        return session | {"police": False}
    return session | {"end_at": session["start_at"][:11] + "17:00:00+02:00"} if fate == 7 else session
