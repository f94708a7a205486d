"""The diary's call list: functions as their agencies have told of them, and what people have written of the others."""

from __future__ import annotations

from typing import Any

import pytest
from nacl.encoding import HexEncoder
from nacl.public import PrivateKey
from samsyn_adapter_notify.call_list import Contact, call_list
from samsyn_adapter_notify.diary import opened
from samsyn_contracts.contact_points import ContactPointChanged

from tests.unit.notify.people_told import AV, CENTRE, NOW, POLICE, SKV, a_function, people, recipients

PHONE = {"kind": "phone", "address": "114 14"}
WRITTEN = {"party": POLICE, "centre": CENTRE, "title_sv": "Vakthavande", "title_en": "Duty", "phone": "010-9 99 99"}


def reached(function: str = "vb", agency: str = POLICE, **more: Any) -> ContactPointChanged:
    told = {"function_id": f"{agency}:{function}", "agency": agency, "role_code": "duty_officer", "channels": [PHONE]}
    return ContactPointChanged.model_validate(told | more)


def lines(*told: ContactPointChanged, centre: str = CENTRE, written: tuple[dict[str, Any], ...] = ()) -> list[str]:
    """The call list of a function of AV, without its own line."""
    to = recipients(AV, a_function(centre=centre), call_list=written)
    found = call_list(to.functions[0], to, [Contact(CENTRE, one) for one in told])
    return [line for line in found if "Funktion" not in line]


CENTRE_S_OWN = "- AKC Väst, samordnare: 010-111 11 11"


def test_a_function_is_named_with_its_numbers_hours_and_deputy() -> None:
    deputy = reached("jour", role_code="on_call", channels=[{"kind": "radio", "address": "71-1000"}])
    told = reached(duty_hours="vardagar\n08–16", deputy_function=f"{POLICE}:jour")
    assert lines(told, deputy)[1:] == [
        "- Polismyndigheten, vakthavande befäl: 114 14; vardagar 08–16 (ersätts av: jour, radio 71-1000)",
        "- Polismyndigheten, jour: radio 71-1000",
    ]


def test_a_deputy_of_whom_nobody_has_told_is_named() -> None:
    assert lines(reached(deputy_function=f"{POLICE}:jour"))[1].endswith("114 14 (ersätts av: jour)")


def test_a_function_of_every_centre_sees_which_centre_it_is() -> None:
    assert lines(reached(), centre="_all")[1] == "- Polismyndigheten, vakthavande befäl (AKC Väst): 114 14"


def test_a_centre_that_has_told_itself_is_not_listed_twice() -> None:
    assert lines() == [CENTRE_S_OWN]
    assert lines(reached("samordnare", CENTRE, role_code="coordinator")) == ["- AKC Väst, samordnare: 114 14"]


@pytest.mark.parametrize(
    ("function", "told", "stands"),
    [
        (None, None, True),
        (None, reached(), False),
        (None, reached("vb", SKV), True),
        ("vb", reached(), False),
        ("ka", reached(), True),
    ],
    ids=["nothing told", "told of the party", "told of another party", "told of it", "told of another function"],
)
def test_what_people_have_written_stands_until_its_party_tells(
    function: str | None, told: ContactPointChanged | None, stands: bool
) -> None:
    written = WRITTEN | ({"function": function} if function else {})
    found = lines(*([told] if told else []), written=(written,))
    assert ("- Vakthavande: 010-9 99 99" in found) == stands


async def test_the_newest_about_a_function_is_remembered_until_it_is_gone() -> None:
    async with people() as told:
        await told.hear(reached(), by=POLICE)
        await told.hear(reached(channels=[PHONE | {"address": "112 00"}]), by=POLICE)
        assert [(one.centre, one.told.channels[0].address) for one in told.store.contacts.all()] == [(CENTRE, "112 00")]
        await told.hear(reached(is_gone=True, channels=[]), by=POLICE)
        assert told.store.contacts.all() == []


async def test_the_diary_lists_who_has_told_how_it_is_reached() -> None:
    private = PrivateKey.generate()
    async with people(diary_key=private.public_key.encode(HexEncoder).decode()) as told:
        await told.hear(reached(), by=POLICE)
        await told.at(NOW)
        first = next(told.letterbox.mails[0].iter_attachments()).get_payload(decode=True)
        assert isinstance(first, bytes)
        assert "vakthavande befäl: 114 14" in opened(first, private.encode(HexEncoder).decode()).decode()


async def test_the_list_of_one_s_own_party_is_the_file_of_its_people() -> None:
    assert lines(reached("annan", AV)) == [CENTRE_S_OWN]
