"""The police sessions and the teams' shifts of a demo: invented, scarce, and placed after the real municipalities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Literal

from samsyn_contracts.register import Party, load_register

from samsyn_demo.input_error import DemoInputError
from samsyn_demo.period import Period, is_working
from samsyn_demo.places import Municipality, city_of, day_of, distance_km, is_red, local, municipalities_of
from samsyn_demo.records import PolicePass, TeamShift

Part = Literal["day", "evening"]
Duty = tuple[date, Part]

SESSIONS_A_WEEK = 15
SESSIONS_ON_THE_THEME_DAY = 8
EVENINGS_A_WEEK = 2  # besides a Saturday
REACH_KM = 40.0
SHARE_ASK_POLICE = 0.25
SHARE_ASK_TEAMS = 0.45
# Start (hour, minute) and lengths in hours of police sessions: by day within 07:30-17:00, in the evening 15:00-23:00.
_SESSION_STARTS: Mapping[Part, Sequence[tuple[int, int]]] = {
    "day": ((7, 30), (8, 0), (8, 0), (8, 30), (9, 0), (10, 0), (12, 0), (13, 0)),
    "evening": ((15, 0), (16, 0), (17, 0)),
}
_SESSION_HOURS = (4, 5, 6, 6, 7, 8)
_LATEST_END: Mapping[Part, tuple[int, int]] = {"day": (17, 0), "evening": (23, 0)}
_SHIFT_HOURS: Mapping[Part, Sequence[tuple[tuple[int, int], tuple[int, int]]]] = {
    "day": (((7, 30), (17, 0)), ((7, 30), (17, 0)), ((7, 30), (16, 30)), ((8, 0), (17, 0))),
    "evening": (((15, 0), (23, 0)),),
}
DAILY_REST = timedelta(hours=11)


@dataclass(frozen=True)
class Crew:
    """How many teams an agency (in a role) has for joint operations, and how many shifts they offer in a week."""

    agency: str
    role: str | None
    num_teams: int
    shifts_a_week: int
    skills: tuple[str, ...] = ()

    def team(self, number: int) -> str:
        """A team's name within its agency and centre."""
        return f"{self.role or 'lag'}-{number + 1}"


_CREWS = (
    Crew("arbetsmiljoverket", None, 3, 8, ("byggarbetsmiljo",)),
    Crew("skatteverket", None, 3, 7, ("personalliggare",)),
    Crew("migrationsverket", None, 2, 4),
    Crew("forsakringskassan", None, 2, 4),
    Crew("arbetsformedlingen", None, 1, 3),
    Crew("kommun-goteborg", "miljoforvaltningen", 2, 3),
    Crew("kommun-goteborg", "tillstandsenheten", 1, 2),
    Crew("kommun-tyreso", None, 1, 2),
    Crew("lansstyrelsen-vastra-gotaland", None, 1, 2, ("region_coordinator",)),
)


def crews_of(period: Period) -> tuple[Crew, ...]:
    """The crews of those parties that are members of the centre; raises DemoInputError if they are too few."""
    members = {party.code: party for party in load_register().members_of(period.centre, period.from_day)}
    crews = tuple(crew for crew in _CREWS if crew.agency in members and _may_be_on_site(members[crew.agency]))
    if len({crew.agency for crew in crews}) < 2:
        raise DemoInputError(
            "--from",
            f"{period.centre} has fewer than two agencies with teams on {period.from_day} in the register",
            "Choose a later day: most centres began on 2022-06-01 or 2023-01-01.",
        )
    return crews


def _may_be_on_site(party: Party) -> bool:
    return party.onsite_allowed


def near(centre: str) -> tuple[Municipality, ...]:
    """The centre's municipalities whose point is within 40 km of its city's point."""
    city = city_of(centre)
    return tuple(m for m in municipalities_of(centre) if distance_km(m.lat, m.lon, city.lat, city.lon) <= REACH_KM)


def police_sessions(period: Period) -> tuple[PolicePass, ...]:
    """Fifteen police sessions a week, bases drawn by population; one theme day has eight of them near the city."""
    chance = period.randomness("sessions")
    duties = [duty for week in period.weeks for duty in _duties_of(week, period.theme_day, chance)]
    num_that_day: Counter[date] = Counter()
    passes = []
    for duty in duties:
        num_that_day[duty[0]] += 1
        passes.append(_session(period, duty, num_that_day[duty[0]], chance))
    asked = set(chance.sample(range(len(passes)), round(SHARE_ASK_POLICE * len(passes))))
    passes = [replace(p, consent="ask" if n in asked else "standing") for n, p in enumerate(passes)]
    return tuple(sorted(passes, key=lambda p: (p.start_at, p.pass_id)))


def _duties_of(week: Sequence[date], theme_day: date, chance: Random) -> list[Duty]:
    """The days and parts of a week's sessions: a theme day, at most one Saturday, two evenings, otherwise by day."""
    duties: list[Duty] = []
    if theme_day in week:
        duties += [(theme_day, "day") for _ in range(SESSIONS_ON_THE_THEME_DAY)]
    duties += [(day, "evening") for day in week if day.weekday() == 5 and not is_red(day)]
    days = [day for day in week if is_working(day) and day != theme_day] or [theme_day]
    chance.shuffle(days)
    missing = SESSIONS_A_WEEK - len(duties)
    num_evenings = min(missing, EVENINGS_A_WEEK)
    duties += [(days[n % len(days)], "evening" if n < num_evenings else "day") for n in range(missing)]
    return sorted(duties)


