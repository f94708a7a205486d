"""Builders of bases, assessments and matters, and what the exchange makes of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from samsyn_contracts.register import load_register
from samsyn_exchange.domain.bases import Assessment, Basis, Matter, Shared, Verdict, judged, load_bases

from tests.unit.exchange.saying import CENTRE

REGISTER = load_register()
BASES = load_bases()
SPRING_2026 = datetime(2026, 3, 2, 12, tzinfo=UTC)
SKV, AV, POLICE, GBG = "skatteverket", "arbetsmiljoverket", "polisen", "kommun-goteborg"
AGENCIES = [party.code for party in REGISTER.parties if party.kind not in ("feed", "centre")]
PURPOSES = ("plan", "execute", "follow-up")


def a_matter(owner: str = SKV, category: str = "tax", centre: str = CENTRE, **changed: Any) -> Matter:
    return Matter(
        **{"purposes": ("execute", "follow-up"), "finding_id": f"{owner}:f1"}
        | changed
        | {"owner": owner, "category": category, "centre": centre}
    )


def an_assessment(receiver: str = AV, owner: str = SKV, number: str = "a1", **changed: Any) -> Assessment:
    told: dict[str, Any] = {
        "centre": CENTRE,
        "category": "tax",
        "purpose": "follow-up",
        "outcome": "weighed",
        "document_ref": "8-1",
        "valid_until": datetime(2030, 1, 1, tzinfo=UTC),
    }
    return Assessment(assessment_id=f"{owner}:{number}", receiver=receiver, **told | changed)


def a_basis(id_: str = "x1", **changed: Any) -> Basis:
    told = {
        "id": id_,
        "statute": "2000:1",
        "senders": {"kinds": ["state"]},
        "receivers": {"kinds": ["state"]},
        "categories": ["tax"],
        "purposes": ["follow-up"],
        "outcome": "weigh",
        "valid_from": "2022-06-01",
    }
    return Basis.model_validate_json(json.dumps(told | changed))


def verdict(
    *assessments: Assessment,
    receiver: str = AV,
    matter: Matter | None = None,
    bases: Sequence[Basis] = BASES,
    at: datetime = SPRING_2026,
) -> Verdict:
    (one,) = judged(matter or a_matter(), [receiver], bases, assessments, REGISTER, at)
    return one


def told(one: Verdict) -> str:
    return "shared" if isinstance(one, Shared) else one.reason
