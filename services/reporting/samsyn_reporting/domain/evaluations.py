"""Which agencies have evaluated the operations they were part of, and what they would learn; few are never shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field
from samsyn_contracts.carrying_out import EvaluationSubmitted
from samsyn_contracts.envelope import Envelope

from samsyn_reporting.domain.carried_out import Day
from samsyn_reporting.domain.findings import Masked, masked
from samsyn_reporting.domain.told import Told, Value, said

Asked = tuple[str, str]  # operation and agency


class Evaluation(Told):
    """An agency told how an operation went; neither its scores nor its text are kept."""

    operation_id: str
    agency: str
    lesson_codes: tuple[str, ...]


class Returned(Value):
    """How many evaluations there are of those that there could be."""

    expected: Annotated[int, Field(description="Pairs of operation and agency that was part of it")]
    returned: Annotated[int, Field(description="Of those: the agency has evaluated")]
    share: Annotated[
        float | None, Field(description="returned of expected, from 0 to 1; absent where none is expected")
    ]


class OfOperation(Value):
    """The evaluations of one operation."""

    operation_id: Annotated[str, Field(description="The operation")]
    fate: Annotated[Literal["ended", "cancelled"], Field(description="Whether it was over, or did not take place")]
    expected: Annotated[int, Field(description="Agencies that were part of it")]
    returned: Annotated[int, Field(description="Of those: have evaluated")]


class Lesson(Value):
    """Something that agencies would do otherwise, or again."""

    code: Annotated[str, Field(description="Code of the lesson, as the agencies gave it")]
    evaluations: Annotated[Masked, Field(description="Evaluations that name it; 1 to 4 shown as <5")]


class Evaluations(Value):
    """The evaluations of the operations of the period, each agency's newest."""

    ended: Annotated[Returned, Field(description="Of operations that are over, given up ones too")]
    cancelled: Annotated[Returned, Field(description="Of operations that did not take place")]
    operations: Annotated[tuple[OfOperation, ...], Field(description="The same per operation")]
    lessons: Annotated[tuple[Lesson, ...], Field(description="Per code, sorted")]


def evaluation_of(message: EvaluationSubmitted, envelope: Envelope) -> Evaluation:
    """That an agency has evaluated an operation, and which lessons it names."""
    return Evaluation.model_validate(said(envelope) | message.model_dump(include=set(Evaluation.model_fields)))


def evaluations_of(days: Iterable[Day], told: Iterable[Evaluation]) -> Evaluations:
    """What came back of the operations that are over or cancelled; who was no part of one is not listened to."""
    ended, cancelled = _asked(days)
    newest = {
        (each.operation_id, each.agency): each
        for each in sorted(told, key=lambda one: one.rank)
        if each.agency in ended.get(each.operation_id, ()) or each.agency in cancelled.get(each.operation_id, ())
    }
    lessons = Counter(code for each in newest.values() for code in set(each.lesson_codes))
    return Evaluations(
        ended=returned(_pairs(ended), newest.keys()),
        cancelled=returned(_pairs(cancelled), newest.keys()),
        operations=(
            *(_of_operation(id_, "ended", ended[id_], newest.keys()) for id_ in sorted(ended)),
            *(_of_operation(id_, "cancelled", cancelled[id_], newest.keys()) for id_ in sorted(cancelled)),
        ),
        lessons=tuple(Lesson(code=code, evaluations=masked(number)) for code, number in sorted(lessons.items())),
    )


def returned(expected: Sequence[Asked], evaluated: Collection[Asked]) -> Returned:
    """How many of those expected have evaluated."""
    number = sum(pair in evaluated for pair in expected)
    return Returned(
        expected=len(expected), returned=number, share=round(number / len(expected), 4) if expected else None
    )


def _asked(days: Iterable[Day]) -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[str]]]:
    """The agencies of each operation that is over, as its end names them, and of each that was cancelled."""
    ended: dict[str, frozenset[str]] = {}
    cancelled: dict[str, frozenset[str]] = {}
    for day in days:
        operation = day.operation
        if day.ending is not None:
            ended[operation.operation_id] = frozenset((*day.ending.handed_in_by, *day.ending.missing_from))
        elif operation.state == "cancelled":
            cancelled[operation.operation_id] = operation.agencies
    return ended, cancelled


def _pairs(asked: Mapping[str, frozenset[str]]) -> list[Asked]:
    return [(operation_id, agency) for operation_id, agencies in asked.items() for agency in agencies]


def _of_operation(
    operation_id: str, fate: Literal["ended", "cancelled"], agencies: Collection[str], evaluated: Collection[Asked]
) -> OfOperation:
    number = sum((operation_id, agency) in evaluated for agency in agencies)
    return OfOperation(operation_id=operation_id, fate=fate, expected=len(agencies), returned=number)
