"""Which references of class P3 inside a message (who runs a site) a participant may have, and so may fetch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from samsyn_contracts.findings import Purpose
from samsyn_contracts.message import Facts
from samsyn_contracts.register import Register

from samsyn_exchange.domain.bases import Assessment, Basis, Matter, Shared, judged
from samsyn_exchange.domain.contents import Grant, a_grant, owner_of
from samsyn_exchange.domain.disclosure import references_in

CATEGORY = "site_identity"
PURPOSES: tuple[Purpose, ...] = ("plan",)


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
) -> tuple[Grant, ...]:
    """What lets each receiver have which references, by a basis and by the assessment of the reference's owner."""
    grants: list[Grant] = []
    for ref in sorted(refs):
        matter = Matter(owner_of(ref), centre, CATEGORY, PURPOSES)
        verdicts = judged(matter, receivers, bases, assessments, register, at)
        shared = [one for one in verdicts if isinstance(one, Shared)]
        grants += [a_grant(ref, one.receiver, one.basis.id, one.assessment_id, at, one.until) for one in shared]
    return tuple(grants)
