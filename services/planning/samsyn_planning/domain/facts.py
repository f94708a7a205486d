"""What planning knows of a centre: frozen values, each kept as one row."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict
from samsyn_contracts.capacity import CapacityOffered, ConsentGiven, PoliceCancelled
from samsyn_contracts.inspections import InspectionProposed
from samsyn_contracts.message import Message, Slot
from samsyn_contracts.periods import AnnualWheelPublished
from samsyn_contracts.plans import AlternativeKind
from samsyn_contracts.rejection import RejectionCode

Mode = Literal["auto", "propose", "off"]
Scope = Literal["loss", "period"]


class Value(BaseModel):
    """A frozen value."""

    model_config = ConfigDict(frozen=True)


class Cause(Value):
    """An event that made the plan differ from the facts; `subject` is the thing it spoke of."""

    event_id: str
    kind: str
    subject: str
    cause_code: str = "other"
    correlation_id: str
    is_urgent: bool = False
    traceparent: str | None = None


class Centre(Value):
    """A centre: how far its facts are ahead of its plan, and who decides.

    `refused_at`: since when the verifier has refused what each of its replans came to. `changed_by`: the last event
    that changed its facts. `restored_at`: the instant of the last restore from a backup; what is said afterwards
    has ids that nothing said before can have had, not even after another restore of the same backup. `risk_due_at`:
    when the risk of its operations is assessed anew, because something has happened or is held to be over.
    """

    code: str
    facts_version: int = 0
    planned_version: int = 0
    plan_version: int = 0
    plan_hash: str = ""
    mode: Mode = "auto"
    now_at: datetime | None = None
    due_at: datetime | None = None
    is_urgent: bool = False
    causes: tuple[Cause, ...] = ()
    num_replans: int = 0
    planned_day: str = ""
    is_queue_told: bool = False
    refused_at: datetime | None = None
    changed_by: str | None = None
    restored_at: datetime | None = None
    risk_due_at: datetime | None = None


class Late(Value):
    """That a capacity comes later to an operation than its participants had heard, when, and by which event."""

    operation_id: str
    from_at: datetime
    said_by: str


class Capacity(Value):
    """A police session or a team's shift; `party` is agency or agency/role."""

    id: str
    centre: str
    party: str
    team: str
    offer: CapacityOffered
    sequence: int | None = None
    gone_by: str | None = None
    loss: PoliceCancelled | None = None
    loss_event: str | None = None
    reported_by: str | None = None
    late: Late | None = None

    @property
    def is_police(self) -> bool:
        """Whether it is a session of the local police; Border Police are never taken automatically."""
        return self.offer.unit == "local_police"

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From when to when it can be used: all of what was offered, or what a loss in part has left."""
        start_at, end_at, loss = self.offer.start_at, self.offer.end_at, self.loss
        if loss is None or loss.is_whole:
            return start_at, end_at
        return max(start_at, loss.available_from or start_at), min(end_at, loss.available_until or end_at)

    @property
    def is_lost(self) -> bool:
        """Whether nothing of it is left for the police."""
        start_at, end_at = self.span
        is_whole = self.loss is not None and (self.loss.is_whole or end_at <= start_at)
        return self.gone_by is not None or is_whole

    @property
    def lost_by(self) -> str | None:
        """The event that took it."""
        return self.gone_by or self.loss_event

    @property
    def slot(self) -> Slot:
        """When it was offered."""
        return Slot(session_id=self.id, start_at=self.offer.start_at, end_at=self.offer.end_at)


class Wanted(Value):
    """An inspection that an agency wants, with what the agencies declared about it; `done_in` is an operation."""

    id: str
    centre: str
    party: str
    proposal: InspectionProposed
    sequences: dict[str, int] = {}
    is_withdrawn: bool = False
    withdrawn_by: str | None = None
    is_done: bool = False
    done_in: str | None = None
    interests: dict[str, int] = {}
    ready: dict[str, bool] = {}


class Visit(Value):
    """An inspection on an operation's route."""

    id: str
    start_at: datetime
    end_at: datetime


class ToldRisk(Value):
    """What a centre was last told of an operation's risk of losing its police, on which session; per mille.

    `is_lifted`: by something that had happened nearby.
    """

    session_id: str
    permille: int
    is_lifted: bool = False


