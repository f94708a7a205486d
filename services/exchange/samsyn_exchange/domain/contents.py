"""Who may fetch contents, and until when: their owner always, others while a grant lasts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pydantic import TypeAdapter, ValidationError
from samsyn_contracts.message import ContentsRef, OperationId, OwnedId

GRANT_LASTS = timedelta(days=30)
# `erased`: the key is gone, by a disposal decision. Whoever has no grant is not told whether there is anything.
FetchOutcome = Literal[
    "given", "not_found", "no_grant", "part_ended", "expired", "acknowledged", "erased", "cannot_open"
]
BY_OWNER = "owner"
_REF: TypeAdapter[str] = TypeAdapter(ContentsRef)
_ABOUT: TypeAdapter[str] = TypeAdapter(OperationId | OwnedId)


@dataclass(frozen=True)
class Grant:
    """That a party may fetch contents, by which rule and by whose assessment, until it has them or time is up.

    `ended_at` is when the part in an operation ended that it was given for.
    """

    ref: str
    party: str
    basis: str
    assessment_id: str | None
    granted_at: datetime
    expires_at: datetime
    acknowledged_at: datetime | None = None
    ended_at: datetime | None = None

    def is_open(self, at: datetime) -> bool:
        """Whether it still lets the party fetch."""
        return self.acknowledged_at is None and self.ended_at is None and at < self.expires_at


@dataclass(frozen=True)
class GrantPart:
    """The part in an operation, at one of its inspections, for which a party may fetch contents of a category."""

    operation_id: str
    ref: str
    party: str
    inspection_id: str
    category: str


def a_grant(
    ref: str, party: str, basis: str, assessment_id: str | None, at: datetime, until: datetime | None = None
) -> Grant:
    """A grant that begins now and lasts 30 days, or until the assessment that allows it runs out."""
    ends_at = at + GRANT_LASTS
    return Grant(ref, party, basis, assessment_id, at, ends_at if until is None else min(ends_at, until))


def right_to_fetch(ref: str, caller: str, grant: Grant | None, at: datetime) -> FetchOutcome:
    """What a party's wish to fetch comes to, if the contents are there: `given`, or why not."""
    if owner_of(ref) == caller:
        return "given"
    if grant is None:
        return "no_grant"
    if grant.ended_at is not None:
        return "part_ended"
    if grant.acknowledged_at is not None:
        return "acknowledged"
    return "given" if grant.is_open(at) else "expired"


def owner_of(ref: str) -> str:
    """The party that a reference belongs to."""
    return ref.split(":")[1]


def is_ref(text: str) -> bool:
    """Whether it is a reference to contents."""
    return text.startswith("contents:") and _has_form(_REF, text)


def is_about(text: str) -> bool:
    """Whether it can be the id of an operation or of a site."""
    return _has_form(_ABOUT, text)


def _has_form(form: TypeAdapter[str], text: str) -> bool:
    try:
        form.validate_python(text)
    except ValidationError:
        return False
    return True
