"""Which records are admitted, and the code that each bad one is refused with."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from samsyn_contracts.bus import MAX_EVENT_BYTES
from samsyn_contracts.register import Membership, Party, Permission, Register, Role, load_register
from samsyn_exchange.domain.admission import Admitted, Refused, Said, admit, local_day

from tests.unit.exchange.saying import CENTRE, FACTS, RECEIVED_AT, a_record, facts, some_headers

REGISTER = load_register()


def taken(said: Said, register: Register = REGISTER, at: datetime = RECEIVED_AT) -> Admitted:
    outcome = admit(said, register, "test", at)
    assert isinstance(outcome, Admitted), outcome
    return outcome


def refused(said: Said, register: Register = REGISTER, at: datetime = RECEIVED_AT) -> list[tuple[str, str]]:
    outcome = admit(said, register, "test", at)
    assert isinstance(outcome, Refused), outcome
    return [(reason.code, reason.pointer) for reason in outcome.reasons]


def a_register(permitted: bool = True, valid_to: str | None = None) -> Register:
    membership = {"centre": CENTRE, "valid_from": "2025-05-05", "valid_to": valid_to}
    police = Party.model_validate(
        {
            "code": "polisen",
            "kind": "law_enforcement",
            "name_sv": "P",
            "name_en": "P",
            "short_name": "P",
            "memberships": (Membership.model_validate(membership),),
        }
    )
    centre = Party(code=CENTRE, kind="centre", name_sv="V", name_en="V", short_name="V")
    allowed = Permission.model_validate(
        {"type": "PoliceCancelled", "parties": ("polisen",), "valid_from": "2025-05-05"}
    )
    return Register((police, centre), (allowed,) if permitted else ())


def test_a_good_event_is_admitted_with_the_time_it_came() -> None:
    assert taken(a_record()).envelope.receivedtime == RECEIVED_AT


def test_an_event_starts_a_chain_of_its_own_unless_it_says_which() -> None:
    alone, follows = some_headers(), some_headers(ce_correlationid=b"e-0")

    assert taken(a_record(headers=alone)).envelope.correlationid == dict(alone)["ce_id"].decode()
    assert taken(a_record(headers=follows)).envelope.correlationid == "e-0"


def test_the_subject_is_the_thing_that_the_body_speaks_of() -> None:
    assert taken(a_record(headers=some_headers(ce_subject=b"another"))).envelope.subject == "polisen:p1"


def test_a_time_of_receipt_that_the_sender_claims_is_not_believed() -> None:
    claimed = some_headers(ce_receivedtime=b"2030-01-01T00:00:00Z")

    assert taken(a_record(headers=claimed)).envelope.receivedtime == RECEIVED_AT


def test_a_reference_message_may_be_about_all_centres() -> None:
    everywhere = some_headers("AdapterHeartbeat", "skatteverket", ce_centre=b"_all")

    assert taken(a_record("AdapterHeartbeat", "skatteverket", headers=everywhere)).envelope.centre == "_all"


def test_what_is_about_one_centre_names_it() -> None:
    everywhere = some_headers("CapacityOffered", ce_centre=b"_all")

    assert refused(a_record("CapacityOffered", headers=everywhere)) == [("unknown_centre", "/headers/ce_centre")]


def test_a_party_refers_to_no_contents_but_its_own() -> None:
    foreign = "contents:polisen:00000000-0000-4000-8000-000000000001"
    site = {"site_id": "skatteverket:s1", "municipality": "1480"}

    finding = a_record("FindingRecorded", "skatteverket", payload_ref=foreign)
    proposal = a_record("InspectionProposed", "skatteverket", site={**site, "identity_ref": foreign})

    assert refused(finding) == [("not_owner", "/payload_ref")]
    assert refused(proposal) == [("not_owner", "/site/identity_ref")]
    assert taken(a_record("FindingRecorded", "skatteverket"))


def test_fields_that_are_unknown_are_left_out_of_what_is_published() -> None:
    assert b"surplus" not in taken(a_record(surplus="x")).message.body()


@pytest.mark.parametrize(
    ("name", "party"),
    [("PoliceCancelled", "polisen"), ("InspectionProposed", "skatteverket"), ("AutomationModeChanged", CENTRE)],
)
def test_each_party_may_speak_of_its_own_things(name: str, party: str) -> None:
    assert taken(a_record(name, party)).message.owner == party


@pytest.mark.parametrize(
    ("headers", "code", "pointer"),
    [
        ({"ce_id": None}, "header_missing", "/headers/ce_id"),
        ({"ce_time": b"yesterday"}, "header_invalid", "/headers/ce_time"),
        ({"ce_id": b"with spaces"}, "header_invalid", "/headers/ce_id"),
        ({"traceparent": b"nonsense"}, "header_invalid", "/headers/traceparent"),
        ({"ce_agencyref": b"\xff"}, "header_not_utf8", "/headers/ce_agencyref"),
        ({"ce_agencyref": b"a\x00b"}, "header_invalid", "/headers/ce_agencyref"),
        ({"ce_agencyref": b"a\nb"}, "header_invalid", "/headers/ce_agencyref"),
        ({"ce_environment": b"prod"}, "wrong_environment", "/headers/ce_environment"),
        ({"ce_source": b"urn:samsyn:skatteverket"}, "foreign_source", "/headers/ce_source"),
        ({"ce_source": b"urn:samsyn:service:polisen"}, "foreign_source", "/headers/ce_source"),
        ({"ce_type": b"se.samsyn.PoliceVanished.v1"}, "unknown_type", "/headers/ce_type"),
        ({"ce_type": b"se.samsyn.PoliceCancelled.v2"}, "unknown_type", "/headers/ce_type"),
        ({"ce_type": b"se.samsyn.PlanPublished.v1"}, "not_allowed", "/headers/ce_type"),
        ({"ce_centre": b"akc-ingenstans"}, "unknown_centre", "/headers/ce_centre"),
        ({"ce_centre": b"_all"}, "unknown_centre", "/headers/ce_centre"),
        ({"ce_centre": b"skatteverket"}, "unknown_centre", "/headers/ce_centre"),
        ({"ce_actorrole": b"stranger"}, "role_unknown", "/headers/ce_actorrole"),
    ],
)
def test_a_bad_header_is_refused_and_named(headers: dict[str, Any], code: str, pointer: str) -> None:
    assert refused(a_record(headers=some_headers(**headers))) == [(code, pointer)]


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        (None, "not_json", ""),
        (b"\x00garbage\xff", "not_json", ""),
        (b"[]", "not_json", ""),
        (b'{"capacity_id": "polisen:p1", "capacity_id": "polisen:p1"}', "not_json", ""),
        (b'{"a": ' + b"[" * 40 + b"]" * 40 + b"}", "too_deep", "/a" + "/0" * 32),
        (b'{"capacity_id": "polisen:p1"}', "missing_field", "/cause_code"),
        (b'{"capacity_id": 7, "cause_code": "shooting"}', "invalid_field", "/capacity_id"),
        (b'{"capacity_id": null, "cause_code": "shooting"}', "null_not_allowed", "/capacity_id"),
        (b'{"capacity_id": "skatteverket:p1", "cause_code": "shooting"}', "not_owner", "/capacity_id"),
        (b'{"a": "' + b"x" * MAX_EVENT_BYTES + b'"}', "too_large", ""),
    ],
)
def test_a_bad_body_is_refused_with_a_pointer_to_the_fault(body: bytes | None, code: str, pointer: str) -> None:
    assert refused(a_record(body=body)) == [(code, pointer)]


def test_headers_count_towards_the_size() -> None:
    large = [*some_headers(), *((f"x-{n}", b"x" * 100_000) for n in range(3))]

    assert refused(a_record(headers=large)) == [("too_large", "")]


def test_more_headers_than_anyone_needs_are_refused() -> None:
    many = [*some_headers(), *((f"x-{n}", b"") for n in range(100))]

    assert refused(a_record(headers=many)) == [("header_invalid", "/headers")]


def test_a_nul_in_a_text_is_refused_for_no_database_keeps_it() -> None:
    site = {**facts("InspectionProposed")["site"], "address": "Stor\x00gatan"}

    assert refused(a_record("InspectionProposed", "skatteverket", site=site)) == [("invalid_field", "/site/address")]


def test_every_fault_of_a_body_is_told_at_once() -> None:
    assert len(refused(a_record("CapacityOffered", body=b"{}"))) > 3


def test_a_party_with_several_roles_must_say_in_which_it_speaks() -> None:
    said = a_record("InspectionProposed", "kommun-goteborg", inspection_id="kommun-goteborg:i1")

    assert refused(said) == [("role_missing", "/headers/ce_actorrole")]


def test_a_party_with_several_roles_may_speak_in_each_of_them() -> None:
    headers = some_headers("InspectionProposed", "kommun-goteborg", ce_actorrole=b"tillstandsenheten")

    said = a_record("InspectionProposed", "kommun-goteborg", headers=headers, inspection_id="kommun-goteborg:i1")

    assert taken(said).envelope.actorrole == "tillstandsenheten"


def test_a_party_is_heard_only_where_it_is_a_member() -> None:
    headers = some_headers("InspectionProposed", "kommun-tyreso")

    said = a_record("InspectionProposed", "kommun-tyreso", headers=headers, inspection_id="kommun-tyreso:i1")

    assert refused(said) == [("not_member", "/headers/ce_centre")]


def test_a_centre_speaks_for_itself_and_for_no_other_centre() -> None:
    headers = some_headers("AutomationModeChanged", CENTRE, ce_centre=b"akc-syd")

    assert refused(a_record("AutomationModeChanged", CENTRE, headers=headers)) == [("not_member", "/headers/ce_centre")]


def test_nobody_may_say_what_no_permission_lists() -> None:
    assert refused(a_record(), a_register(permitted=False)) == [("not_allowed", "/headers/ce_type")]


def test_a_membership_that_has_ended_counts_no_more() -> None:
    register = a_register(valid_to="2025-05-05")

    assert refused(a_record(), register, datetime(2025, 5, 6, 6, 0, tzinfo=UTC)) == [
        ("not_member", "/headers/ce_centre")
    ]


def test_the_registers_days_begin_at_midnight_in_sweden() -> None:
    assert local_day(datetime(2025, 5, 4, 22, 30, tzinfo=UTC)).isoformat() == "2025-05-05"


def defines(role_code: str, actorrole: bytes | None = None, party: str = "kommun-goteborg") -> Said:
    """A party tells what a role is for, speaking in one of its roles."""
    headers = some_headers(
        "ParticipantRoleDefined", party, **({} if actorrole is None else {"ce_actorrole": actorrole})
    )
    return a_record("ParticipantRoleDefined", party, headers=headers, agency=party, role_code=role_code)


def test_a_party_with_roles_tells_what_each_is_for_in_that_role() -> None:
    assert taken(defines("tillstandsenheten", b"tillstandsenheten")).envelope.actorrole == "tillstandsenheten"
    assert refused(defines("samordnare", b"tillstandsenheten")) == [("role_unknown", "/role_code")]
    assert refused(defines("miljoforvaltningen", b"tillstandsenheten")) == [("not_owner", "/role_code")]


def test_a_party_without_roles_in_the_register_defines_any_of_its_own() -> None:
    assert taken(defines("samordnare", party="skatteverket")).envelope.actorrole is None


def test_a_role_counts_from_the_register_alone() -> None:
    roles = (Role(code="a", name_sv="A", name_en="A"), Role(code="b", name_sv="B", name_en="B"))
    register = a_register()
    police = register.parties[0].model_copy(update={"roles": roles})

    assert refused(a_record(), Register((police, register.parties[1]), register.permissions)) == [
        ("role_missing", "/headers/ce_actorrole")
    ]


def test_a_refusal_names_the_event_by_its_id_if_it_can_be_read() -> None:
    outcome = admit(a_record(body=b"x", headers=some_headers(ce_id=b"e-1")), REGISTER, "test", RECEIVED_AT)

    assert isinstance(outcome, Refused)
    assert (outcome.rejected_id, outcome.event_id, outcome.centre) == ("e-1", "e-1", CENTRE)


@pytest.mark.parametrize("id_", [None, b"\xff", b"", b"x" * 65, b"<script>"])
def test_a_refusal_names_the_place_where_there_is_no_readable_id(id_: bytes | None) -> None:
    said = a_record(body=b"x", headers=some_headers(ce_id=id_))

    outcome = admit(said, REGISTER, "test", RECEIVED_AT)

    assert isinstance(outcome, Refused)
    assert (outcome.rejected_id, outcome.event_id) == (f"samsyn.from.polisen.v1/0/{said.offset}", None)


def test_a_refusal_holds_nothing_that_was_in_the_body() -> None:
    body = json.dumps(dict.fromkeys(FACTS["InspectionProposed"], "Kanariefagel")).encode()

    outcome = admit(a_record("InspectionProposed", "skatteverket", body=body), REGISTER, "test", RECEIVED_AT)

    assert isinstance(outcome, Refused)
    assert "Kanariefagel" not in str(outcome)
