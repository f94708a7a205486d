"""The words of the desk in Swedish and English, with what they mean here; the same as the project's glossary."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Word:
    """A term in both languages, and a sentence in both."""

    sv: str
    en: str
    means_sv: str
    means_en: str


WORDS = (
    Word(
        "insats",
        "operation",
        "Polis och minst en annan myndighet, vid ett tillfälle, på ett eller flera objekt.",
        "Police and at least one other agency, on one occasion, at one or more sites.",
    ),
    Word(
        "kontroll",
        "inspection",
        "Besök på ett objekt. Det är kontroller som staten räknar.",
        "One site inspected.",
    ),
    Word("objekt", "site", "Arbetsplatsen som kontrolleras.", "The workplace to be inspected."),
    Word(
        "objektlista",
        "list of inspections",
        "Kontroller som någon önskar och som inte är gjorda än.",
        "Inspections that are wanted.",
    ),
    Word(
        "pass",
        "session",
        "Tid då polisen eller ett team kan delta.",
        "A time at which police or a team can be used.",
    ),
    Word(
        "åtgärdstrappa",
        "ladder",
        "Stegen som Samsyn kan ta när polisen faller bort.",
        "The names of what can happen when police are lost.",
    ),
    Word(
        "reservplan",
        "backup plan",
        "Det som skulle gälla direkt om polisen föll bort nu.",
        "What would hold at once if the police were lost now.",
    ),
    Word("framförhållning", "notice time", "Tid från besked till start.", "Time from the word to the start."),
    Word(
        "störning",
        "disturbance",
        "En plötslig händelse som polisen måste ta hand om.",
        "A sudden event that takes police.",
    ),
    Word("årshjul", "annual wheel", "Årets perioder och datum.", "The periods and dates of the year."),
    Word(
        "vakthavande befäl",
        "duty officer",
        "Den som leder polisens löpande arbete under sitt pass.",
        "Who leads the police on duty.",
    ),
    Word(
        "operativ samordnare",
        "operational coordinator",
        "Den som samordnar polisens resurser i ett lokalpolisområde.",
        "Who coordinates police resources in a local police area.",
    ),
    Word(
        "lokalpolisområde",
        "local police area",
        "Polisens lokala indelning.",
        "The local division of the police.",
    ),
    Word(
        "kvittera",
        "acknowledge",
        "Tala om att du har sett en ändring. Det är inte att tacka ja.",
        "To say that a change has been seen. It is not to accept.",
    ),
    Word(
        "kodnamn",
        "code name",
        "Insatsens namn, som inte avslöjar platsen.",
        "The name of an operation, without its place.",
    ),
)
