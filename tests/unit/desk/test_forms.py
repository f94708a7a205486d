"""Every form of the desk makes a statement of the asking party's, or says at each field what is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from samsyn_adapter_desk import words
from samsyn_adapter_desk.domain.every_form import FORMS
from samsyn_adapter_desk.domain.forms import (
    NOT_FROM_A_PAGE,
    WHEN,
    Asked,
    Draft,
    FormError,
    Shown,
    Values,
    draft,
    happened_at,
)
from samsyn_adapter_desk.domain.forms_of_the_wheel import groups_of, wheel_form
from samsyn_adapter_desk.domain.forms_of_wishes import is_of_a_person
from samsyn_adapter_desk.people import MAY, Act
from samsyn_adapter_desk.words import PACKAGE
from samsyn_contracts import capacity, carrying_out, inspections, operations
from samsyn_contracts.told_by_phone import ParticipationAnswerReported

NOW = datetime(2026, 5, 8, 12, 0, tzinfo=UTC)
OWN, CENTRE, POLICE = "kommun-goteborg", "akc-vast", "polisen"
OPERATION = {"operation_id": "op:polisen:p1"}
TEAM = {**OPERATION, "capacity_id": f"{OWN}:lag-1"}
SESSION = {"capacity_id": f"{POLICE}:p1"}
OCCASION = {"session_id": f"{POLICE}:p1"}
ASKED_BY = {"cause_event": "01969f3a-7c1e-7d11-9b1a-2f6f0c7e5a10"}
INSPECTION = {"inspection_id": f"{OWN}:wish-1"}
REPLAN = {"replan_id": f"replan:{CENTRE}:0001-42", **ASKED_BY}
ON_THE_SPOT = {**OPERATION, "plan_version": "4"}
WISH = {
    "municipality": "1480",
    "address": "Påhittade gatan 4",
    "name": "Exempel AB",
    "organisation_number": "556677-8899",
    "industry": "5610",
    "indication": "undeclared_wages",
    "programme": "gvi",
    "police_need": "wanted",
    "value": "500",
    "duration_minutes": "60",
    "from_at": "2026-05-08T09:00",
    "until_at": "2026-06-12T17:00",
    "must_take_part": "yes",
}
SHIFT = {
    "unit": "team",
    "team": "lag-1",
    "municipality": "1480",
    "start_at": "2026-05-08T09:00",
    "end_at": "2026-05-08T15:00",
    "staff": "2",
    "consent": "ask",
}
FREE_TEXT = "Åsa Exempelsson, 19850312-1234, bor ovanpå"
# Of each form: who fills it in, and something sensible. A new form has its example here.
FILLED_IN: dict[str, tuple[str, Values]] = {
    "approve": (CENTRE, REPLAN),
    "reject": (CENTRE, {**REPLAN, "reason_code": "no_resources"}),
    "compromised": (OWN, {**OPERATION, "how": "leaked"}),
    "cleared": (CENTRE, {**OPERATION, "reason_code": "goes_ahead"}),
    "pin": (CENTRE, {**OPERATION, "reason_code": "agreed"}),
    "unpin": (CENTRE, {**OPERATION, "reason_code": "no_longer_needed"}),
    "mode": (CENTRE, {"mode": "propose", "reason_code": "exercise"}),
    "contact": (
        OWN,
        {"function": "samordnare", "role_code": "coordinator", "phone": "031-390 06 05", "is_gone": "no"},
    ),
    "role": (
        OWN,
        {"role_code": "tillstandsenheten", "mandate_text_sv": "Tillsyn.", "valid_from": "2026-05-01"},
    ),
    "target": (CENTRE, {"year": "2026", "unit": "inspections", "baseline": "90", "target": "120"}),
    "what_if": (CENTRE, {"without": "polisen:p1, skatteverket:lag-2"}),
    "accept": (OWN, {**TEAM, **OCCASION, "head_count": "2", **ASKED_BY}),
    "decline": (OWN, {**TEAM, **OCCASION, "reason_code": "illness", **ASKED_BY}),
    "withdraw": (OWN, {**TEAM, **OCCASION, "reason_code": "no_resources"}),
    "commit": (POLICE, {**OPERATION, **SESSION, **ASKED_BY}),
    "decline_police": (POLICE, {**OPERATION, **SESSION, "reason_code": "shooting"}),
    "acknowledge": (OWN, {**OPERATION, "plan_version": "4", **ASKED_BY}),
    "delay": (OWN, {**OPERATION, "minutes": "20", "begins_at": "2026-05-08T08:00:00+02:00"}),
    "report_loss": (OWN, {**OPERATION, **OCCASION, "told_by_function": "vakthavande_befal", "channel": "phone"}),
    "note_answer": (
        CENTRE,
        {
            **TEAM,
            "agency": OWN,
            **OCCASION,
            "answer": "decline",
            "reason_code": "illness",
            "told_by_function": "jour",
            "channel": "phone",
        },
    ),
    "cancel_police": (POLICE, {**SESSION, "cause_code": "shooting", "officers_left": "1"}),
    "retract": (POLICE, {**SESSION, "cancelled_event": "e7"}),
    "restore": (POLICE, SESSION),
    "propose": (OWN, {**WISH, "why": FREE_TEXT}),
    "withdraw_inspection": (OWN, {**INSPECTION, "reason_code": "solved"}),
    "interest": (OWN, {**INSPECTION, "interest": "high"}),
    "readiness": (OWN, {**INSPECTION, "ready": "yes", "valid_until": "2026-05-20T17:00"}),
    "consent": (OWN, {"covers": "time", "minutes": "90", "valid_until": "2026-06-30T17:00"}),
    "revoke": (OWN, {"consent_id": f"{OWN}:desk-c1"}),
    "offer": (OWN, SHIFT),
    "designate": (
        POLICE,
        {"slot": "city-1", "area": "lpo-goteborg-city", "experience_band": "4+", "valid_from": "2026-06-01"},
    ),
    "retire": (POLICE, {"slot_id": "polisen:city-1", "valid_to": "2026-12-01"}),
    "withdraw_capacity": (OWN, {"capacity_id": f"{OWN}:lag-1", "reason_code": "illness"}),
    "site_information": (
        OWN,
        {**OPERATION, **INSPECTION, "section": "dwelling", "answer": "known", "text": FREE_TEXT},
    ),
    "check_in": (OWN, {**ON_THE_SPOT, "head_count": "3"}),
    "start": (OWN, {**ON_THE_SPOT, "police_present": "yes"}),
    "hand_in": (OWN, {**ON_THE_SPOT, **INSPECTION, "outcome": "done", "num_workers_met": "0"}),
    "find": (
        OWN,
        {**ON_THE_SPOT, **INSPECTION, "category": "tax", "subject_kind": "person", "text": FREE_TEXT},
    ),
    "break_off": (OWN, {**ON_THE_SPOT, "left": f"{OWN}:wish-1,{OWN}:wish-2", "cause_code": "threat"}),
    "abort": (OWN, {**ON_THE_SPOT, "cause_code": "police_called_away"}),
    "safety": (OWN, {**OPERATION, "kind": "threat", "severity": "acute"}),
    "evaluate": (OWN, {**OPERATION, "preparation": "4", "cooperation": "5", "outcome": "3", "text": FREE_TEXT}),
}
NEW_THINGS = ("what_if", "propose", "consent", "offer", "find")
# What a role is for is told to every member, of no case and no person.
TOLD_TO_ALL = ("role",)
WITH_FREE_TEXT = ("propose", "site_information", "find", "evaluate")


def asked_by(party: str, once: str = "once") -> Asked:
    return Asked(party, CENTRE, "samordnare", NOW, once)


def made(form: str, /, *, once: str = "once", **changed: str) -> Draft:
    party, values = FILLED_IN[form]
    return draft(FORMS[form], {**values, **changed}, asked_by(party, once))


def faults(form: str, /, **changed: str) -> dict[str, str]:
    with pytest.raises(FormError) as refused:
        made(form, **changed)
    return {fault.field: fault.text for fault in refused.value.faults}


def test_every_form_has_its_example() -> None:
    assert set(FILLED_IN) == set(FORMS)


@pytest.mark.parametrize("name", FORMS)
def test_a_form_makes_a_statement_that_the_contract_takes_and_the_asking_party_may_say(name: str) -> None:
    message = made(name).message
    assert type(message).model_validate_json(message.body()) == message
    assert message.owner == FILLED_IN[name][0]


@pytest.mark.parametrize("name", FORMS)
def test_an_example_fills_in_fields_of_its_form_and_all_that_are_required(name: str) -> None:
    fields = FORMS[name].fields
    given = set(FILLED_IN[name][1])
    assert {each.name for each in fields if each.is_required} <= given <= {each.name for each in fields}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_is_sent_twice_is_the_same_statement(name: str) -> None:
    assert made(name) == made(name)


@pytest.mark.parametrize("name", NEW_THINGS)
def test_a_form_that_is_shown_anew_is_about_another_thing(name: str) -> None:
    assert made(name).message.subject != made(name, once="another").message.subject
    assert made(name).message.body() != made(name, once="another").message.body()


@pytest.mark.parametrize("name", WITH_FREE_TEXT)
def test_free_text_stands_in_the_contents_and_never_in_the_message(name: str) -> None:
    drafted = made(name)
    assert FREE_TEXT not in drafted.message.body().decode()
    assert [(kept.contents, kept.ref in drafted.message.body().decode()) for kept in drafted.contents] == [
        ({"text": FREE_TEXT}, True)
    ]


@pytest.mark.parametrize("name", WITH_FREE_TEXT)
def test_contents_are_kept_under_the_partys_own_name_and_anew_for_each_form(name: str) -> None:
    ref, again, another = (made(name, once=once).contents[0].ref for once in ("once", "once", "another"))
    assert ref.startswith(f"contents:{OWN}:")
    assert (ref == again, ref == another) == (True, False)


@pytest.mark.parametrize("name", sorted(set(FORMS) - set(WITH_FREE_TEXT)))
def test_every_other_form_has_no_contents_and_asks_for_no_free_text(name: str) -> None:
    assert made(name).contents == ()
    assert name in TOLD_TO_ALL or "long_text" not in {each.kind for each in FORMS[name].fields}


@pytest.mark.parametrize("number", ["850312-1234", "8503121234", "19850312-1234", "198503121234", "121212+1212"])
def test_a_sole_traders_number_and_name_stand_in_the_contents_alone(number: str) -> None:
    drafted = made("propose", organisation_number=number, name="Åsas Städ", why="")
    (kept,) = drafted.contents
    assert kept.contents == {"name": "Åsas Städ", "organisation_number": number}
    told = drafted.message.body().decode()
    assert kept.ref in told
    assert not any(secret in told for secret in (number, number[-4:], "Åsas Städ"))


@pytest.mark.parametrize("number", ["85031-1234", "19850312-123", "1985031212345", "850312 12 34 5"])
def test_a_personal_number_with_a_slip_of_the_pen_is_in_no_message(number: str) -> None:
    assert list(faults("propose", organisation_number=number)) == ["organisation_number"]


@pytest.mark.parametrize(
    ("number", "is_persons"),
    [("556677-8899", False), ("16556677-8899", False), ("212000-1355", False), ("850312-1234", True), ("", False)],
)
def test_the_third_digit_tells_a_person_from_a_company(number: str, is_persons: bool) -> None:
    assert is_of_a_person(number) == is_persons


def test_a_companys_number_and_name_stand_in_the_message() -> None:
    message = made("propose", why="").message
    assert isinstance(message, inspections.InspectionProposed)
    assert (message.site.name, message.site.organisation_number) == ("Exempel AB", "556677-8899")
    assert message.site.identity_ref is None


def test_an_inspection_is_proposed_within_the_programme_chosen_and_no_other_than_those_listed() -> None:
    message = made("propose", why="").message
    assert isinstance(message, inspections.InspectionProposed)
    assert message.programme == "gvi"
    assert list(faults("propose", programme="tullen")) == ["programme"]


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2026-01-15T09:00", "2026-01-15T08:00:00+00:00"),
        ("2026-07-15T09:00", "2026-07-15T07:00:00+00:00"),
        ("2026-07-15 09:00", "2026-07-15T07:00:00+00:00"),
        ("2026-07-15 9.00", "2026-07-15T07:00:00+00:00"),
        ("2026-07-15  21:05", "2026-07-15T19:05:00+00:00"),
        ("20260715 0900", "2026-07-15T07:00:00+00:00"),
        ("202607150900", "2026-07-15T07:00:00+00:00"),
        ("2026-03-29T04:00", "2026-03-29T02:00:00+00:00"),
        ("2026-10-25T04:00", "2026-10-25T03:00:00+00:00"),
    ],
)
def test_a_time_is_swedish_in_winter_and_in_summer(written: str, utc: str) -> None:
    message = made("consent", valid_until=written).message
    assert isinstance(message, capacity.ConsentGiven)
    assert message.valid_until.astimezone(UTC).isoformat() == utc


def test_an_hour_that_the_clocks_leave_out_is_none() -> None:
    assert faults("consent", valid_until="2026-03-29 02:30") == {
        "valid_until": "That hour is left out: clocks go forward that night."
    }


def test_a_time_that_is_left_empty_is_now() -> None:
    message = made("report_loss").message
    assert isinstance(message, operations.PoliceLossReported)
    assert message.told_at == NOW


@pytest.mark.parametrize("name", ["accept", "decline", "withdraw", "report_loss", "note_answer"])
def test_what_is_said_of_an_occasion_names_it_and_no_form_leaves_it_out(name: str) -> None:
    """A form left open while the operation moved is else taken to be about an occasion that nobody has seen."""
    assert getattr(made(name).message, "session_id", None) == f"{POLICE}:p1"
    assert faults(name, session_id="") == {"": NOT_FROM_A_PAGE}


@pytest.mark.parametrize("name", ["commit", "decline_police"])
def test_the_polices_capacity_is_the_occasion_itself(name: str) -> None:
    assert getattr(made(name).message, "capacity_id", None) == f"{POLICE}:p1"
    assert "session_id" not in type(made(name).message).model_fields


def test_nobody_was_told_of_a_loss_later_than_now() -> None:
    assert list(faults("report_loss", told_at="2026-05-08T14:01")) == ["told_at"]


@pytest.mark.parametrize(("answer", "reason"), [("decline", ""), ("accept", "illness")])
def test_a_noted_no_has_a_reason_and_a_noted_yes_has_none(answer: str, reason: str) -> None:
    told = faults("note_answer", answer=answer, reason_code=reason)
    assert told == {"reason_code": "Choose a reason where the answer is no, and none where it is yes."}


def test_a_noted_answer_is_in_the_name_of_who_was_told_and_at_most_from_now() -> None:
    message = made("note_answer", answer="accept", reason_code="", told_at="2026-05-08T13:59").message
    assert isinstance(message, ParticipationAnswerReported)
    assert (message.noted_by, message.by_function, message.agency) == (CENTRE, "samordnare", OWN)
    assert message.told_at.astimezone(UTC).isoformat() == "2026-05-08T11:59:00+00:00"
    assert list(faults("note_answer", told_at="2026-05-08T14:01")) == ["told_at"]


@pytest.mark.parametrize(("begins_at", "arrives_at"), [("2026-05-08T08:00:00+02:00", "06:20"), ("", None)])
def test_a_delay_says_when_the_late_come_by_the_hours_on_the_page(begins_at: str, arrives_at: str | None) -> None:
    message = made("delay", begins_at=begins_at).message
    assert isinstance(message, carrying_out.ParticipantDelayed)
    told = message.arrives_at
    assert (None if told is None else f"{told.astimezone(UTC):%H:%M}") == arrives_at


def test_nobody_notes_an_answer_of_its_own() -> None:
    assert list(faults("note_answer", agency=CENTRE, capacity_id=f"{CENTRE}:lag-1")) == ["agency"]


FROM_THE_DIARY = (
    *("accept", "decline", "withdraw", "commit", "decline_police", "delay", "check_in", "start", "hand_in"),
    *("cancel_police", "retract", "restore", "break_off", "abort", "safety", "find"),
)
ENTERED_LATER = [name for name, form in FORMS.items() if any(each.name == "happened_at" for each in form.fields)]


def test_what_was_written_down_while_samsyn_was_away_can_be_entered_with_its_time() -> None:
    assert set(FROM_THE_DIARY) <= set(ENTERED_LATER)


@pytest.mark.parametrize("name", FROM_THE_DIARY)
def test_the_time_is_asked_for_last_and_may_be_left_out(name: str) -> None:
    assert FORMS[name].fields[-1] == WHEN


@pytest.mark.parametrize("name", ENTERED_LATER)
def test_what_is_entered_afterwards_is_dated_when_it_happened(name: str) -> None:
    assert happened_at(FORMS[name], {}, NOW) == NOW
    earlier = happened_at(FORMS[name], {"happened_at": "2026-05-08T13:59"}, NOW)
    assert earlier.astimezone(UTC).isoformat() == "2026-05-08T11:59:00+00:00"


@pytest.mark.parametrize("written", ["2026-05-08T14:01", "yesterday", "2026-05-08T09:00Z"])
def test_what_has_not_happened_or_is_no_time_is_told_at_its_field(written: str) -> None:
    with pytest.raises(FormError) as refused:
        happened_at(FORMS["start"], {"happened_at": written}, NOW)
    assert [fault.field for fault in refused.value.faults] == ["happened_at"]


def test_a_form_that_asks_for_no_time_is_dated_now_whatever_is_sent() -> None:
    assert happened_at(FORMS["acknowledge"], {"happened_at": "2020-01-01T00:00"}, NOW) == NOW


def test_what_is_left_empty_is_absent() -> None:
    message = made("cancel_police", officers_left="", may_return_at="").message
    assert isinstance(message, capacity.PoliceCancelled)
    assert message.is_whole
    assert b"may_return_at" not in message.body()


def test_nobody_left_of_a_session_is_told_as_a_number() -> None:
    message = made("cancel_police", officers_left="0").message
    assert isinstance(message, capacity.PoliceCancelled)
    assert message.officers_left == 0


def test_not_ready_is_told_and_not_left_out() -> None:
    message = made("readiness", ready="no").message
    assert isinstance(message, inspections.ReadinessDeclared)
    assert message.ready is False


def test_no_worker_met_is_a_number_too() -> None:
    message = made("hand_in").message
    assert isinstance(message, carrying_out.InspectionCompleted)
    assert message.num_workers_met == 0


@pytest.mark.parametrize("name", [name for name, (_, values) in FILLED_IN.items() if "cause_event" in values])
def test_an_answer_says_what_it_answers(name: str) -> None:
    assert made(name).causationid == ASKED_BY["cause_event"]


@pytest.mark.parametrize("name", [name for name in FORMS if any(each.is_required for each in FORMS[name].fields)])
def test_every_required_field_that_is_missing_is_named(name: str) -> None:
    required = {each.name: each.kind for each in FORMS[name].fields if each.is_required}
    shown = [field for field, kind in required.items() if kind != "hidden"]
    # What is missing of the link that led to the form can only be mended there.
    of_the_link = {} if len(shown) == len(required) else {"": NOT_FROM_A_PAGE}
    assert faults(name, **dict.fromkeys(required, " ")) == dict.fromkeys(shown, "Fill in this field.") | of_the_link


CHOICES = [(name, each.name) for name, form in FORMS.items() for each in form.fields if each.kind == "select"]


@pytest.mark.parametrize(("name", "field"), CHOICES)
def test_what_is_no_choice_is_told_at_its_field(name: str, field: str) -> None:
    assert faults(name, **{field: "no-such-choice"}) == {field: "Choose one of the choices."}


NUMBERS = [
    (name, each.name)
    for name, form in FORMS.items()
    for each in form.fields
    if each.kind == "number" or each.name == "plan_version"
]


@pytest.mark.parametrize(("name", "field"), NUMBERS)
def test_what_is_no_number_is_told_at_its_field(name: str, field: str) -> None:
    assert faults(name, **{field: "two"}) == {field: "Give a whole number."}


@pytest.mark.parametrize(("name", "field"), NUMBERS)
def test_a_number_that_is_too_small_is_told_at_its_field(name: str, field: str) -> None:
    assert faults(name, **{field: "-1"}) == {field: "The number is too small."}


# When something happened is not of the message: the desk dates the statement by it.
INSTANTS = [
    (name, each.name)
    for name, form in FORMS.items()
    for each in form.fields
    if each.kind == "instant" and each.name != "happened_at"
]


@pytest.mark.parametrize(("name", "field"), INSTANTS)
@pytest.mark.parametrize(
    "written",
    ["on Monday", "2026-02-30T10:00", "2026-05-08T25:00", "2026-05-08T09:00Z", "2026-05-08 2:00 PM", "2026-05-08"],
)
def test_what_is_no_time_is_told_at_its_field(name: str, field: str, written: str) -> None:
    told = faults(name, **{field: written})
    assert list(told) == [field]
    assert told[field].startswith("Give a day and a time")


@pytest.mark.parametrize(("name", "field"), INSTANTS)
def test_a_time_of_another_age_is_told_at_its_field(name: str, field: str) -> None:
    assert list(faults(name, **{field: "0001-01-01T00:00"})) == [field]


@pytest.mark.parametrize(
    ("name", "changed", "field"),
    [
        ("offer", {"end_at": "2026-05-08T08:59"}, "end_at"),
        ("offer", {"end_at": "2026-05-08T09:00"}, "end_at"),
        ("propose", {"until_at": "2026-05-08T09:00"}, "until_at"),
    ],
)
def test_an_end_before_the_start_is_told_at_the_end(name: str, changed: dict[str, str], field: str) -> None:
    assert faults(name, **changed) == {field: "The end must be later than the start."}


def test_a_team_without_a_name_is_told_at_the_team() -> None:
    assert faults("offer", team="") == {"team": "Give the team's name."}


def test_a_session_needs_no_teams_name_and_starts_from_its_municipality() -> None:
    message = draft(FORMS["offer"], {**SHIFT, "unit": "local_police", "team": ""}, asked_by(POLICE)).message
    assert isinstance(message, capacity.CapacityOffered)
    assert message.base is not None
    assert (message.owner, message.team, round(message.base.lat)) == (POLICE, None, 58)


@pytest.mark.parametrize(
    ("name", "changed", "field", "text"),
    [
        ("propose", {"industry": "56"}, "industry", "This is not written in the way"),
        ("propose", {"organisation_number": "55"}, "organisation_number", "This is not written in the way"),
        ("propose", {"address": "a" * 201}, "address", "This is too long."),
        ("propose", {"duration_minutes": "721"}, "duration_minutes", "The number is too large."),
        ("offer", {"team": "Åsas lag"}, "team", "This is not written in the way"),
        ("report_loss", {"told_by_function": "Kommissarie Å"}, "told_by_function", "This is not written in the way"),
        ("delay", {"minutes": "601"}, "minutes", "The number is too large."),
        ("delay", {"begins_at": "at eight"}, "begins_at", "Open the form anew from the page."),
        ("delay", {"begins_at": "2026-05-08T08:00:00"}, "begins_at", "Open the form anew from the page."),
        ("delay", {"begins_at": "9999-12-31T23:59:00+00:00"}, "begins_at", "Open the form anew from the page."),
        ("break_off", {"left": ""}, "left", "Give at least one."),
        ("what_if", {"without": ","}, "without", "Choose at least one, and at most ten."),
        ("what_if", {"without": ",".join(f"polisen:p{n}" for n in range(11))}, "without", "Choose at least one, and"),
        ("accept", {"cause_event": "no event's id"}, "cause_event", "This is not written in the way"),
    ],
)
def test_what_the_contract_does_not_take_is_told_at_its_field(
    name: str, changed: dict[str, str], field: str, text: str
) -> None:
    told = faults(name, **changed)
    assert list(told) == [field]
    assert told[field].startswith(text)


def test_every_remedy_is_a_text_of_the_catalogue() -> None:
    swedish = words.for_language("sv")
    told = {text for name, field in CHOICES for text in faults(name, **{field: "none"}).values()}
    told |= {
        text for name, field in NUMBERS for given in ("two", "-1") for text in faults(name, **{field: given}).values()
    }
    told |= {text for name, field in INSTANTS for text in faults(name, **{field: "0001-01-01"}).values()}
    told |= set(faults("offer", end_at="2026-05-08T08:59").values())
    assert not [text for text in told if swedish.gettext(text) == text]


@pytest.mark.parametrize("name", FORMS)
def test_a_forms_act_is_one_that_some_role_may_do(name: str) -> None:
    assert any(FORMS[name].act in acts for acts in MAY.values())


def test_every_act_has_a_form_of_its_own() -> None:
    wheel = wheel_form(groups_of({}, None), 2026, None)
    without_a_form: set[Act] = {"read"}
    assert {form.act for form in (*FORMS.values(), wheel)} == set().union(*MAY.values()) - without_a_form


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_named_as_it_is_asked_for_and_leads_back_to_an_own_page(name: str) -> None:
    assert FORMS[name].name == name
    assert FORMS[name].back_to.startswith("/")


def test_who_speaks_is_the_seats_party_whatever_the_form_says() -> None:
    party, values = FILLED_IN["acknowledge"]
    asked = replace(asked_by(party), party="skatteverket")
    assert draft(FORMS["acknowledge"], {**values, "agency": "polisen"}, asked).message.owner == "skatteverket"


def test_a_time_is_one_field_of_text_by_a_clock_of_24_hours() -> None:
    """A browser's own field asks by its own clock, in its own language, with seven stops for the keyboard."""
    for name in ("form.html", "wheel_form.html"):
        text = (PACKAGE / "templates" / name).read_text("utf-8")
        assert 'type="' + "date" not in text
    times = [each for form in FORMS.values() for each in form.fields if each.kind in ("instant", "day")]
    assert all(each.example.startswith("Written as 2026-") for each in times)
    shown = Shown(FORMS["cancel_police"], {"may_return_at": "2026-05-08T14:00"})
    (back,) = [each for each in FORMS["cancel_police"].fields if each.name == "may_return_at"]
    assert shown.value_of(back) == "2026-05-08 14:00"
