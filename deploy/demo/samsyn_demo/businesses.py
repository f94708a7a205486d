"""Invented businesses: names that nobody trades under, and organisation numbers that cannot exist."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

# Invented words, so that no real company is named; what the business does stands beside.
_BEGINNINGS = ("Brimm", "Dunf", "Fjälv", "Grysk", "Hargn", "Kvisl", "Ljorm", "Mossk", "Njurd", "Rimf", "Skomr", "Torvn")
_ENDINGS = ("ana", "ede", "eva", "iska", "olla", "orp", "umla", "ysse", "ånga", "ösa")
_TRADES = {
    "avfall_atervinning": ("Återvinning", "Skrothandel", "Containertjänst"),
    "bemanning": ("Bemanning", "Personaluthyrning"),
    "bygg": ("Bygg", "Plåt & Tak", "Måleri", "Rivning", "Ställningar"),
    "fordon_biltvatt": ("Biltvätt", "Bilverkstad", "Däckservice"),
    "har_nagel_skonhet": ("Nagelsalong", "Frisör", "Barberare"),
    "hotell": ("Hotell", "Vandrarhem"),
    "livsmedelsbutik": ("Livs", "Frukt & Grönt", "Närbutik"),
    "restaurang": ("Restaurang", "Kök", "Pizzeria", "Café"),
    "skog_barplockning": ("Skogsvård", "Bärhandel", "Plantering"),
    "slakt_chark": ("Chark", "Slakteri"),
    "stad": ("Städ", "Fönsterputs", "Fastighetsservice"),
    "transport": ("Åkeri", "Budtjänst", "Taxi"),
    "tvatteri": ("Tvätteri", "Kemtvätt"),
    "vard_omsorg": ("Omsorg", "Assistans", "Hemtjänst"),
}
# Months that do not exist: what stands where a birth month would stand belongs to nobody.
_NO_MONTHS = ("00", "13", "14", "15", "16", "17", "18", "19")


@dataclass(frozen=True)
class Business:
    """An invented business; a sole trader's number has the form of a personal number but an impossible month."""

    name: str
    organisation_number: str
    is_sole_trader: bool


class Businesses:
    """Gives businesses one by one, no name and no number twice."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._taken: set[str] = set()

    def another(self, field: str, is_sole_trader: bool) -> Business:
        """An invented business of an industry's field."""
        form = "enskild firma" if is_sole_trader else self._chance.choice(("AB", "AB", "AB", "HB"))
        name = self._unused(lambda: self._name(field))
        return Business(f"{name} {form}", self._unused(lambda: self._number(is_sole_trader)), is_sole_trader)

    def _unused(self, draw: Callable[[], str]) -> str:
        drawn = draw()
        while drawn in self._taken:
            drawn = draw()
        self._taken.add(drawn)
        return drawn

    def _name(self, field: str) -> str:
        word = self._chance.choice(_BEGINNINGS) + self._chance.choice(_ENDINGS)
        return f"{word} {self._chance.choice(_TRADES[field])}"

    def _number(self, is_sole_trader: bool) -> str:
        """Ten digits beginning with 4, a group that no register gives out, ending with a correct check digit."""
        chance = self._chance
        month = chance.choice(_NO_MONTHS) if is_sole_trader else f"{chance.randint(20, 99)}"
        digits = f"4{chance.randint(0, 9)}{month}{chance.randint(1, 28):02d}{chance.randint(0, 999):03d}"
        return f"{digits[:6]}-{digits[6:]}{luhn_digit(digits)}"


def luhn_digit(digits: str) -> int:
    """The check digit of an organisation number's first nine digits (Luhn, modulus 10)."""
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(digits)]
    return -sum(product // 10 + product % 10 for product in doubled) % 10
