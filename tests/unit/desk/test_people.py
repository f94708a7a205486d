"""Who somebody is at the desk, and what each role may do."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from samsyn_adapter_desk.people import (
    CLAIM,
    MAY,
    ROLE_NAMES,
    Act,
    ClaimsRefused,
    Role,
    Seat,
    may,
    person_in,
    seats_in,
)

HOSTED = ("akc-vast", "kommun-goteborg", "polisen")
CENTRE = {"party": "akc-vast", "role": "centre_coordinator", "function": "samordnare"}
POLICE = {"party": "polisen", "role": "duty_officer", "function": "vakthavande-befal"}


def claims(**told: Any) -> dict[str, Any]:
    return {"sub": "u1", "name": "Samordnare, AKC Väst", CLAIM: [CENTRE], **told}


def a_seat(role: Role) -> Seat:
    return Seat("akc-vast", role, "samordnare")


def test_a_person_has_the_seats_that_the_claim_lists_in_its_order() -> None:
    person = person_in(claims(**{CLAIM: [POLICE, CENTRE]}), HOSTED)
    assert [seat.party for seat in person.seats] == ["polisen", "akc-vast"]


def test_a_seat_at_a_party_that_is_not_hosted_here_is_left_out() -> None:
    person = person_in(claims(**{CLAIM: [CENTRE, {**POLICE, "party": "skatteverket"}]}), HOSTED)
    assert [seat.party for seat in person.seats] == ["akc-vast"]


def test_a_seat_that_is_said_twice_is_one() -> None:
    assert len(seats_in([CENTRE, dict(CENTRE)])) == 1


def test_a_seat_survives_being_kept() -> None:
    seat = a_seat("reader")
    assert seats_in([seat.as_json()]) == (seat,)


@pytest.mark.parametrize(
    ("told", "named"),
    [
        (None, CLAIM),
        ("akc-vast", CLAIM),
        ({"party": "akc-vast"}, CLAIM),
        (["akc-vast"], f"{CLAIM}[0]"),
        ([CENTRE, {**CENTRE, "role": "boss"}], f"{CLAIM}[1].role"),
        ([{**CENTRE, "role": ["reader"]}], f"{CLAIM}[0].role"),
        ([{**CENTRE, "party": "AKC Väst"}], f"{CLAIM}[0].party"),
        ([{**CENTRE, "party": "akc-vast\n"}], f"{CLAIM}[0].party"),
        ([{**CENTRE, "function": "Anna Svensson"}], f"{CLAIM}[0].function"),
        ([{"party": "akc-vast", "role": "reader"}], f"{CLAIM}[0].function"),
        ([CENTRE] * 21, "21 seats"),
    ],
)
def test_a_malformed_claim_is_refused_by_name(told: object, named: str) -> None:
    with pytest.raises(ClaimsRefused) as refused:
        person_in(claims(**{CLAIM: told}), HOSTED)
    assert named in str(refused.value)


@pytest.mark.parametrize("field", ["sub", "name"])
def test_without_subject_or_name_nobody_signs_in(field: str) -> None:
    with pytest.raises(ClaimsRefused, match=field):
        person_in(claims(**{field: " "}), HOSTED)


@pytest.mark.parametrize(("locale", "language"), [("sv-SE", "sv"), ("en-GB", "en"), ("fi", "sv"), (None, "sv")])
def test_who_reads_english_reads_english_and_everybody_else_swedish(locale: str | None, language: str) -> None:
    assert person_in(claims(locale=locale), HOSTED).language == language


def test_every_role_has_its_acts_and_a_name_in_both_languages() -> None:
    assert set(MAY) == set(ROLE_NAMES) == set(get_args(Role))
    assert all(set(names) == {"sv", "en"} for names in ROLE_NAMES.values())


def test_every_act_is_somebodys() -> None:
    assert frozenset().union(*MAY.values()) == set(get_args(Act))


def test_everybody_reads_and_a_reader_does_nothing_else() -> None:
    assert all(may(a_seat(role), "read") for role in get_args(Role))
    assert MAY["reader"] == {"read"}


def test_only_the_polices_roles_cancel_police() -> None:
    assert {role for role in MAY if "cancel_police" in MAY[role]} == {"operational_coordinator", "duty_officer"}


def test_everybody_who_does_anything_may_tell_that_an_operation_may_be_compromised() -> None:
    assert {role for role in MAY if "warn" in MAY[role]} == set(MAY) - {"reader"}


@pytest.mark.parametrize("act", ["decide_replan", "switch_mode", "pin", "wheel"])
def test_what_is_the_centres_only_its_coordinator_does(act: Act) -> None:
    assert {role for role in MAY if act in MAY[role]} == {"centre_coordinator"}
