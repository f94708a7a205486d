"""The sites that agencies want inspected: invented businesses, placed after the real municipalities and industries."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from samsyn_demo.businesses import Businesses
from samsyn_demo.capacity import crews_of
from samsyn_demo.period import Period
from samsyn_demo.places import Industry, Municipality, industries, is_red, local, municipalities_of
from samsyn_demo.records import WantedSite

Window = tuple[datetime, datetime]

SITES_IN_FOUR_WEEKS = 150
SHARE_SOLE_TRADERS = 0.15
SHARE_EXPLOITATION = 0.08
SHARE_OWN_TEAM_REQUIRED = 0.35
SHARE_MUNICIPAL = 0.7  # of the food sites that a municipality of the centre may propose
JITTER_KM = 4.0
_KM_PER_DEGREE = 111.2
_EVERY_DAY, _TO_SATURDAY, _TO_FRIDAY = range(7), range(6), range(5)
# A municipality's own agency wants only what lies in its own area.
_MUNICIPALITY_OF_AGENCY: Mapping[str, str] = {"kommun-goteborg": "1480", "kommun-tyreso": "0138"}


@dataclass(frozen=True)
class FieldProfile:
    """What is usual in an industry's field: how often, when open (invented), who wants it inspected, and why."""

    weight: int
    weekdays: range
    hours: tuple[int, int]
    proposers: tuple[str, ...]
    indications: tuple[str, ...]
    is_food: bool = False
    is_temporary: bool = False


_PROFILES: Mapping[str, FieldProfile] = {
    "restaurang": FieldProfile(
        30,
        _EVERY_DAY,
        (10, 22),
        ("kommun-goteborg", "kommun-tyreso", "skatteverket", "arbetsmiljoverket"),
        ("staff_ledger_missing", "undeclared_wages", "alcohol_permit_breach", "hygiene_shortcomings"),
        is_food=True,
    ),
    "livsmedelsbutik": FieldProfile(
        12,
        _EVERY_DAY,
        (8, 21),
        ("kommun-goteborg", "kommun-tyreso", "skatteverket", "forsakringskassan"),
        ("hygiene_shortcomings", "undeclared_wages", "benefit_misuse"),
        is_food=True,
    ),
    "slakt_chark": FieldProfile(
        2,
        _TO_FRIDAY,
        (6, 16),
        ("arbetsmiljoverket", "skatteverket"),
        ("unsafe_workplace", "hygiene_shortcomings"),
        is_food=True,
    ),
    "bygg": FieldProfile(
        26,
        _TO_FRIDAY,
        (7, 16),
        ("arbetsmiljoverket", "skatteverket"),
        ("unsafe_workplace", "no_work_permit", "staff_ledger_missing"),
        is_temporary=True,
    ),
    "fordon_biltvatt": FieldProfile(
        12,
        _TO_SATURDAY,
        (9, 18),
        ("arbetsmiljoverket", "migrationsverket", "skatteverket"),
        ("no_work_permit", "unsafe_workplace", "undeclared_wages"),
    ),
    "har_nagel_skonhet": FieldProfile(
        14,
        _TO_SATURDAY,
        (10, 18),
        ("arbetsmiljoverket", "skatteverket"),
        ("unsafe_chemicals", "undeclared_wages", "no_work_permit"),
    ),
    "stad": FieldProfile(
        10,
        _TO_FRIDAY,
        (7, 20),
        ("arbetsformedlingen", "forsakringskassan", "skatteverket"),
        ("subsidy_misuse", "benefit_misuse", "undeclared_wages"),
    ),
    "transport": FieldProfile(
        9, _TO_SATURDAY, (6, 18), ("skatteverket", "arbetsmiljoverket"), ("undeclared_wages", "working_hours_breach")
    ),
    "bemanning": FieldProfile(
        6, _TO_FRIDAY, (8, 17), ("skatteverket", "migrationsverket"), ("no_work_permit", "undeclared_wages")
    ),
    "hotell": FieldProfile(
        6, _EVERY_DAY, (7, 21), ("arbetsmiljoverket", "migrationsverket"), ("no_work_permit", "working_hours_breach")
    ),
    "vard_omsorg": FieldProfile(8, _TO_FRIDAY, (8, 17), ("forsakringskassan",), ("benefit_misuse", "subsidy_misuse")),
    "avfall_atervinning": FieldProfile(
        6, _TO_FRIDAY, (7, 17), ("arbetsmiljoverket",), ("unsafe_workplace", "no_work_permit")
    ),
    "tvatteri": FieldProfile(
        5, _TO_FRIDAY, (7, 17), ("arbetsmiljoverket", "arbetsformedlingen"), ("unsafe_workplace", "subsidy_misuse")
    ),
    "skog_barplockning": FieldProfile(
        4, _TO_FRIDAY, (7, 16), ("migrationsverket", "arbetsmiljoverket"), ("no_work_permit", "poor_housing")
    ),
}


