"""No field above a receiver's view is in the bytes that the receiver gets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samsyn_contracts.message import P1, P2, Facts, Message, Sensitivity
from samsyn_exchange.domain.disclosure import VIEWS, UnsayableError, View, load_rules, redacted

from tests.unit.exchange.saying import CONTENTS, FACTS, ROUTE, SITE, a_message

BY_STATUS: tuple[View, ...] = ("invited", "accepted")
VIEWS_OF = {
    (rule.type, view)
    for rule in load_rules()
    for view in VIEWS
    if rule.view == view or (rule.view == "by_status" and view in BY_STATUS)
}
CARRIERS = [name for name, facts in FACTS.items() if "inspections" in facts or "site" in facts]
# A proposal without its site, a question without its inspections: no such messages, so not said in the internal view.
UNSAYABLE = {(name, "internal") for name in ("InspectionProposed", "ParticipationRequested", "PoliceRequested")}
# What a message looks like for whom no basis entitles: the view `entitled` is FindingShared's alone.
SAYABLE = [(name, view) for name in CARRIERS for view in VIEWS[:-1] if (name, view) not in UNSAYABLE]
SECRETS = st.fixed_dictionaries(
    {
        "address": st.uuids().map(lambda one: f"Kanarievägen {one}"),
        "name": st.uuids().map(lambda one: f"Kanarie {one} AB"),
        "organisation_number": st.from_regex(r"40[2-9][0-9]{3}-[0-9]{4}", fullmatch=True),
        "position": st.fixed_dictionaries(
            {
                "lat": st.integers(1, 10**6).map(lambda n: 57 + n / 1e7),
                "lon": st.integers(1, 10**6).map(lambda n: 11 + n / 1e7),
            }
        ),
    }
)


def with_site(name: str, site: dict[str, Any]) -> Message:
    """The message with another site, wherever it has one."""
    if "site" in FACTS[name]:
        return a_message(name, site=site, why_ref="contents:skatteverket:00000000-0000-4000-8000-00000000cafe")
    return a_message(name, inspections=[{**ROUTE[0], "site": site}])


def values(told: object) -> Iterator[object]:
    """Every scalar in a JSON value."""
    if isinstance(told, dict):
        yield from (value for member in told.values() for value in values(member))
    elif isinstance(told, list):
        yield from (value for member in told for value in values(member))
    else:
        yield told


@pytest.mark.parametrize("name", CARRIERS)
@given(secrets=SECRETS)
def test_a_site_is_in_no_byte_that_an_invited_party_gets(name: str, secrets: dict[str, Any]) -> None:
    body = redacted(with_site(name, {**SITE, **secrets}), "invited").decode()

    assert [value for value in values(secrets) if json.dumps(value, ensure_ascii=False).strip('"') in body] == []


@pytest.mark.parametrize("name", CARRIERS)
@given(secrets=SECRETS)
def test_a_site_is_told_to_a_party_that_has_accepted(name: str, secrets: dict[str, Any]) -> None:
    told = json.loads(redacted(with_site(name, {**SITE, **secrets}), "accepted"))

    assert set(values(secrets)) <= set(values(told))


def a_sole_traders_site(identity: object) -> dict[str, Any]:
    ref = f"contents:skatteverket:{identity}"
    return {"site_id": "skatteverket:s1", "municipality": "1480", "identity_ref": ref}


@pytest.mark.parametrize(("name", "view"), SAYABLE)
@given(identity=st.uuids())
def test_a_sole_traders_identity_is_in_no_view_not_even_as_a_reference(name: str, view: View, identity: Any) -> None:
    message = with_site(name, a_sole_traders_site(identity))

    assert str(identity) not in redacted(message, view).decode()
    assert "cafe" not in redacted(message, view).decode()


@pytest.mark.parametrize(("name", "view"), [(name, view) for name, view in SAYABLE if view != "accepted"])
@given(identity=st.uuids())
def test_who_has_not_accepted_gets_no_reference_whatever_it_is_entitled_to(
    name: str, view: View, identity: Any
) -> None:
    site = a_sole_traders_site(identity)

    assert str(identity) not in redacted(with_site(name, site), view, frozenset([site["identity_ref"]])).decode()


@pytest.mark.parametrize("name", ["OperationScheduled", "OperationConfirmed", "OperationRescheduled"])
@given(identity=st.uuids(), other=st.uuids())
def test_who_has_accepted_gets_the_references_that_it_is_entitled_to_and_no_others(
    name: str, identity: Any, other: Any
) -> None:
    mine, not_mine = a_sole_traders_site(identity), a_sole_traders_site(other)
    message = a_message(name, inspections=[{**ROUTE[0], "site": mine}, {**ROUTE[0], "site": not_mine}])

    told = json.loads(redacted(message, "accepted", frozenset([mine["identity_ref"]])))

    assert told["inspections"][0]["site"] == mine
    assert "identity_ref" not in told["inspections"][1]["site"] or identity == other


def test_only_a_finding_that_is_shared_is_ever_told_in_the_view_of_the_entitled() -> None:
    assert {name for name, view in VIEWS_OF if view == "entitled"} == {"FindingShared"}


def test_who_a_finding_is_shared_with_gets_its_reference() -> None:
    assert json.loads(redacted(a_message("FindingShared"), "entitled"))["payload_ref"] == CONTENTS


def test_an_invited_party_gets_municipality_industry_and_indications() -> None:
    told = json.loads(redacted(a_message("InspectionProposed"), "invited"))

    assert told["site"] == {"site_id": "skatteverket:s1", "municipality": "1480", "industry": "4711"}
    assert told["indications"] == ["undeclared_work"]


def test_the_centre_gets_no_route() -> None:
    told = json.loads(redacted(a_message("OperationScheduled"), "internal"))

    assert (told["inspections"], told["code_name"]) == ([], "Ask")


@pytest.mark.parametrize(("name", "view"), sorted(VIEWS_OF & {(n, v) for n in FACTS for v in VIEWS}))
def test_every_message_is_still_a_message_in_every_view_that_a_rule_gives(name: str, view: View) -> None:
    assert type(a_message(name)).model_validate_json(redacted(a_message(name), view))


def test_the_builders_cover_every_rule() -> None:
    assert {name for name, _ in VIEWS_OF} - FACTS.keys() == {
        "PoliceCommitted",
        "PoliceDeclined",
    }


class Inner(Facts):
    seen: Annotated[str, P1]
    unclassed: str = "Kanarie"


class Odd(Message):
    subject_field: ClassVar[str] = "id"

    id: Annotated[str, P1]
    unclassed: str = "Kanarie"
    doubly: Annotated[str, P1, P2] = "Kanarie"
    victims: Annotated[str, Sensitivity("PV")] = "Kanarie"
    pointer: Annotated[str, Sensitivity("P4")] = "Kanarie"
    inner: Annotated[tuple[Inner, ...], P1] = ()


@pytest.mark.parametrize("view", VIEWS)
def test_a_field_without_exactly_one_class_or_with_a_higher_one_is_seen_by_nobody(view: View) -> None:
    odd = Odd(id="x", unclassed="Hemligt", doubly="Hemligt", victims="Hemligt", pointer="Hemligt", inner=())

    assert b"Hemligt" not in redacted(odd, view)


def test_a_field_of_an_inner_object_has_a_class_of_its_own() -> None:
    assert b"Hemligt" not in redacted(Odd(id="x", inner=(Inner(seen="y", unclassed="Hemligt"),)), "accepted")


class Mapped(Message):
    subject_field: ClassVar[str] = "id"

    id: Annotated[str, P1]
    anything: Annotated[dict[str, str], P1]


class Needy(Message):
    subject_field: ClassVar[str] = "id"

    id: Annotated[str, P1]
    place: Annotated[str, P2]


def test_a_mapping_cannot_be_said_for_its_members_have_no_class() -> None:
    with pytest.raises(UnsayableError):
        redacted(Mapped(id="x", anything={"a": "b"}), "accepted")


def test_what_is_no_message_any_more_is_not_said() -> None:
    with pytest.raises(UnsayableError):
        redacted(Needy(id="x", place="y"), "internal")
