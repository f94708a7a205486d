"""Words for people, Swedish and English, that sentences about a plan are made of."""

from collections.abc import Iterable, Mapping

from samsyn_planning.domain.said import Said as Said
from samsyn_planning.domain.said import listed as listed
from samsyn_planning.domain.said import when as when

Names = Mapping[str, tuple[str, str]]

# The narrow space that Swedish sets thousands apart with; a line does not break there.
THIN = "\u202f"


def name_of(party: str, names: Names) -> Said:
    """A party's name: as the service gives it, else its code with a capital."""
    if party in names:
        return Said(*names[party])
    agency, _, role = party.partition("/")
    shown = agency.replace("-", " ").capitalize() + (f" ({role})" if role else "")
    return Said(shown, shown)


def named(own_id: str, names: Names) -> Said:
    """An event, operation or inspection: as the service names it, else its id."""
    return Said(*names[own_id]) if own_id in names else Said(own_id, own_id)


def plainly(ids: Iterable[str], names: Names | None = None) -> Said:
    """Things one after another, each name once, sorted by id."""
    return listed(dict.fromkeys(named(own_id, names or {}) for own_id in sorted(ids)))


def counted(number: int, sv: tuple[str, str], en: tuple[str, str]) -> Said:
    """A number with its noun in singular or plural."""
    form = 0 if number == 1 else 1
    return Said(f"{number} {sv[form]}", f"{number} {en[form]}")


def points(number: int) -> Said:
    """So many points, thousands apart as each language writes them."""
    shown = f"{number:,}"
    return Said(f"{shown.replace(',', THIN)} poäng", f"{shown} {'point' if number == 1 else 'points'}")


def sessions_counted(number: int) -> Said:
    """So many police or other sessions."""
    return counted(number, ("pass", "pass"), ("session", "sessions"))


def reason(code: str, sv: str, en: str) -> dict[str, str]:
    """A reason as plans carry it."""
    return {"code": code, "sv": sv, "en": en}


RULES: dict[str, Said] = {
    "H1": Said("antalet kontroller ryms inte", "too many inspections"),
    "H2": Said("tiden räcker inte eller platsen är stängd", "not enough time or the site is closed"),
    "H3": Said("det är för långt att resa", "too far to travel"),
    "H4": Said("platsen ligger utanför passets område", "the site is outside the session's area"),
    "H5": Said("poliserna är för få", "too few officers"),
    "H6": Said("polisen saknar den kompetens som krävs", "the police lack a required skill"),
    "H7": Said("lag saknas", "no team can come"),
    "H8": Said("antalet myndigheter stämmer inte", "the number of agencies is not right"),
    "H9": Said("en deltagare som krävs saknas", "a required participant is missing"),
    "H10": Said("laget är upptaget", "the team is busy"),
    "H11": Said("passet är låst", "the session is frozen"),
    "H12": Said("det är för sent att kalla ett nytt lag", "it is too late to call a new team"),
    "H13": Said("samtycke saknas", "consent has not been given"),
    "H14": Said("någon har inte sagt sig redo för platsen", "somebody has not declared readiness for the site"),
    "H15": Said("lagets andra alternativ används redan", "the team's other alternative is already used"),
    "H16": Said("kontrollen kräver polis", "the inspection requires police"),
    "TAKEN": Said("fullt av bättre kontroller", "full of better inspections"),
    "VALUE": Said("kostar mer än det ger", "costs more than it brings"),
    "unlisted": Said("något som insatsen behöver finns inte längre", "something it needs is no longer there"),
}
