"""What a party's functions are told: by the rules, each thing once, and nothing that is not true any more."""

from pathlib import Path

import pytest
from samsyn_adapter_notify.hearing import heard
from samsyn_adapter_notify.news import Listening
from samsyn_adapter_notify.outcome import AwayError, UncertainError, UndeliverableError
from samsyn_contracts.capacity import PoliceCancelled
from samsyn_contracts.carrying_out import OperationStarted
from samsyn_contracts.message import Message
from samsyn_contracts.notifications import CalendarInviteIssued, NotificationSent
from samsyn_contracts.operations import Participant

from tests.unit.notify.people_told import (
    AV,
    BOOK,
    CENTRE,
    CITY,
    GATEWAY,
    HOUR,
    OPERATION,
    POLICE,
    SKV,
    START,
    a_function,
    a_note,
    a_question,
    acknowledged,
    an_envelope,
    body_of,
    calendar_of,
    cancelled,
    confirmed,
    participants,
    people,
    recipients,
    rescheduled,
    scheduled,
)


async def test_a_confirmed_operation_is_told_with_an_invitation() -> None:
    async with people() as told:
        await told.tell(confirmed())
        assert told.letterbox.told == [("samordnare", "Granit (AKC Väst): bekräftad")]
        assert b"SEQUENCE:0\r\n" in calendar_of(told.letterbox.mails[0])


async def test_what_was_sent_is_said_with_its_cause() -> None:
    async with people() as told:
        event_id = await told.hear(confirmed())
        await told.send()
        sent, invited = told.said()
        assert isinstance(sent, NotificationSent)
        assert (sent.recipient_function, sent.channel, sent.template) == ("samordnare", "mail", "confirmed")
        assert (sent.cause_event_id, sent.operation_id, sent.plan_version) == (event_id, OPERATION, 1)
        assert isinstance(invited, CalendarInviteIssued)
        assert (invited.sequence, invited.method, invited.notification_id) == (0, "REQUEST", sent.notification_id)


def test_of_several_rules_that_fit_a_function_the_first_counts() -> None:
    news = heard(rescheduled(), an_envelope(rescheduled()), Listening(AV, is_centre=False, at=START)).news[0]
    fitting = [r.id for r in BOOK.rules if (r.on, r.party) == (news.kind, "agency") and r.when.holds(news)]
    assert fitting == ["moved-soon", "moved", "changed-soon", "changed"]
    assert [rule.id for rule, _ in BOOK.telling(news, recipients().functions[0], is_centre=False)] == ["moved-soon"]


async def test_the_same_event_heard_again_sends_nothing() -> None:
    async with people() as told:
        await told.hear(confirmed(), "same")
        await told.send()
        await told.hear(confirmed(), "same")
        await told.send()
        assert len(told.letterbox.mails) == 1


async def test_an_older_plan_heard_late_sends_nothing() -> None:
    async with people() as told:
        await told.tell(rescheduled(version=5))
        await told.tell(confirmed(version=4))
        assert len(told.letterbox.mails) == 1


async def test_of_several_things_in_one_burst_only_the_last_is_told() -> None:
    async with people() as told:
        await told.tell(confirmed(1), rescheduled(2), cancelled(3))
        assert told.letterbox.subjects == ["Granit (AKC Väst): inställd"]
        assert told.store.counts() == {"superseded": 2, "sent": 1}


async def test_what_was_never_invited_is_not_taken_back() -> None:
    async with people() as told:
        await told.tell(scheduled(1), cancelled(2))
        assert told.letterbox.mails[0].get_content_type() == "text/plain"


async def test_a_change_raises_the_sequence_and_a_cancellation_too() -> None:
    async with people() as told:
        await told.tell(confirmed(1))
        await told.tell(rescheduled(2))
        await told.tell(cancelled(3))
        first, second, third = (calendar_of(mail).decode() for mail in told.letterbox.mails)
        assert "SEQUENCE:1\r\n" in second
        assert "METHOD:CANCEL\r\n" in third
        assert "SEQUENCE:2\r\n" in third
        uids = [line for text in (first, second, third) for line in text.splitlines() if line.startswith("UID:")]
        assert len(set(uids)) == 1


async def test_a_change_that_the_calendar_does_not_show_raises_nothing() -> None:
    async with people() as told:
        await told.tell(confirmed(1))
        await told.tell(rescheduled(2, START))
        assert told.letterbox.subjects[1] == "Granit (AKC Väst): ändrad"
        assert [invited.sequence for invited in told.said(CalendarInviteIssued)] == [0]  # type: ignore[attr-defined]


