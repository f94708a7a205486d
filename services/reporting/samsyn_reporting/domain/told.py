"""What all facts have in common: who said it, in which event, for which centre, and when by message time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from pydantic import BaseModel, ConfigDict
from samsyn_contracts.envelope import Envelope


class Value(BaseModel):
    """A frozen value."""

    model_config = ConfigDict(frozen=True)


class Told(Value):
    """One fact that one event told; facts are kept as a set, so nothing may hang on the order of reading.

    `said_at` is message time: when the exchange received it, or what a service said as its time.
    """

    source: str
    event_id: str
    centre: str
    said_at: datetime

    @property
    def rank(self) -> tuple[datetime, str, str]:
        """Its place among facts about the same thing, the newest last."""
        return self.said_at, self.source, self.event_id


class ToldInSequence(Told):
    """A fact whose source numbers what it says about a thing: the highest number is the newest."""

    sequence: int | None

    @property
    def place(self) -> tuple[int, datetime, str, str]:
        """Its place among what was said of the same thing; without a number the order of admission counts."""
        return (-1 if self.sequence is None else self.sequence, *self.rank)


T = TypeVar("T", bound=Told)
S = TypeVar("S", bound=ToldInSequence)


def said(envelope: Envelope) -> dict[str, object]:
    """The fields of a fact that its envelope gives."""
    return {
        "source": envelope.source,
        "event_id": envelope.id,
        "centre": envelope.centre,
        "said_at": envelope.receivedtime or envelope.time,
    }


def each_once(facts: Iterable[T]) -> tuple[T, ...]:
    """The facts without repetitions, in an order of their own: that of reading is forgotten here."""
    return tuple(sorted({(fact.source, fact.event_id): fact for fact in facts}.values(), key=lambda fact: fact.rank))


def grouped(facts: Iterable[T], thing: str) -> Mapping[str, list[T]]:
    """The facts about each thing, in the order they are given; `thing` names the field with its id."""
    groups: dict[str, list[T]] = {}
    for fact in facts:
        groups.setdefault(getattr(fact, thing), []).append(fact)
    return groups


def newest_by_thing(facts: Iterable[S], thing: str) -> Mapping[str, S]:
    """The newest fact of each thing; `thing` names the field with its id."""
    return {getattr(fact, thing): fact for fact in sorted(facts, key=lambda fact: fact.place)}
