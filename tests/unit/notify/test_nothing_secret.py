"""Nothing that a message tells of place, business, person or municipality comes into what is sent, by any template."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from samsyn_adapter_notify.hearing import heard
from samsyn_adapter_notify.letters import LANGUAGES, Letter, centre_name, template_names, text_message, written
from samsyn_adapter_notify.news import Known, Listening
from samsyn_adapter_notify.notification import letter_of, planned
from samsyn_contracts.capacity import PoliceCancelled
from samsyn_contracts.inspections import Site
from samsyn_contracts.message import Message, Position, Reason
from samsyn_contracts.operations import PlannedInspection

from tests.unit.notify.people_told import (
    AV,
    BOOK,
    CENTRE,
    DESK,
    GATEWAY,
    NOW,
    POLICE,
    START,
    a_function,
    a_question,
    an_envelope,
    body_of,
    cancelled,
    confirmed,
    people,
    recipients,
    rescheduled,
    scheduled,
)

SECRETS = ("Hemliga krogen", "Smygvägen", "402000-1234", "1480", "Göteborg", "5610", "57.7", "Anna Andersson", "tipset")
TEMPLATES = [(template, language) for template in template_names() for language in LANGUAGES]


def an_inspection() -> PlannedInspection:
    site = Site(
        site_id=f"{AV}:s1",
        municipality="1480",
        industry="5610",
        position=Position(lat=57.7, lon=11.9),
        address="Smygvägen 1",
        name="Hemliga krogen AB",
        organisation_number="402000-1234",
    )
    return PlannedInspection(
        inspection_id=f"{AV}:i1",
        start_at=START,
        end_at=START + timedelta(hours=1),
        municipality="1480",
        police_need="required",
        industry="5610",
        site=site,
    )


def full_of_secrets() -> Iterator[Message]:
    secret = Reason(code="x", sv="tipset om Hemliga krogen", en="tipset from Anna Andersson")
    with_site: dict[str, Any] = {"inspections": (an_inspection(),)}
    yield a_question(**with_site)
    yield scheduled(1, reasons=(secret,), **with_site)
    yield confirmed(1, **with_site)
    yield rescheduled(2, reasons=(secret,), **with_site)
    yield cancelled(3, reasons=(secret,), cause_code="tipset")
    yield PoliceCancelled(capacity_id=f"{POLICE}:p1", cause_code="tipset", disturbance_id=f"{POLICE}:smyg")


def letters() -> list[Letter]:
    """One letter of each message, and one with every field."""
    known = Known("op:polisen:p1", "Granit", CENTRE, 1, f"{POLICE}:p1", START, START, "confirmed", (f"{AV}:t1",))
    listening = Listening(AV, is_centre=False, at=NOW, operations=[known])
    found = [
        letter_of(news)
        for message in full_of_secrets()
        for news in heard(message, an_envelope(message), listening).news
    ]
    assert len(found) == 6
    whole = {name: value for letter in found for name, value in letter if value is not None}
    return [*found, Letter(**whole | {"number": 2, "minutes": 10, "ack_due_at": NOW, "step": "smaller"})]


def everything_in(folder: Path) -> str:
    return b"".join(path.read_bytes() for path in folder.iterdir()).decode("utf-8", "replace")


@pytest.mark.parametrize(("template", "language"), TEMPLATES)
def test_no_template_tells_a_secret(template: str, language: str) -> None:
    for letter in letters():
        text = written(template, letter, language, DESK)  # type: ignore[arg-type]
        assert [secret for secret in SECRETS if secret in text.subject + text.body] == []
        assert "\n" not in text.subject


def test_no_text_message_tells_more_than_the_code_name() -> None:
    for letter in letters():
        assert text_message(letter, "sv") == "Granit; ring samordnaren"
        assert text_message(letter, "en") == "Granit; call the coordinator"


async def test_nothing_that_is_sent_said_or_kept_tells_a_secret(tmp_path: Path) -> None:
    functions = (a_function(sms=True, deputy="reserv"), a_function("reserv", kind="duty-officer", language="en"))
    async with people(AV, *functions, folder=tmp_path, sms_gateway=GATEWAY) as told:
        told.now = START - timedelta(hours=3)
        for message in full_of_secrets():
            await told.tell(message)
        assert len(told.letterbox.mails) >= 5
        sent = "".join(body_of(mail) for mail in told.letterbox.mails)
        everything = sent + "".join(told.letterbox.subjects) + str(told.texts) + str(told.said())
    kept = everything_in(tmp_path)
    assert [secret for secret in SECRETS if secret in everything + kept] == []


def test_every_rule_has_a_template_that_can_be_written_in_both_languages() -> None:
    used = {rule.template for rule in BOOK.rules} | {watch.template for watch in BOOK.watches} | {"reminder", "deputy"}
    assert BOOK.diary is not None
    assert used | {BOOK.diary.template} == set(template_names())


def test_a_subject_holds_code_name_and_centre() -> None:
    for template, language in TEMPLATES:
        letter = letters()[-1]
        assert "AKC Väst" in written(template, letter, language, DESK).subject


def test_the_town_of_a_centre_is_not_in_its_name() -> None:
    assert centre_name("akc-vast") == "AKC Väst"


def test_a_cause_without_a_name_is_left_out() -> None:
    letter = Letter(centre=CENTRE, code_name="Granit", start_at=START, end_at=START, cause_code="tipset")
    assert "Orsak" not in written("cancelled", letter, "sv", DESK).body
    known = letter.model_copy(update={"cause_code": "shooting"})
    assert "Orsak: skottlossning." in written("cancelled", known, "sv", DESK).body


def test_times_are_swedish_clocks_with_the_week_in_both_languages() -> None:
    letter = Letter(centre=CENTRE, code_name="Granit", start_at=START, end_at=START + timedelta(hours=4))
    assert "fredag 16 maj 2025 kl. 09.00–13.00 (v. 20)" in written("confirmed", letter, "sv", DESK).body
    assert "Friday 16 May 2025 at 09:00–13:00 (week 20)" in written("confirmed", letter, "en", DESK).body


def test_the_link_goes_to_the_operation_on_the_desk() -> None:
    letter = Letter(centre=CENTRE, code_name="Granit", operation_id="op:polisen:p1~x", start_at=START, end_at=START)
    assert f"{DESK}/operation/op:polisen:p1~x" in written("confirmed", letter, "sv", DESK).body


def test_a_code_name_is_text_and_never_a_template() -> None:
    letter = Letter(centre=CENTRE, code_name="{{ link }}\nBcc: x", start_at=START, end_at=START)
    assert written("confirmed", letter, "sv", DESK).subject.startswith("{{ link }} Bcc: x (AKC Väst)")


def test_a_message_heard_becomes_notifications_with_nothing_but_a_letter() -> None:
    news = heard(confirmed(), an_envelope(confirmed()), Listening(AV, is_centre=False, at=NOW)).news[0]
    (one,) = planned(news, recipients(AV), BOOK, is_centre=False, unsent={})
    assert one.letter == letter_of(news)