async def test_a_function_without_a_calendar_gets_plain_mail() -> None:
    async with people(AV, a_function(calendar=False)) as told:
        await told.tell(confirmed())
        assert told.letterbox.mails[0].get_content_type() == "text/plain"


async def test_an_agency_that_takes_no_part_is_told_nothing() -> None:
    async with people() as told:
        await told.tell(confirmed(participants=participants(SKV)))
        assert told.letterbox.mails == []


async def test_an_agency_that_has_not_answered_is_asked_and_told_nothing_else() -> None:
    invited = tuple(one.model_copy(update={"status": "invited"}) for one in participants(AV))
    async with people() as told:
        await told.tell(confirmed(1, participants=invited))
        await told.tell(cancelled(2))
        assert told.letterbox.mails == []


async def test_the_owner_of_the_session_takes_part_though_no_participant_names_it() -> None:
    async with people(POLICE, a_function()) as told:
        await told.tell(confirmed())
        assert len(told.letterbox.mails) == 1


async def test_a_fault_in_one_letter_does_not_hold_up_the_others() -> None:
    async with people(AV, a_function("forst"), a_function("sist")) as told:
        await told.hear(confirmed())
        first = told.store.due(told.now)[0]
        told.store._db.execute(
            "UPDATE notification SET told = ? WHERE id = ?",
            (first.model_copy(update={"template": "gone"}).model_dump_json(exclude_none=True), first.id),
        )
        await told.send()
        assert [to for to, _ in told.letterbox.told] == ["sist"]


async def test_a_centre_that_the_file_does_not_name_leaves_the_sender_as_organizer() -> None:
    centres = {"akc-syd": {"mail": "samordnare@akc-syd.example", "phone": "010-1 11 11"}}
    async with people(AV, a_function(centre="_all"), centres=centres) as told:
        await told.tell(confirmed())
        assert b"mailto:samsyn@samsyn.example" in calendar_of(told.letterbox.mails[0])


async def test_an_agency_that_is_needed_no_more_gets_its_time_back() -> None:
    async with people() as told:
        await told.tell(confirmed(1))
        await told.tell(rescheduled(2, participants=participants(SKV)))
        assert told.letterbox.subjects[1] == "Granit (AKC Väst): ni är inte längre med"
        assert b"METHOD:CANCEL" in calendar_of(told.letterbox.mails[1])


async def test_a_question_is_told_and_stands_though_the_plan_has_a_new_version() -> None:
    async with people() as told:
        await told.hear(a_question(1))
        await told.hear(scheduled(2))
        await told.send()
        assert told.letterbox.subjects == ["Granit (AKC Väst): kan ni delta?"]


async def test_a_question_about_what_has_moved_since_is_not_told() -> None:
    async with people() as told:
        await told.hear(a_question(1))
        await told.hear(rescheduled(2))
        await told.send()
        assert told.letterbox.subjects == ["Granit (AKC Väst): ny tid"]


async def test_a_question_to_another_agency_is_not_told() -> None:
    async with people() as told:
        await told.tell(a_question(agency=SKV, capacity_id=f"{SKV}:t1"))
        assert told.letterbox.mails == []


INVITED = (Participant(agency=AV, capacity_id=f"{AV}:t1", status="invited"),)
ASKED, NOTED = (f"Granit (AKC Väst): {what}" for what in ("kan ni delta?", "bekräfta svaret som lämnades på telefon"))


async def test_an_answer_noted_in_its_name_is_told_to_the_agency_and_its_question_still_waits() -> None:
    async with people() as told:
        await told.tell(scheduled(participants=INVITED), a_question(), a_note())
        assert told.letterbox.subjects == [ASKED, NOTED]
        assert "i ert namn" in body_of(told.letterbox.mails[1])


@pytest.mark.parametrize(
    "note",
    [a_note(agency=SKV, capacity_id=f"{SKV}:t1"), a_note(session_id=f"{POLICE}:p2")],
    ids=["another's", "of another session"],
)
async def test_no_other_answer_that_was_noted_is(note: Message) -> None:
    async with people() as told:
        await told.tell(scheduled(participants=INVITED), note)
        assert told.letterbox.mails == []


async def test_who_has_accepted_itself_is_not_told_that_an_answer_was_noted() -> None:
    async with people() as told:
        await told.hear(scheduled(participants=(Participant(agency=AV, capacity_id=f"{AV}:t1", status="accepted"),)))
        await told.send()
        before = list(told.letterbox.subjects)
        await told.tell(a_note())
        assert told.letterbox.subjects == before


