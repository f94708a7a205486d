"""What simulated agencies know of each other: who takes part, and under which ids they speak of their things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from samsyn_contracts.register import load_register

from samsyn_demo.records import World

# How the departments of an agency with several tell their things apart.
_PREFIXES: Mapping[str, str] = {"miljoforvaltningen": "mf-", "tillstandsenheten": "te-"}


def public_id(agency: str, role: str | None, number: str) -> str:
    """The id under which others know a thing of an agency (in a role)."""
    return f"{agency}:{_PREFIXES.get(role or '', '')}{number}"


def state_agencies_of(worlds: Sequence[World]) -> tuple[str, ...]:
    """The state agencies with teams or sites in any of the worlds, by code."""
    state = {party.code for party in load_register().parties if party.kind == "state"}
    return tuple(sorted(state & agencies_of(worlds)))


def agencies_of(worlds: Sequence[World]) -> set[str]:
    """The agencies with teams or sites in any of the worlds."""
    teams = {shift.agency for world in worlds for shift in world.shifts}
    return teams | {site.agency for world in worlds for site in world.sites}
