"""Which references of class P3 inside a message (who runs a site, what is known of it) a participant may fetch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from samsyn_contracts.findings import Purpose
from samsyn_contracts.message import Facts, Message
from samsyn_contracts.register import Register
from samsyn_contracts.site_information import SiteInformationCompleted

from samsyn_exchange.domain.bases import Assessment, Basis, Matter, Shared, judged
from samsyn_exchange.domain.contents import Grant, a_grant, owner_of
from samsyn_exchange.domain.disclosure import references_in

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
