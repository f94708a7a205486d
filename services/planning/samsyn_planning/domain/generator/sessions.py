"""The police sessions of a problem: five to eight hours from a police town, some in the evening (all invented)."""

from datetime import date
from typing import Any

from samsyn_planning.domain.generator.chance import Chance
from samsyn_planning.domain.generator.geography import Area, Municipality
from samsyn_planning.domain.generator.period import Period, text

Form = dict[str, Any]
# Minutes of the clock at which sessions start, and how long they are.
DAY_STARTS = (7 * 60 + 30, 8 * 60, 8 * 60, 8 * 60 + 30, 9 * 60, 10 * 60, 12 * 60)
EVENING_STARTS = (14 * 60, 15 * 60, 16 * 60)
LENGTHS = (300, 330, 360, 360, 390, 420, 450, 480)
REACH_SECONDS = 2700
NO_EXPOSURE_KNOWN = 10


def police_sessions(chance: Chance, area: Area, period: Period, count: int) -> list[Form]:
    """So many police sessions, in the order of their starts."""
    days = [day for day in period.days if day.weekday() < 6]
    # Evenings and Saturdays are offered seldom, and one day in each problem is a day of joint effort.
    weights = [1 if day.weekday() == 5 else 4 for day in days]
    weights[chance.below(len(days))] *= 3
    drawn = sorted(_drawn(chance, chance.weighted(days, weights)) for _ in range(count))
    return [_session(chance, area, number, *when) for number, when in enumerate(drawn, 1)]


def _drawn(chance: Chance, day: date) -> tuple[date, int, int]:
    start = chance.one(EVENING_STARTS if chance.is_one_of(20) else DAY_STARTS)
    return day, start, chance.one(LENGTHS)


def _session(chance: Chance, area: Area, number: int, day: date, start: int, length: int) -> Form:
    base = chance.weighted(area.bases, [b.population + 30000 for b in area.bases])
    return {
        "id": f"pass-{number:03}",
        "police": True,
        "start_at": text(day, start),
        "end_at": text(day, start + length),
        "base": {"lat": base.lat, "lon": base.lon},
        "officers": chance.weighted((2, 3, 4, 5, 6), (15, 25, 35, 15, 10)),
        "experience_band": chance.weighted(("0", "1-3", "4+"), (20, 45, 35)),
        "skills": ["utlanningskontroll"] if chance.is_one_of(40) else [],
        "areas": _areas(chance, area, base),
        "max_travel_seconds": None if chance.is_one_of(10) else REACH_SECONDS,
        "max_inspections": chance.weighted((3, 4, 5, 6), (15, 35, 40, 10)),
        "consent": "ask" if chance.is_one_of(25) else "standing",
        "cancel_permille": NO_EXPOSURE_KNOWN if base.exposure_permille is None else base.exposure_permille,
    }


def _areas(chance: Chance, area: Area, base: Municipality) -> list[str] | None:
    """Most sessions may go anywhere; some only within the base's own and some other municipalities."""
    if not chance.is_one_of(15):
        return None
    codes = [municipality.code for municipality in area.municipalities]
    return sorted({base.code, *chance.some(codes, 2 * len(codes) // 3)})
