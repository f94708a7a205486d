"""The team sessions of a problem: shifts on days with police, some late, some asked, some one of several days."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from samsyn_planning.domain.generator.chance import Chance
from samsyn_planning.domain.generator.geography import Area
from samsyn_planning.domain.generator.parties import Party
from samsyn_planning.domain.generator.period import STOCKHOLM, at, text

Form = dict[str, Any]
DAY_SHIFTS = ((450, 1020), (450, 1020), (450, 990), (480, 1080), (600, 1140))
EVENING_SHIFT = (14 * 60, 23 * 60)
LATE_MINUTES = (10, 20, 30)
EVENING_FROM = 13 * 60
SESSIONS_A_TEAM = 3  # a party has a team for each so many sessions on the busiest day, and one at least


def team_sessions(chance: Chance, area: Area, parties: tuple[Party, ...], sessions: list[Form]) -> list[Form]:
    """Shifts of each party's teams on the days that have police sessions, in the order of their ids."""
    offered = [shift for party in parties for shift in _Crew(chance, area, party, sessions).shifts()]
    return sorted(offered, key=lambda shift: str(shift["id"]))


class _Crew:
    """The teams of one party."""

    def __init__(self, chance: Chance, area: Area, party: Party, sessions: list[Form]) -> None:
        self._chance = chance
        self._party = party
        self._starts = [datetime.fromisoformat(session["start_at"]) for session in sessions]
        self._days = sorted({start.date() for start in self._starts})
        busiest = max(Counter(start.date() for start in self._starts).values())
        num_teams = 1 + chance.below(1 + max(1, busiest // SESSIONS_A_TEAM))
        is_local = "/" in party.code
        homes = [area.bases[0] if is_local else chance.one(area.bases[:4]) for _ in range(num_teams)]
        self._homes = [{"lat": home.lat, "lon": home.lon} for home in homes]

    def shifts(self) -> list[Form]:
        """The shifts of each team; where it has two or three days to choose from it gives one of them."""
        shifts: list[Form] = []
        for number in range(1, len(self._homes) + 1):
            own = [
                self._shift(number, day) for day in self._days if self._chance.is_one_of(self._party.percent_offered)
            ]
            self._group(number, own)
            shifts += own
        return shifts or [self._shift(1, self._chance.one(self._days))]

    def _shift(self, number: int, day: date) -> Form:
        name = self._party.code.replace("/", "-")
        first, last = self._hours(day)
        return {
            "id": f"{name}-{number}-{day:%m%d}",
            "team": f"{name}-{number}",
            "agency": self._party.code,
            "start_at": text(day, first),
            "end_at": text(day, last),
            "inspectors": self._chance.weighted((2, 3), (80, 20)),
            "skills": sorted(skill for skill in self._party.skills if self._chance.is_one_of(80)),
            "home": None if self._chance.is_one_of(20) else self._homes[number - 1],
            "consent": "ask" if self._chance.is_one_of(40) else "standing",
            "alternatives_group": None,
        }

    def _hours(self, day: date) -> tuple[int, int]:
        """A day's or an evening's shift after what police sessions there are; one in ten joins a session late."""
        starts = [_minutes(start) for start in self._starts if start.date() == day]
        start = self._chance.one(starts)
        if self._chance.is_one_of(10):
            return start + self._chance.one(LATE_MINUTES), start + 9 * 60
        if start >= EVENING_FROM:
            return EVENING_SHIFT
        return self._chance.one(DAY_SHIFTS)

    def _group(self, number: int, shifts: list[Form]) -> None:
        """Name some neighbouring shifts as alternatives of each other."""
        place = 0
        while place < len(shifts):
            width = self._chance.weighted((1, 2, 3), (80, 14, 6))
            members = shifts[place : place + width]
            for shift in members if len(members) > 1 else ():
                shift["alternatives_group"] = f"val-{self._party.code.replace('/', '-')}-{number}-{place}"
            place += width


def _minutes(start: datetime) -> int:
    midnight = at(start.astimezone(STOCKHOLM).date(), 0)
    return int((start - midnight) / timedelta(minutes=1))
