"""The inspections wanted in a problem: sites placed by population or food premises, open by their trade's hours."""

from datetime import date
from typing import Any

from samsyn_planning.domain.generator.chance import Chance
from samsyn_planning.domain.generator.geography import Area, Municipality, point_near
from samsyn_planning.domain.generator.parties import Party
from samsyn_planning.domain.generator.period import Period, text
from samsyn_planning.domain.generator.trades import TRADES, Trade

Form = dict[str, Any]
JITTER_M = 5000
DURATIONS = (30, 45, 60, 75, 90, 120)
DURATION_WEIGHTS = (8, 20, 30, 20, 15, 7)
PROGRAMMES = ("a-krim", "gvi", "osund-konkurrens")
COORDINATOR = "region_coordinator"


def inspections(chance: Chance, area: Area, parties: tuple[Party, ...], period: Period, count: int) -> list[Form]:
    """So many wanted inspections, in the order of their ids."""
    sites = _Sites(chance, area, parties, period)
    return [sites.site(number) for number in range(1, count + 1)]


class _Sites:
    """Draws one site after another."""

    def __init__(self, chance: Chance, area: Area, parties: tuple[Party, ...], period: Period) -> None:
        self._chance = chance
        self._area = area
        self._parties = parties
        self._period = period
        self._has_coordinator = any(COORDINATOR in party.skills for party in parties)

    def site(self, number: int) -> Form:
        chance = self._chance
        trade = chance.weighted(TRADES, [trade.weight for trade in TRADES])
        place = self._place(trade)
        need = chance.weighted(("required", "wanted", "not_needed"), (55, 30, 15))
        interests = self._interests(trade)
        due, deadline = self._limits()
        is_exploitation = self._has_coordinator and chance.is_one_of(6)
        return {
            "id": f"obj-{number:04}",
            "place": point_near(place, chance.middling(0, JITTER_M), chance.middling(0, JITTER_M)),
            "area": place.code,
            "duration_seconds": 60 * chance.weighted(DURATIONS, DURATION_WEIGHTS),
            "time_windows": self._windows(trade),
            "due_at": due,
            "deadline_at": deadline,
            "value": min(1000, chance.middling({"required": 380, "wanted": 290, "not_needed": 190}[need], 170)),
            "police_need": need,
            "required_agencies": self._required(interests),
            "interests": interests,
            "min_officers": 0 if need == "not_needed" else chance.weighted((2, 3, 4), (70, 20, 10)),
            "required_skills": ["utlanningskontroll"] if chance.is_one_of(4) else [],
            "required_participants": [COORDINATOR] if is_exploitation else [],
            "ready": None,
            "tags": sorted({trade.name, chance.weighted(PROGRAMMES, (70, 10, 20))}),
        }

    def _place(self, trade: Trade) -> Municipality:
        """By number of food premises for those who handle food, by population for the rest."""
        places = self._area.municipalities
        return self._chance.weighted(places, [m.num_food_premises if trade.is_food else m.population for m in places])

    def _interests(self, trade: Trade) -> dict[str, int]:
        """Those who look for something in this trade are interested more often, and more."""
        chance, levels = self._chance, dict[str, int]()
        for party in self._parties:
            is_theirs = party.code.startswith(trade.agencies)
            if chance.is_one_of(65 if is_theirs else 18):
                levels[party.code] = chance.between(30, 100) if is_theirs else chance.between(5, 60)
        return levels

    def _required(self, interests: dict[str, int]) -> list[str]:
        """A third of those who want the site most must be there, and now and then the next as well."""
        ranked = sorted(interests, key=lambda party: (-interests[party], party))
        count = self._chance.weighted((0, 1, 2), (64, 31, 5))
        return sorted(ranked[:count])

    def _windows(self, trade: Trade) -> list[list[str]]:
        """The trade's hours, up to an hour shorter at each end; a building site lasts some of the weeks only."""
        opens = 60 * trade.opens + 30 * self._chance.below(3)
        closes = 60 * trade.closes - 30 * self._chance.below(3)
        lunch = trade.is_food and self._chance.is_one_of(25)
        hours = ((opens, 14 * 60), (16 * 60, closes)) if lunch else ((opens, closes),)
        days = [day for day in self._days(trade) if day.weekday() < trade.num_weekdays]
        return [[text(day, first), text(day, last)] for day in days for first, last in hours if first < last]

    def _days(self, trade: Trade) -> list[date]:
        days = list(self._period.days)
        if not trade.is_temporary:
            return days
        first = self._chance.below(len(days) // 2)
        return days[first : first + self._chance.between(8, len(days))]

    def _limits(self) -> tuple[str | None, str | None]:
        """When it should be done (two in five have a day) and when at the latest (one in six), both at midnight."""
        chance, days = self._chance, self._period.days
        due = chance.between(len(days) // 4, len(days) - 1)
        deadline = chance.between(max(due, len(days) // 2), len(days) - 1)
        has_due, has_deadline = chance.is_one_of(40), chance.is_one_of(16)
        return text(days[due], 1440) if has_due else None, text(days[deadline], 1440) if has_deadline else None
