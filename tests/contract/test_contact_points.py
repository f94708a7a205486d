"""How an agency is reached: by functions of its own, each channel written as what it is."""

from __future__ import annotations

import pytest
from pydantic import ValidationError
from samsyn_contracts.contact_points import Channel, ContactPointChanged

TOLD = {
    "function_id": "skatteverket:samordnare",
    "agency": "skatteverket",
    "role_code": "coordinator",
    "channels": ({"kind": "phone", "address": "031-390 06 05"},),
}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"function_id": "polisen:samordnare"}, "function_id must be of the agency"),
        ({"deputy_function": "polisen:jour"}, "deputy_function must be another function"),
        ({"deputy_function": "skatteverket:samordnare"}, "deputy_function must be another function"),
        ({"channels": ()}, "channels must hold at least one"),
    ],
)
def test_what_is_not_the_agencys_own_or_reaches_nobody_is_refused(changed: dict[str, object], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        ContactPointChanged.model_validate({**TOLD, **changed})


def test_a_function_that_is_gone_needs_no_channel() -> None:
    assert ContactPointChanged.model_validate({**TOLD, "channels": (), "is_gone": True}).is_gone


@pytest.mark.parametrize(
    ("kind", "good", "wrong"),
    [
        ("phone", "+46 31-390 06 05", "ring samordnaren"),
        ("phone", "08-465 004 00", "08-465 004 00;phone-context=x"),
        ("mail", "jour@skatteverket.example", "jour"),
        ("mail", "jour@skatteverket.example", "jour@skatteverket.example?bcc=x@y.example"),
        ("radio", "SAMV Göteborg 1", " "),
    ],
)
def test_a_channel_is_written_as_its_kind_says(kind: str, good: str, wrong: str) -> None:
    assert Channel.model_validate({"kind": kind, "address": good}).address == good
    with pytest.raises(ValidationError, match="address must be written"):
        Channel.model_validate({"kind": kind, "address": wrong})
