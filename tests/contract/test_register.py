"""Who may say what: nothing unless it is written down, and then only on the days it holds."""

from __future__ import annotations

from datetime import date

import pytest
from samsyn_contracts.catalogue import MESSAGES
from samsyn_contracts.register import Kind, Membership, Party, Permission, Register, Role, load_register

DAY = date(2025, 5, 6)
REGISTER = load_register()


def a_party(code: str = "agency-a", kind: Kind = "state", **changes: object) -> Party:
    names = {"name_sv": "Myndighet A", "name_en": "Agency A", "short_name": "A"}
    return Party.model_validate({"code": code, "kind": kind, **names, **changes})


def a_permission(**changes: object) -> Permission:
    return Permission.model_validate({"type": "CapacityOffered", "valid_from": "2025-01-01", **changes})


def a_register(*permissions: Permission) -> Register:
    return Register(parties=(a_party(),), permissions=permissions)


def test_what_is_not_written_down_is_refused() -> None:
    assert not a_register().may_say(a_party(), "CapacityOffered", DAY)


def test_a_permission_of_another_message_does_not_count() -> None:
    register = a_register(a_permission(type="CapacityWithdrawn", kinds=["state"]))
    assert not register.may_say(a_party(), "CapacityOffered", DAY)


def test_a_permission_without_parties_or_kinds_lets_nobody_speak() -> None:
    assert not a_register(a_permission()).may_say(a_party(), "CapacityOffered", DAY)


def test_a_kind_that_is_named_may_speak() -> None:
    assert a_register(a_permission(kinds=["state"])).may_say(a_party(), "CapacityOffered", DAY)


def test_a_party_that_is_named_may_speak() -> None:
    assert a_register(a_permission(parties=["agency-a"])).may_say(a_party(), "CapacityOffered", DAY)


def test_another_party_may_not_speak() -> None:
    assert not a_register(a_permission(parties=["agency-b"])).may_say(a_party(), "CapacityOffered", DAY)


@pytest.mark.parametrize(
    ("day", "may"),
    [
        (date(2025, 4, 30), False),
        (date(2025, 5, 1), True),
        (date(2025, 5, 31), True),
        (date(2025, 6, 1), False),
    ],
)
def test_a_permission_holds_from_its_first_to_its_last_day(day: date, may: bool) -> None:
    permission = a_permission(kinds=["state"], valid_from="2025-05-01", valid_to="2025-05-31")
    assert a_register(permission).may_say(a_party(), "CapacityOffered", day) is may


@pytest.mark.parametrize(
    ("day", "is_member"),
    [
        (date(2025, 4, 30), False),
        (date(2025, 5, 1), True),
        (date(2025, 5, 31), True),
        (date(2025, 6, 1), False),
    ],
)
def test_a_membership_holds_from_its_first_to_its_last_day(day: date, is_member: bool) -> None:
    membership = Membership(centre="akc-vast", valid_from=date(2025, 5, 1), valid_to=date(2025, 5, 31))
    assert a_party(memberships=(membership,)).is_member("akc-vast", day) is is_member


def test_a_member_of_one_centre_is_no_member_of_another() -> None:
    membership = Membership(centre="akc-vast", valid_from=date(2025, 1, 1))
    assert not a_party(memberships=(membership,)).is_member("akc-syd", DAY)


def test_a_centre_is_among_its_own_members() -> None:
    assert "akc-vast" in {party.code for party in REGISTER.members_of("akc-vast", DAY)}


def test_a_role_must_be_registered_for_the_party() -> None:
    party = a_party(roles=(Role(code="licensing", name_sv="Tillstånd", name_en="Licensing"),))
    assert party.has_role("licensing")
    assert not party.has_role("environment")


def test_only_the_police_may_say_that_police_are_lost() -> None:
    sayers = {p.code for p in REGISTER.parties if REGISTER.may_say(p, "PoliceCancelled", DAY)}
    assert sayers == {"polisen"}


def test_only_centres_decide_about_plans() -> None:
    sayers = {p.kind for p in REGISTER.parties if REGISTER.may_say(p, "ReplanApproved", DAY)}
    assert sayers == {"centre"}


def test_no_party_may_say_what_a_service_says() -> None:
    assert not any(REGISTER.may_say(p, "PlanPublished", DAY) for p in REGISTER.parties)


def test_the_gender_equality_agency_is_never_on_site() -> None:
    assert not REGISTER.by_code["jamstalldhetsmyndigheten"].onsite_allowed


def test_party_codes_are_unique() -> None:
    assert len(REGISTER.by_code) == len(REGISTER.parties)


def test_no_party_is_called_as_an_operation_is() -> None:
    assert not {"op", "replan", "contents", "service"} & REGISTER.by_code.keys()


def test_every_membership_names_a_centre_of_the_register() -> None:
    named = {membership.centre for party in REGISTER.parties for membership in party.memberships}
    assert named <= set(REGISTER.centres)


def test_every_permission_names_a_message_and_parties_that_exist() -> None:
    names = {cls.__name__ for cls in MESSAGES.values()}
    assert {row.type for row in REGISTER.permissions} <= names
    assert {code for row in REGISTER.permissions for code in row.parties} <= REGISTER.by_code.keys()