async def test_an_answer_noted_to_what_has_moved_since_or_is_over_is_not_told() -> None:
    async with people() as told:
        await told.hear(scheduled(participants=INVITED))
        await told.hear(a_note())
        await told.hear(rescheduled(2, participants=INVITED))
        await told.send()
        assert told.letterbox.mails == []
    async with people() as told:
        await told.hear(scheduled(participants=INVITED))
        await told.hear(a_note())
        await told.at(START + 5 * HOUR)
        assert told.letterbox.mails == []


async def test_an_operation_that_is_over_is_not_told() -> None:
    async with people() as told:
        told.now = START + 5 * HOUR
        await told.tell(confirmed())
        assert told.letterbox.mails == []
        assert told.store.counts() == {"lapsed": 1}


async def test_the_loss_of_police_is_held_until_the_new_plan_takes_its_place() -> None:
    async with people() as told:
        told.now = START - 3 * HOUR
        await told.tell(confirmed(1))
        await told.tell(PoliceCancelled(capacity_id=f"{POLICE}:p1", cause_code="shooting"))
        await told.tell(rescheduled(2))
        await told.at(told.now + HOUR / 2)
        assert told.letterbox.subjects[:2] == ["Granit (AKC Väst): bekräftad", "Granit (AKC Väst): ny tid"]
        assert not any("polisen kan inte" in subject for subject in told.letterbox.subjects)


async def test_the_loss_of_police_is_told_where_no_new_plan_comes() -> None:
    async with people() as told:
        told.now = START - 3 * HOUR
        await told.tell(confirmed(1))
        await told.tell(PoliceCancelled(capacity_id=f"{POLICE}:p1", cause_code="shooting"))
        assert len(told.letterbox.mails) == 1
        await told.at(told.now + HOUR / 6)
        assert told.letterbox.subjects[1] == "Granit (AKC Väst): polisen kan inte komma"


async def test_a_mail_server_that_is_away_gets_it_later_and_the_newest_alone() -> None:
    async with people() as told:
        told.letterbox.failures = [AwayError("away")]
        await told.tell(confirmed(1))
        await told.tell(rescheduled(2))
        assert told.letterbox.subjects == ["Granit (AKC Väst): ny tid"]
        assert told.store._db.execute("SELECT count(*) FROM attempt").fetchone() == (0,)


async def test_an_invitation_that_was_never_handed_in_uses_no_sequence() -> None:
    async with people() as told:
        told.letterbox.failures = [AwayError("away")]
        await told.tell(confirmed())
        await told.send()
        assert b"SEQUENCE:0\r\n" in calendar_of(told.letterbox.mails[0])


async def test_after_an_unsure_try_the_very_same_bytes_are_sent(tmp_path: Path) -> None:
    async with people(folder=tmp_path) as told:
        seen: list[bytes] = []
        told.letterbox.failures = [UncertainError("broken")]
        await told.tell(confirmed(1))
        seen = [claimed.payload for claimed in told.store.being_sent()]
    async with people(folder=tmp_path) as told:
        await told.send()
        assert told.letterbox.payloads == seen
        assert len(told.said(NotificationSent)) == 1


async def test_what_is_newer_waits_until_the_unsure_one_has_been_sent() -> None:
    async with people() as told:
        told.letterbox.failures = [UncertainError("broken"), UncertainError("broken")]
        await told.tell(confirmed(1))
        await told.tell(rescheduled(2))
        assert told.letterbox.mails == []
        await told.send()
        assert told.letterbox.subjects == ["Granit (AKC Väst): bekräftad", "Granit (AKC Väst): ny tid"]


@pytest.mark.parametrize("restarts", [False, True])
async def test_after_three_unsure_tries_it_is_given_up_and_the_deputy_is_told(tmp_path: Path, restarts: bool) -> None:
    functions = (a_function(deputy="reserv"), a_function("reserv", kind="duty-officer", calendar=False))
    async with people(AV, *functions, folder=tmp_path) as told:
        told.letterbox.failures = [UncertainError("timeout")] * 9
        await told.tell(confirmed(1))
        if not restarts:
            await told.send()
    async with people(AV, *functions, folder=tmp_path) as told:
        told.letterbox.failures = [UncertainError("timeout")] * (2 if restarts else 1)
        for _ in range(4):
            await told.send()
        assert told.letterbox.failures == []
        assert told.letterbox.told == [("reserv", "Till er som ersätter: Granit (AKC Väst)")]
        assert told.store.counts() == {"unsure": 1, "sent": 1}
        await told.hear(cancelled(2), "off")
        await told.send()
        assert b"SEQUENCE:1\r\n" in calendar_of(told.letterbox.mails[1])