def _session(period: Period, duty: Duty, number: int, chance: Random) -> PolicePass:
    day, part = duty
    where = near(period.centre) if day == period.theme_day else municipalities_of(period.centre)
    base = chance.choices(where, [m.population for m in where])[0]
    start_at = local(day, *chance.choice(_SESSION_STARTS[part]))
    latest_end_at = local(day, *_LATEST_END[part])
    lengths = [hours for hours in _SESSION_HOURS if start_at + timedelta(hours=hours) <= latest_end_at]
    return PolicePass(
        pass_id=period.own_id(f"pass-{day:%Y%m%d}-{number:02d}"),
        start_at=start_at,
        end_at=start_at + timedelta(hours=chance.choice(lengths)),
        municipality=base.code,
        lat=base.lat,
        lon=base.lon,
        officers=chance.choices((2, 3, 4, 5, 6), (15, 20, 35, 15, 15))[0],
        experience_band=chance.choices(("0", "1-3", "4+"), (20, 50, 30))[0],
        consent="standing",
        max_travel_minutes=chance.choice((45, 45, 60)),
        max_inspections=chance.choice((3, 4, 4, 5)),
    )


def team_shifts(period: Period, passes: Sequence[PolicePass]) -> tuple[TeamShift, ...]:
    """Shifts of each agency's teams on days with police sessions; no team ever overlaps itself or lacks its rest."""
    roster = _Roster(period, passes)
    for crew in crews_of(period):
        for week in period.weeks:
            roster.fill(crew, week)
    roster.give_every_duty_two_agencies(crews_of(period))
    shifts = sorted(roster.shifts, key=lambda s: (s.start_at, s.shift_id))
    asked = set(period.randomness("consent").sample(range(len(shifts)), round(SHARE_ASK_TEAMS * len(shifts))))
    return tuple(replace(s, consent="ask" if n in asked else "standing") for n, s in enumerate(shifts))


class _Roster:
    """Shifts given so far, and what more can be given."""

    def __init__(self, period: Period, passes: Sequence[PolicePass]) -> None:
        self.shifts: list[TeamShift] = []
        self._period = period
        self._chance = period.randomness("shifts")
        self._sessions: Counter[Duty] = Counter(_duty_of(p.start_at, p.end_at) for p in passes)
        homes = near(period.centre)
        self._homes = homes, [m.population for m in homes]
        self._agencies: dict[Duty, set[str]] = {}

    def fill(self, crew: Crew, week: Sequence[date]) -> None:
        """Give a crew its shifts of a week: all its teams on the theme day, else days drawn by number of sessions."""
        left = crew.shifts_a_week
        if self._period.theme_day in week:
            left -= sum(self._give(crew, n, (self._period.theme_day, "day")) for n in range(crew.num_teams))
        duties = [duty for duty in sorted(self._sessions) if duty[0] in week]
        while left > 0 and duties:
            duty = self._chance.choices(duties, [self._sessions[d] for d in duties])[0]
            teams = self._chance.sample(range(crew.num_teams), crew.num_teams)
            if any(self._give(crew, n, duty) for n in teams):
                left -= 1
            else:
                duties.remove(duty)

    def give_every_duty_two_agencies(self, crews: Sequence[Crew]) -> None:
        """Add shifts where a day's or evening's sessions would find fewer than two agencies."""
        for duty in sorted(self._sessions):
            for crew in crews:
                if len(self._agencies.get(duty, ())) < 2 and crew.agency not in self._agencies.get(duty, ()):
                    any(self._give(crew, n, duty) for n in range(crew.num_teams))

    def _give(self, crew: Crew, number: int, duty: Duty) -> bool:
        day, part = duty
        start, end = self._chance.choice(_SHIFT_HOURS[part])
        start_at, end_at = local(day, *start), local(day, *end)
        team = self._period.own_id(crew.team(number))
        own = [s for s in self.shifts if (s.agency, s.team) == (crew.agency, team)]
        if any(start_at < s.end_at + DAILY_REST and s.start_at < end_at + DAILY_REST for s in own):
            return False
        lat, lon = (own[0].lat, own[0].lon) if own else self._home_of(crew)
        self.shifts.append(
            TeamShift(
                shift_id=f"{team}-{day:%Y%m%d}",
                agency=crew.agency,
                team=team,
                start_at=start_at,
                end_at=end_at,
                inspectors=self._chance.choice((2, 2, 2, 3)),
                skills=crew.skills,
                lat=lat,
                lon=lon,
                consent="standing",
                role=crew.role,
            )
        )
        self._agencies.setdefault(duty, set()).add(crew.agency)
        return True

    def _home_of(self, crew: Crew) -> tuple[float, float]:
        """State teams start from towns near the city, municipal ones from the city."""
        homes, weights = self._homes
        home = city_of(self._period.centre) if crew.role else self._chance.choices(homes, weights)[0]
        return home.lat, home.lon


def _duty_of(start_at: datetime, end_at: datetime) -> Duty:
    day = day_of(start_at)
    return (day, "day" if end_at <= local(day, *_LATEST_END["day"]) else "evening")


def overlapping_shifts(shifts: Sequence[TeamShift]) -> tuple[tuple[str, str], ...]:
    """Pairs of shift ids where one team of one agency would be in two places."""
    by_team: dict[tuple[str, str], list[TeamShift]] = {}
    for shift in sorted(shifts, key=lambda s: s.start_at):
        by_team.setdefault((shift.agency, shift.team), []).append(shift)
    pairs = [pair for own in by_team.values() for pair in pairwise(own)]
    return tuple((a.shift_id, b.shift_id) for a, b in pairs if b.start_at < a.end_at)
