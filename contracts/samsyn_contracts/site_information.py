"""Before the day: what is known of the sites, the briefing of those who take part, and who has come."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from samsyn_contracts.carrying_out import HeardVersion
from samsyn_contracts.findings import Purpose
from samsyn_contracts.message import (
    P1,
    P2,
    P3,
    Code,
    ContentsRef,
    Facts,
    Instant,
    Message,
    OperationId,
    OwnedId,
    PartyCode,
    Slot,
)
from samsyn_contracts.operations import CodeName, Participant

# `nothing_known` is an answer, too: nobody waits for more.
Answer = Literal["known", "nothing_known"]
Version = Annotated[int, Field(ge=1)]


class SectionsAsked(Facts):
    """The sections that are asked for of one inspection's site; their names are data of the register."""

    inspection_id: Annotated[OwnedId, P1]
    sections: Annotated[tuple[Code, ...], Field(min_length=1), P2]


class SiteInformationRequested(Message):
    """An agency that wanted an inspection of an operation, or takes part in it, is asked what it knows of the sites.

    A later request about the same operation takes the place of the earlier; one without `sites` takes it back: the
    operation is off, or does not concern the agency any more. `slot` is told to who takes part alone.
    """

    subject_field: ClassVar[str] = "operation_id"

    operation_id: Annotated[OperationId, P1]
    code_name: Annotated[CodeName, P1]
    agency: Annotated[PartyCode, P1]
    slot: Annotated[Slot | None, P1] = None
    due_at: Annotated[Instant, P1]
    purpose: Annotated[Purpose, P1]
    sites: Annotated[tuple[SectionsAsked, ...], P2]


class SiteInformationProvided(Message):
    """An agency has answered what it knows of a section of a site; the text lies in the contents store.

    The newest `as_of` counts. It stays known of the inspection, also where another operation takes that over. What is
    known and has no `content_ref` is given by its agency to whom asks it.
    """

    subject_field: ClassVar[str] = "inspection_id"
    owner_of: ClassVar[str | None] = "agency"

    operation_id: Annotated[OperationId, P1]
    inspection_id: Annotated[OwnedId, P1]
    agency: Annotated[PartyCode, P1]
    section: Annotated[Code, P2]
    as_of: Annotated[Instant, P1]
    answer: Annotated[Answer, P2]
    content_ref: Annotated[ContentsRef | None, P3] = None


class SectionAnswered(Facts):
    """What an agency has answered about a section; who has a basis may fetch it by the reference."""

    section: Annotated[Code, P2]
    agency: Annotated[PartyCode, P2]
    answer: Annotated[Answer, P2]
    as_of: Annotated[Instant, P2]
    content_ref: Annotated[ContentsRef | None, P3] = None


class SiteAccount(Facts):
    """What has been answered of one inspection's site, and the sections that somebody asked has not answered."""

    inspection_id: Annotated[OwnedId, P1]
    answered: Annotated[tuple[SectionAnswered, ...], P2] = ()
    missing_sections: Annotated[tuple[Code, ...], P2] = ()


class SiteInformationCompleted(Message):
    """Everything asked for of an operation's sites is answered; or its briefing is due and some is missing.

    `completeness` is the percentage of what was asked that is answered; `participants` are those who have accepted.
    A higher version takes the place of the lower.
    """

    subject_field: ClassVar[str] = "operation_id"

    operation_id: Annotated[OperationId, P1]
    code_name: Annotated[CodeName, P1]
    version: Annotated[Version, P1]
    completeness: Annotated[int, Field(ge=0, le=100), P1]
    participants: Annotated[tuple[Participant, ...], P1]
    sites: Annotated[tuple[SiteAccount, ...], P2] = ()


class InformationNeed(Facts):
    """What an agency brings to the briefing: the sections that it was asked for, at whichever site."""

    agency: Annotated[PartyCode, P2]
    sections: Annotated[tuple[Code, ...], P2]


class BriefingPublished(Message):
    """Those who have accepted an operation get its briefing; a higher version takes the place of the lower.

    Who brings what, what to go through, and what was learnt lately at the centre: codes alone, whose names are data
    of the register. What is known of the sites stays where it is.
    """

    subject_field: ClassVar[str] = "operation_id"

    operation_id: Annotated[OperationId, P1]
    code_name: Annotated[CodeName, P1]
    version: Annotated[Version, P1]
    slot: Annotated[Slot, P1]
    participants: Annotated[tuple[Participant, ...], P1]
    information_needs: Annotated[tuple[InformationNeed, ...], P2] = ()
    checklist_codes: Annotated[tuple[Code, ...], P1]
    lesson_codes: Annotated[tuple[Code, ...], P1] = ()


class ParticipantCheckedIn(Message):
    """An agency has come to where an operation gathers, with so many people; when is the event's own time."""

    subject_field: ClassVar[str] = "operation_id"
    owner_of: ClassVar[str | None] = "agency"

    operation_id: Annotated[OperationId, P1]
    agency: Annotated[PartyCode, P1]
    plan_version: Annotated[HeardVersion, P1]
    head_count: Annotated[int | None, Field(ge=1, le=100), P2] = None
