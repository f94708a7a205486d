"""Every message class of this release, by its type."""

from __future__ import annotations

from samsyn_contracts import (
    cancellation_risk,
    capacity,
    carrying_out,
    compromised,
    contact_points,
    findings,
    indicators,
    inspections,
    notifications,
    officers,
    operations,
    participant_roles,
    periods,
    plans,
    platform,
    site_information,
    told_by_phone,
)
from samsyn_contracts.message import Message

FAMILIES = (
    capacity,
    cancellation_risk,
    officers,
    inspections,
    operations,
    told_by_phone,
    site_information,
    compromised,
    carrying_out,
    findings,
    periods,
    indicators,
    plans,
    notifications,
    contact_points,
    participant_roles,
    platform,
)


def _message_classes() -> list[type[Message]]:
    return [
        member
        for family in FAMILIES
        for member in vars(family).values()
        if isinstance(member, type)
        and issubclass(member, Message)
        and member is not Message
        and member.__module__ == family.__name__
    ]


MESSAGES: dict[str, type[Message]] = {cls.type_name(): cls for cls in _message_classes()}
