"""Which references of class P3 inside a message (who runs a site, what is known of it) a participant may fetch."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from samsyn_contracts.findings import Purpose
from samsyn_contracts.message import Facts, Message
from samsyn_contracts.register import Register
from samsyn_contracts.site_information import SiteInformationCompleted

from samsyn_exchange.domain.bases import Assessment, Basis, Matter, Shared, judged
from samsyn_exchange.domain.contents import Grant, GrantPart, a_grant, owner_of
from samsyn_exchange.domain.disclosure import references_in
from samsyn_exchange.domain.operations import KnownOperation

CATEGORY = "site_identity"
# What the references of a message are about, where that is not who runs a site.
CATEGORIES: Mapping[type[Message], str] = {SiteInformationCompleted: "site_information"}
PURPOSES: tuple[Purpose, ...] = ("plan",)


def category_of(message: Message) -> str:
    """The category by which a message's references are judged."""
    return CATEGORIES.get(type(message), CATEGORY)


def references(facts: Facts) -> Iterator[str]:
    """Every reference of class P3 in a message."""
    yield from (ref for _, ref in references_in(facts))
    for value in (getattr(facts, name) for name in type(facts).model_fields):
        for inner in value if isinstance(value, tuple) else (value,):
            if isinstance(inner, Facts):
                yield from references(inner)


def parts_behind(message: Message, grants: Iterable[Grant]) -> tuple[GrantPart, ...]:
    """For which parts in the operation that a message tells of its references are granted."""
    operation_id = getattr(message, "operation_id", None)
    if operation_id is None:
        return ()
    inspections = (*getattr(message, "inspections", ()), *getattr(message, "sites", ()))
    places = [(ref, one.inspection_id) for one in inspections for ref in references(one)]
    return tuple(
        GrantPart(operation_id, grant.ref, grant.party, inspection_id, category_of(message))
        for grant in grants
        for ref, inspection_id in dict.fromkeys(places)
        if ref == grant.ref
    )


def taken(parts: Iterable[GrantPart], known: Collection[KnownOperation]) -> frozenset[GrantPart]:
    """The parts that are taken now: the party takes part in the operation, and the inspection is on its route."""
    by_id = {operation.operation_id: operation for operation in known}
    found = ((part, by_id[part.operation_id]) for part in parts if part.operation_id in by_id)
    return frozenset(part for part, of in found if part.party in of.taking and part.inspection_id in of.route)


def entitled(
    refs: Iterable[str],
    receivers: Sequence[str],
    centre: str,
    bases: Sequence[Basis],
    assessments: Sequence[Assessment],
    register: Register,
    at: datetime,
    category: str = CATEGORY,
) -> tuple[Grant, ...]:
    """What lets each receiver have which references, by a basis and by the assessment of the reference's owner."""
    grants: list[Grant] = []
    for ref in sorted(refs):
        matter = Matter(owner_of(ref), centre, category, PURPOSES)
        verdicts = judged(matter, receivers, bases, assessments, register, at)
        shared = [one for one in verdicts if isinstance(one, Shared)]
        grants += [a_grant(ref, one.receiver, one.basis.id, one.assessment_id, at, one.until) for one in shared]
    return tuple(grants)
