"""What an agency's answer about a site is taken for: refused where it names nothing, never newer than it was heard."""

from __future__ import annotations

from collections.abc import Sequence

from samsyn_contracts.envelope import Envelope
from samsyn_contracts.register import site_sections
from samsyn_contracts.site_information import SiteInformationProvided

from samsyn_inspection.domain.plans import Plan
from samsyn_inspection.domain.record import Record, later
from samsyn_inspection.domain.sayings import Saying, refusal
from samsyn_inspection.domain.statements import Refused, key_of


def refused_answer(record: Record, provided: SiteInformationProvided, envelope: Envelope) -> Saying | None:
    """The refusal of an answer about a section that there is not, or an inspection that its operation never had.

    An answer about an operation that planning has said nothing of yet is none: its word may be on its way.
    """
    refused = _fault(provided, record.plans)
    if refused is None:
        return None
    at = later(record.until, envelope.receivedtime or envelope.time)
    return Saying(refusal(envelope, refused), envelope, at, key_of(envelope))


def as_heard(provided: SiteInformationProvided, envelope: Envelope) -> SiteInformationProvided:
    """The answer, not from later than it was admitted: a clock that goes wrong keeps no later answer out."""
    return provided.model_copy(update={"as_of": min(provided.as_of, envelope.receivedtime or envelope.time)})


def _fault(provided: SiteInformationProvided, plans: Sequence[Plan]) -> Refused | None:
    if provided.section not in {section.code for section in site_sections()}:
        return Refused("invalid_field", "/section")
    if plans and all(provided.inspection_id not in plan.route for plan in plans):
        return Refused("unknown_id", "/inspection_id")
    return None