def wanted_sites(period: Period) -> tuple[WantedSite, ...]:
    """About 150 sites for four weeks, in proportion for other lengths."""
    maker = _SiteMaker(period)
    num_sites = round(SITES_IN_FOUR_WEEKS * period.num_weeks / 4)
    return tuple(maker.site(number) for number in range(1, num_sites + 1))


class _SiteMaker:
    """Draws one site after another."""

    def __init__(self, period: Period) -> None:
        self._period = period
        self._chance = period.randomness("sites")
        self._businesses = Businesses(period.randomness("businesses"))
        self._places = municipalities_of(period.centre)
        crews = crews_of(period)
        self._agencies = sorted({crew.agency for crew in crews})
        self._roles = [(crew.agency, crew.role) for crew in crews if crew.role]
        # Without a region coordinator at the centre such a site could never be inspected.
        self._has_coordinator = any("region_coordinator" in crew.skills for crew in crews)

    def site(self, number: int) -> WantedSite:
        chance = self._chance
        field = chance.choices(list(_PROFILES), [p.weight for p in _PROFILES.values()])[0]
        profile = _PROFILES[field]
        place = self._place(profile)
        industry: Industry = chance.choice(industries()[field])
        business = self._businesses.another(field, chance.random() < SHARE_SOLE_TRADERS)
        agency = self._proposer(profile, place)
        indications = tuple(sorted(chance.sample(profile.indications, chance.randint(1, 2))))
        lat, lon = _near(place, chance)
        role = self._role(agency, indications)
        need = chance.choices(("required", "wanted", "not_needed"), (55, 30, 15))[0]
        due_at, deadline_at = self._limits()
        return WantedSite(
            inspection_id=self._period.own_id(f"obj-{number:03d}"),
            agency=agency,
            role=role,
            name=business.name,
            organisation_number=business.organisation_number,
            is_sole_trader=business.is_sole_trader,
            municipality=place.code,
            lat=lat,
            lon=lon,
            industry=industry.code,
            indications=indications,
            police_need=need,
            value=_value(chance, need),
            duration_minutes=chance.choices((30, 45, 60, 75, 90, 120), (8, 20, 30, 20, 15, 7))[0],
            windows=self._windows(profile),
            due_at=due_at,
            deadline_at=deadline_at,
            required_agencies=(f"{agency}/{role}" if role else agency,)
            if chance.random() < SHARE_OWN_TEAM_REQUIRED
            else (),
            min_officers=0 if need == "not_needed" else chance.choices((2, 3, 4), (70, 20, 10))[0],
            exploitation_indicated=chance.random() < SHARE_EXPLOITATION and self._has_coordinator,
            interests=self._interests(profile, agency, place),
        )

    def _place(self, profile: FieldProfile) -> Municipality:
        """By number of food premises for those who handle food, by population for the rest."""
        weights = [m.num_food_premises if profile.is_food else m.population for m in self._places]
        return self._chance.choices(self._places, weights)[0]

    def _proposer(self, profile: FieldProfile, place: Municipality) -> str:
        able = [agency for agency in profile.proposers if self._concerns(agency, place)]
        municipal = [agency for agency in able if agency in _MUNICIPALITY_OF_AGENCY]
        if municipal and self._chance.random() < SHARE_MUNICIPAL:
            return municipal[0]
        return self._chance.choice(able or [agency for agency in self._agencies if self._concerns(agency, place)])

    def _role(self, agency: str, indications: Sequence[str]) -> str | None:
        """Where an agency has roles, the licensing unit speaks of alcohol and the first role of all else."""
        roles = [role for whose, role in self._roles if whose == agency]
        if "alcohol_permit_breach" in indications and "tillstandsenheten" in roles:
            return "tillstandsenheten"
        return roles[0] if roles else None

    def _concerns(self, agency: str, place: Municipality) -> bool:
        return agency in self._agencies and _MUNICIPALITY_OF_AGENCY.get(agency, place.code) == place.code

    def _interests(self, profile: FieldProfile, proposer: str, place: Municipality) -> tuple[tuple[str, str], ...]:
        """The proposer's interest is high; those who often propose in this field are interested more often."""
        levels = {proposer: "high"}
        for agency in self._agencies:
            likely = 0.65 if agency in profile.proposers else 0.2
            if agency != proposer and self._concerns(agency, place) and self._chance.random() < likely:
                levels[agency] = self._chance.choices(("low", "medium", "high"), (40, 40, 20))[0]
        return tuple(sorted(levels.items()))

    def _windows(self, profile: FieldProfile) -> tuple[Window, ...]:
        """Opening hours on each day of the weeks (invented); building sites last only some of the weeks."""
        opens, closes = profile.hours
        opens, closes = opens + self._chance.randint(0, 1), closes - self._chance.randint(0, 1)
        keeps_red_days = profile.weekdays is not _EVERY_DAY
        days = [
            d for d in self._days(profile) if d.weekday() in profile.weekdays and not (keeps_red_days and is_red(d))
        ]
        return tuple((local(day, opens), local(day, closes)) for day in days)

    def _days(self, profile: FieldProfile) -> Sequence[date]:
        weeks = self._period.weeks
        if not profile.is_temporary or len(weeks) < 3:
            return self._period.days
        first = self._chance.randint(0, len(weeks) - 2)
        last = self._chance.randint(first + 2, len(weeks))
        return [day for week in weeks[first:last] for day in week]

    def _limits(self) -> tuple[datetime | None, datetime | None]:
        """When it should be done (two in five have a day) and when at the latest (one in six), both at midnight."""
        chance, days = self._chance, self._period.days
        due = chance.randint(len(days) // 4, len(days) - 1)
        deadline = chance.randint(max(due, len(days) // 2), len(days) - 1)
        has_due, has_deadline = chance.random() < 0.4, chance.random() < 0.16
        return local(days[due], 24) if has_due else None, local(days[deadline], 24) if has_deadline else None


def _near(place: Municipality, chance: Random) -> tuple[float, float]:
    """A point within four kilometres of the municipality's point, evenly over the disc."""
    radius_km, angle = JITTER_KM * math.sqrt(chance.random()), chance.uniform(0, 2 * math.pi)
    north, east = radius_km * math.cos(angle) / _KM_PER_DEGREE, radius_km * math.sin(angle) / _KM_PER_DEGREE
    return round(place.lat + north, 5), round(place.lon + east / math.cos(math.radians(place.lat)), 5)


def _value(chance: Random, need: str) -> int:
    """0..1000, mostly 100-600; what needs the police is usually worth more."""
    middle = {"required": 380, "wanted": 280, "not_needed": 180}[need]
    return min(1000, max(40, round(chance.gauss(middle, 130) / 10) * 10))
