"""What was found and who got to know it, as counts alone; few findings about persons are never shown as a number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal, TypeVar

from pydantic import Field
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.findings import FindingRecorded, FindingShared, FindingWithheld
from samsyn_contracts.register import category_names

from samsyn_reporting.domain.accounts import Operation
from samsyn_reporting.domain.told import Told, Value, said

FEWEST_SHOWN = 5
ABOUT_PERSONS = ("person", "sole_trader")
SHARED = "shared"
# Stands for every receiver who may not know that there is something: such a finding is counted at its sender alone.
NOT_TOLD = "not_told"
Masked = int | Literal["<5"]
K = TypeVar("K", bound=tuple[str, ...])


class Finding(Told):
    """An agency found something."""

    finding_id: str
    operation_id: str
    agency: str
    category: str
    subject_kind: str


class Disclosure(Told):
    """A receiver got a finding (`shared`), or the reason why not."""

    finding_id: str
    operation_id: str
    sender: str
    receiver: str
    outcome: str
    is_told: bool


class Recorded(Value):
    """Findings of one category by one agency."""

    category: Annotated[str, Field(description="Code of the category: the field of law")]
    name_sv: Annotated[str, Field(description="Its name in Swedish; a code without a name is shown as it is")]
    name_en: Annotated[str, Field(description="Its name in English")]
    agency: Annotated[str, Field(description="Party code of who found it")]
    about_others: Annotated[int, Field(description="Findings about organisations and sites")]
    about_persons: Annotated[Masked, Field(description="Findings about persons and sole traders; 1 to 4 shown as <5")]


class Disclosed(Value):
    """Findings of one sender that one receiver got, or did not get for one reason, by the last word on each."""

    sender: Annotated[str, Field(description="Party code of who found it")]
    receiver: Annotated[
        str, Field(description="Party code of whom it was considered for; `not_told` where that party may not know")
    ]
    outcome: Annotated[str, Field(description="`shared`, or the reason for which it was withheld")]
    about_others: Annotated[int, Field(description="Findings about organisations and sites")]
    about_persons: Annotated[Masked, Field(description="Findings about persons and sole traders; 1 to 4 shown as <5")]


class Findings(Value):
    """Findings in operations of the period; no sums, for from them a number not shown could be worked out."""

    recorded: Annotated[tuple[Recorded, ...], Field(description="Per category and agency")]
    disclosed: Annotated[tuple[Disclosed, ...], Field(description="Per sender, receiver and outcome")]


def finding_of(message: FindingRecorded, envelope: Envelope) -> Finding:
    """That something was found; not what."""
    about = {
        "finding_id": message.finding_id,
        "operation_id": message.operation_id,
        "agency": message.finding_id.partition(":")[0],
        "category": message.category,
        "subject_kind": message.subject_kind,
    }
    return Finding.model_validate(said(envelope) | about)


def disclosure_of(message: FindingShared | FindingWithheld, envelope: Envelope) -> Disclosure:
    """That a receiver got a finding, or not."""
    reason_code = SHARED if isinstance(message, FindingShared) else message.reason_code
    about = {
        "finding_id": message.finding_id,
        "operation_id": message.operation_id,
        "sender": message.sender,
        "receiver": message.receiver,
        "outcome": reason_code,
        "is_told": isinstance(message, FindingShared) or message.told_to == message.receiver,
    }
    return Disclosure.model_validate(said(envelope) | about)


def findings_of(
    operations: Iterable[Operation], recorded: Iterable[Finding], disclosures: Iterable[Disclosure]
) -> Findings:
    """The counts of these operations; a finding whose sender took no part in its operation is not counted."""
    agencies = {operation.operation_id: operation.agencies for operation in operations}
    found = {
        each.finding_id: each
        for each in sorted(recorded, key=lambda one: one.rank)
        if each.agency in agencies.get(each.operation_id, frozenset())
    }
    last_words = {
        (each.finding_id, each.receiver): each
        for each in sorted(disclosures, key=lambda one: one.rank)
        if each.operation_id in agencies
    }
    persons = {id_ for id_, each in found.items() if each.subject_kind in ABOUT_PERSONS}
    # What a finding was about that is not known here is taken to be a person.
    persons |= {each.finding_id for each in last_words.values() if each.finding_id not in found}
    categories = [((each.category, each.agency), id_ in persons) for id_, each in found.items()]
    outcomes = [
        ((each.sender, each.receiver if each.is_told else NOT_TOLD, each.outcome), each.finding_id in persons)
        for each in last_words.values()
    ]
    return Findings(
        recorded=tuple(_recorded(*key, *numbers) for key, numbers in _tally(categories)),
        disclosed=tuple(
            Disclosed(sender=key[0], receiver=key[1], outcome=key[2], about_others=others, about_persons=about_persons)
            for key, (others, about_persons) in _tally(outcomes)
        ),
    )


def masked(number: int) -> Masked:
    """A number of findings about persons, as it may be shown."""
    return "<5" if 0 < number < FEWEST_SHOWN else number


def _recorded(category: str, agency: str, about_others: int, about_persons: Masked) -> Recorded:
    name_sv, name_en = category_names().get(category, (category, category))
    return Recorded(
        category=category,
        name_sv=name_sv,
        name_en=name_en,
        agency=agency,
        about_others=about_others,
        about_persons=about_persons,
    )


def _tally(rows: Iterable[tuple[K, bool]]) -> Sequence[tuple[K, tuple[int, Masked]]]:
    """Per key, sorted: how many are not about persons, and how many are, as it may be shown."""
    numbers: dict[K, list[int]] = {}
    for key, is_about_persons in rows:
        numbers.setdefault(key, [0, 0])[is_about_persons] += 1
    return [(key, (numbers[key][0], masked(numbers[key][1]))) for key in sorted(numbers)]
