"""Rules, weights and consents of the tiny problems, each figure now and then another than its default."""

from collections.abc import Sequence
from random import Random

from tests.support.brute_force_world import Form
from tests.support.tiny_draws import near, sometimes

AGENCIES = ("arbetsmiljoverket", "skatteverket", "kommun/alkohol", "kommun/bygg")


def rules(random: Random) -> Form:
    return sometimes(
        random,
        0.11,
        late_join_seconds=0,
        early_leave_seconds=0,
        team_gap_seconds=lambda: random.choice((0, 7200)),
        daily_rest_seconds=lambda: random.choice((0, 50000)),
        max_agencies=lambda: random.choice((1, 2)),
        min_other_agencies=lambda: random.choice((0, 2)),
        never_on_site=lambda: [random.choice(AGENCIES)],
        not_an_agency=lambda: [random.choice(AGENCIES)],
        team_far_seconds=600,
        substitute_seconds=lambda: random.choice((0, 7200)),
        readiness_seconds=lambda: random.choice((0, 2000000)),
    ) | sometimes(random, 0.3, consent="given")


def weights(random: Random, sessions: Sequence[Form]) -> Form:
    own = sometimes(
        random,
        0.08,
        value=1,
        interest=lambda: random.choice((0, 5)),
        late_day=lambda: random.choice((0, 200)),
        earliness=lambda: random.choice((0, 8, -3)),
        travel_minute=lambda: random.choice((0, 5, -1)),
        team=lambda: random.choice((0, 80, -10)),
        team_far=60,
        experience=lambda: random.choice((0, 40, -20)),
        no_police=lambda: random.choice((0, 100, -20)),
        fairness=lambda: {agency: random.choice((-12, 7)) for agency in AGENCIES[:2]},
    )
    own |= sometimes(random, 0.25, risk=lambda: random.choice((1, 7, -1)))
    return own | sometimes(
        random,
        0.35,
        theme=lambda: [_theme(random, sessions), _theme(random, sessions)],
        disruption=lambda: _dear(random),
    )


def _theme(random: Random, sessions: Sequence[Form]) -> Form:
    session = random.choice(sessions)
    from_, to = near(random, session["start_at"], (0, 1, 2)), near(random, session["end_at"], (-1, -2, 24))
    tag, points = random.choice(("night", "week19")), random.choice((-80, 30, 120))
    return {"tag": tag, "from": min(from_, to), "to": max(from_, to), "points": points}


def _dear(random: Random) -> Form:
    return sometimes(
        random,
        0.3,
        removed=lambda: random.choice((0, 10)),
        team_removed=lambda: random.choice((0, 5)),
        team_added=lambda: random.choice((0, 90, -5)),
        added=lambda: random.choice((0, 90)),
        shifted=lambda: random.choice((0, 1, -3)),
        changed=lambda: random.choice((0, 100)),
        shift_tolerance_seconds=lambda: random.choice((0, 1800, 3600)),
    )


def consented(random: Random, sessions: Sequence[Form], team_sessions: Sequence[Form]) -> list[list[str | None]]:
    pairs = [[session["id"], team] for session in sessions for team in (None, *(own["id"] for own in team_sessions))]
    return [pair for pair in pairs if random.random() < 0.3]
