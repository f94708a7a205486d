"""Parties as planning writes them, agency or agency/role, and what people call them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from samsyn_contracts.register import load_register


def agency_of(party: str) -> str:
    """The agency of a party: without its role."""
    return party.partition("/")[0]


def role_of(party: str) -> str | None:
    """The role in which a party speaks; None where it has but one."""
    return party.partition("/")[2] or None


@cache
def party_names() -> Mapping[str, tuple[str, str]]:
    """Names of parties and of their roles, in Swedish and English."""
    named: dict[str, tuple[str, str]] = {}
    for party in load_register().parties:
        named[party.code] = (party.name_sv, party.name_en)
        named.update({f"{party.code}/{role.code}": (role.name_sv, role.name_en) for role in party.roles})
    return named