async def test_a_server_that_is_away_after_an_unsure_try_uses_up_no_other() -> None:
    async with people() as told:
        told.letterbox.failures = [UncertainError("broken"), *[AwayError("away")] * 9]
        await told.tell(confirmed(1))
        for _ in range(10):
            await told.send()
        assert told.letterbox.subjects == ["Granit (AKC Väst): bekräftad"]


async def test_an_invitation_that_was_refused_goes_with_the_next_letter() -> None:
    async with people() as told:
        told.letterbox.failures = [UndeliverableError("SMTP status 552")]
        await told.tell(confirmed(1))
        await told.tell(confirmed(2))
        assert b"SEQUENCE:0\r\n" in calendar_of(told.letterbox.mails[0])


async def test_a_refused_mail_is_not_tried_again_and_the_deputy_is_told() -> None:
    functions = (a_function(deputy="reserv"), a_function("reserv", kind="team-lead", calendar=False))
    async with people(AV, *functions) as told:
        told.letterbox.failures = [UndeliverableError("SMTP status 550")]
        await told.tell(rescheduled(1, participants=participants(AV)))
        await told.send()
        assert ("reserv", "Till er som ersätter: Granit (AKC Väst)") in told.letterbox.told
        assert told.store.counts()["failed"] == 1


async def test_text_messages_tell_the_code_name_and_to_call() -> None:
    async with people(AV, a_function(sms=True), sms_gateway=GATEWAY) as told:
        told.now = START - 2 * HOUR
        await told.tell(rescheduled(1))
        assert [(text["to_function"], text["text"]) for text in told.texts] == [
            ("samordnare", "Granit; ring samordnaren")
        ]
        assert {sent.channel for sent in told.said(NotificationSent)} == {"mail", "sms"}  # type: ignore[attr-defined]


async def test_without_a_gateway_there_are_no_text_messages() -> None:
    async with people(AV, a_function()) as told:
        told.now = START - 2 * HOUR
        await told.tell(rescheduled(1))
        assert told.store.counts() == {"sent": 1}


async def test_one_department_is_not_told_of_what_is_the_others() -> None:
    functions = (
        a_function("miljo", role="miljoforvaltningen", capacities=["mf-"]),
        a_function("tillstand", role="tillstandsenheten", capacities=["te-"]),
    )
    async with people(CITY, *functions) as told:
        part = participants(CITY)[0].model_copy(update={"capacity_id": f"{CITY}:mf-t1"})
        await told.tell(confirmed(participants=(part,)))
        assert [to for to, _ in told.letterbox.told] == ["miljo"]
        assert [said.role for _, said in told.store.sayings(0)] == ["miljoforvaltningen"] * 2


async def test_a_function_of_another_centre_is_not_told() -> None:
    centres = {code: {"mail": f"{code}@akc.example", "phone": "010-1 11 11"} for code in (CENTRE, "akc-syd")}
    async with people(AV, a_function(centre="akc-syd"), centres=centres) as told:
        await told.tell(confirmed())
        assert told.letterbox.mails == []


async def test_what_has_started_needs_no_telling() -> None:
    async with people() as told:
        await told.hear(confirmed(1))
        await told.hear(
            OperationStarted(operation_id=OPERATION, agency=SKV, plan_version=1, police_present=True), by=SKV
        )
        await told.send()
        assert told.letterbox.mails == []


@pytest.mark.parametrize("num_acknowledged", [0, 1])
async def test_the_centre_is_told_how_many_have_not_acknowledged(num_acknowledged: int) -> None:
    async with people(CENTRE, a_function(kind="centre-coordinator")) as told:
        await told.tell(confirmed(1))
        for agency in (AV, SKV)[:num_acknowledged]:
            await told.hear(acknowledged(agency), by=agency)
        await told.at(told.now + 48 * HOUR)
        assert told.letterbox.subjects[-1] == f"Granit (AKC Väst): {2 - num_acknowledged} har inte kvitterat"


async def test_the_centre_is_told_nothing_when_all_have_acknowledged() -> None:
    async with people(CENTRE, a_function(kind="centre-coordinator")) as told:
        await told.tell(confirmed(1))
        for agency in (AV, SKV):
            await told.hear(acknowledged(agency), by=agency)
        await told.at(told.now + 48 * HOUR)
        assert told.letterbox.subjects == ["Granit (AKC Väst): bekräftad"]
