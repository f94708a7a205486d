"""What people may have to be told, and what a party knows of an operation: frozen values, P1 alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from samsyn_contracts.envelope import Envelope

# asked: it is asked to take part · booked: it takes part · released: it took part and does no longer · none: neither.
# A centre, which takes part in nothing, is `booked` while an operation has its place, and `released` when it has not.
Part = Literal["asked", "booked", "released", "none"]
Unit = Literal["inspections", "operations"]
State = Literal["scheduled", "confirmed", "released", "started", "over"]
# Of several capacities with parts of their own: what the whole of them has.
_PRECEDENCE: tuple[Part, ...] = ("booked", "asked", "released")


@dataclass(frozen=True)
class Known:
    """The newest that a party knows of an operation; `invited_ids` are capacities in it that have not accepted.

    `capacity_ids` are the party's own, and it `has_accepted` unless it is only invited; `parties` are all that have
    accepted the newest version, or are let go by it. `before_at` is when people know it to start by what they were
    told before that version, where it has moved by it.
    """

    operation_id: str
    code_name: str
    centre: str
    plan_version: int
    session_id: str
    start_at: datetime
    end_at: datetime
    state: State
    capacity_ids: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    has_accepted: bool = True
    invited_ids: tuple[str, ...] = ()
    before_at: datetime | None = None

    @property
    def is_in_force(self) -> bool:
        """Whether it is going to take place, as far as the party is concerned."""
        return self.state in ("scheduled", "confirmed")

    @property
    def accepted_ids(self) -> tuple[str, ...]:
        """The party's own capacities that have accepted."""
        return tuple(one for one in self.capacity_ids if one not in self.invited_ids)

    def is_to_see(self, plan_version: int) -> bool:
        """Whether that is what its parties are to have seen: it is the newest, and nothing has begun."""
        return plan_version == self.plan_version and self.state not in ("started", "over")


@dataclass(frozen=True)
class Times:
    """From when to when somebody knows an operation to be; `end_at` is None where only its start is known."""

    start_at: datetime
    end_at: datetime | None = None


@dataclass(frozen=True)
class News:
    """Something that people may have to be told: P1 alone, so that no template can tell more.

    `thing` is what it is about, an operation or a proposal; `answer_by` when the party must have answered; `before_at`
    and `before_end_at` from when to when it would have been, `had` what it was for whom it may release; `capacity_ids`
    are the party's own that it concerns, or concerned until now, and `parts` is each one's; `is_partial` where
    something of the police is left.
    """

    kind: str
    event_id: str
    centre: str
    at: datetime
    thing: str
    part: Part
    operation_id: str | None = None
    code_name: str | None = None
    plan_version: int | None = None
    start_at: datetime | None = None
    end_at: datetime | None = None
    before_at: datetime | None = None
    before_end_at: datetime | None = None
    answer_by: datetime | None = None
    cause_code: str | None = None
    step: str | None = None
    minutes: int | None = None
    number: int | None = None
    year: int | None = None
    period_id: str | None = None
    unit: Unit | None = None
    target: int | None = None
    is_partial: bool = False
    capacity_ids: tuple[str, ...] = ()
    parts: tuple[tuple[str, Part], ...] = ()
    had: Times | None = None

    @property
    def is_moved(self) -> bool:
        """Whether it starts or ends at another time than was told before."""
        if self.before_at is None:
            return False
        has_other_end = self.before_end_at is not None and self.before_end_at != self.end_at
        return self.before_at != self.start_at or has_other_end

    def of(self, capacities: tuple[str, ...], former: Times | None) -> News:
        """As it is for a function to which only ids that begin so belong, all where none are named.

        `former` are the times that the function knows, where they are not those of the version before. Whom it is
        released from is told the times that were its own: where it has moved meanwhile is nothing to it.
        """
        told = self if former is None else replace(self, before_at=former.start_at, before_end_at=former.end_at)
        if capacities and self.parts:
            own = {one: part for one, part in self.parts if one.partition(":")[2].startswith(capacities)}
            part: Part = next((part for part in _PRECEDENCE if part in own.values()), "none")
            told = replace(told, part=part, capacity_ids=tuple(own))
        had = former or self.had
        if told.part != "released" or had is None:
            return told
        return replace(told, start_at=had.start_at, end_at=had.end_at or told.end_at)


@dataclass(frozen=True)
class Heard:
    """What hearing a message changes: news to tell, the operation as it is known now, and things that are settled.

    `answered` are events that a plan has answered.
    """

    news: tuple[News, ...] = ()
    operation: Known | None = None
    settled: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listening:
    """Who listens, and what it knows: `operations` are those that the message may be about."""

    party: str
    is_centre: bool
    at: datetime
    operations: Sequence[Known] = ()

    def known(self, operation_id: str) -> Known | None:
        """An operation, if the party knows it."""
        return next((one for one in self.operations if one.operation_id == operation_id), None)


def news_of(kind: str, envelope: Envelope, listening: Listening, known: Known, part: Part) -> News:
    """News of an operation, with what is known of it now."""
    return News(
        kind=kind,
        event_id=envelope.id,
        centre=known.centre,
        at=listening.at,
        thing=known.operation_id,
        part=part,
        operation_id=known.operation_id,
        code_name=known.code_name,
        plan_version=known.plan_version,
        start_at=known.start_at,
        end_at=known.end_at,
        capacity_ids=known.capacity_ids,
        parts=tuple((one, "asked" if one in known.invited_ids else part) for one in known.capacity_ids),
    )