class Operation(Value):
    """An operation of the current plan, or one that waits for a new occasion.

    `given_back` are inspections of its route that those on the spot put on the list again; `is_over`: they have told
    what was done. `waits_until`: its participants have been told to wait for somebody late, until then.
    """

    id: str
    centre: str
    code_name: str
    status: Literal["draft", "scheduled", "confirmed", "postponed", "cancelled", "past"]
    session_id: str
    start_at: datetime
    end_at: datetime
    visits: tuple[Visit, ...]
    teams: tuple[str, ...]
    needs_consent: tuple[str, ...] = ()
    plan_version: int
    lost_cause: str | None = None
    at_risk_by: str | None = None
    moved_at: datetime | None = None
    sequences: dict[str, int] = {}
    given_back: tuple[str, ...] = ()
    is_over: bool = False
    waits_until: datetime | None = None
    risk: ToldRisk | None = None

    @property
    def is_told_of(self) -> bool:
        """Whether those on the spot have told of it: then it is theirs, whatever planning's clock says."""
        return self.is_over or bool(self.given_back)

    @property
    def is_announced(self) -> bool:
        """Whether its participants have heard of it."""
        return self.status in ("scheduled", "confirmed", "postponed")

    @property
    def is_planned(self) -> bool:
        """Whether it holds a session."""
        return self.status in ("draft", "scheduled", "confirmed")

    @property
    def form(self) -> tuple[object, ...]:
        """What of it is the plan's: session, times, route and teams."""
        return self.session_id, self.start_at, self.end_at, self.visits, frozenset(self.teams)

    @property
    def police_key(self) -> tuple[str, str]:
        """Key of the police's own part in it; that part is released, or was never there, where it has no police."""
        return self.id, self.session_id

    @property
    def slot(self) -> Slot:
        """Its session."""
        return Slot(session_id=self.session_id, start_at=self.start_at, end_at=self.end_at)


class Participation(Value):
    """A capacity's part in an operation; the police's own part has the session as capacity."""

    operation_id: str
    capacity_id: str
    centre: str
    party: str
    session_id: str
    status: Literal["invited", "accepted", "declined", "withdrawn", "silent", "released"]
    reply_by: datetime | None = None
    accepted_for: str | None = None
    answered_by: str | None = None


class Consent(Value):
    """An agency's consent beforehand to kinds of changes."""

    id: str
    centre: str
    party: str
    given: ConsentGiven
    is_revoked: bool = False


class Pin(Value):
    """That a centre has pinned an operation, by which event; kept when it lets go, for the highest number heard.

    The id of an operation that is over may be given to another; the code name may not.
    """

    id: str
    centre: str
    code_name: str
    is_pinned: bool
    said_by: str
    sequence: int | None = None


class Disturbance(Value):
    """A disturbance as it was last told, and when it happened; without a municipality it reaches nowhere.

    Once told to have ended it has ended, whatever is told of it afterwards.
    """

    id: str
    centre: str
    severity: str
    municipality: str | None
    at: datetime
    sequence: int | None = None
    expected_end_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def over_at(self) -> datetime | None:
        """When it is over: as told, else as expected; None where nobody has told."""
        return self.ended_at or self.expected_end_at

    def is_over(self, now: datetime) -> bool:
        """Whether it takes no police any more."""
        return self.over_at is not None and self.over_at <= now


class Wheel(Value):
    """A centre's annual wheel as it told it, and its periods that planning has told to be open, and frozen.

    `due_at`: when the next of them is to be told; None where nothing of it lies ahead.
    """

    id: str
    centre: str
    told: AnnualWheelPublished
    opened: tuple[str, ...] = ()
    frozen: tuple[str, ...] = ()
    due_at: datetime | None = None


class Question(Value):
    """What the planner is asked: under which consent, with which losses assumed, and what stands.

    `held` are operations that stand as they are for this once, unless they are hit. `moves_nothing`: the answer is the
    old plan without the lost.
    """

    consent: Literal["any", "given"]
    assumed_lost: tuple[str, ...] = ()
    standing: tuple[Operation, ...] | None = None
    holds_everything: bool = False
    asks_to_go_without_police: bool = False
    held: tuple[str, ...] = ()
    moves_nothing: bool = False


class Alternative(Value):
    """A plan that the centre may approve instead of the one proposed, and the question that it answers."""

    kind: AlternativeKind
    question: Question
    plan: dict[str, Any]


class Proposal(Value):
    """A plan that waits for the centre's decision, with those that it may choose instead.

    `stands` are the operations that stand as they are in the old plan without the lost. Once approved it is what the
    centre chose: `plan` and `question` are those of the `alternative`, and the question holds what it `let_stand`.
    """

    id: str
    centre: str
    status: Literal["open", "approved", "rejected", "expired", "stale", "published"]
    base_plan_version: int
    facts_version: int
    decide_by: datetime
    problem: dict[str, Any]
    plan: dict[str, Any]
    causes: tuple[Cause, ...]
    question: Question
    alternatives: tuple[Alternative, ...] = ()
    stands: tuple[str, ...] = ()
    by_function: str | None = None
    alternative: AlternativeKind | None = None
    let_stand: tuple[str, ...] = ()

    @property
    def is_chosen(self) -> bool:
        """Whether the centre approved something else than what was proposed."""
        return self.alternative is not None or bool(self.let_stand)


class Refusal(Value):
    """Why planning does not take an admitted event: code and JSON pointer."""

    code: RejectionCode
    pointer: str


class Decision(Value):
    """What follows from a message: values to keep, messages to say, a refusal, or a plan that is no longer right."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    keep: tuple[Value, ...] = ()
    say: tuple[Message, ...] = ()
    refuse: Refusal | None = None
    changed: Scope | None = None
    cause_code: str = "other"


def refused(code: RejectionCode, pointer: str) -> Decision:
    """Nothing follows; the sender is told why."""
    return Decision(refuse=Refusal(code=code, pointer=pointer))
