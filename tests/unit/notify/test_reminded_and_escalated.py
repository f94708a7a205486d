"""Who is told when nobody acknowledges: a reminder, a deputy, then the centre; and what ends it."""

from datetime import timedelta

from samsyn_contracts.carrying_out import OperationStarted
from samsyn_contracts.notifications import NotificationEscalated, NotificationSent
from samsyn_contracts.plans import PlanPublished, ReplanProposed

from tests.unit.notify.people_told import (
    AV,
    CENTRE,
    HOUR,
    NOW,
    OPERATION,
    SKV,
    START,
    a_function,
    a_question,
    body_of,
    cancelled,
    confirmed,
    people,
    rescheduled,
    scheduled,
)

TWO = (a_function(deputy="reserv"), a_function("reserv", kind="duty-officer", calendar=False))
DAY = 24 * HOUR
REPLAN = "replan:akc-vast:1"


def reminders(subjects: list[str]) -> list[str]:
    return [subject.partition(":")[0] for subject in subjects if subject.startswith(("Påminnelse", "Till er"))]


async def test_a_reminder_then_the_deputy_and_then_no_more() -> None:
    async with people(AV, *TWO) as told:
        await told.tell(confirmed())
        await told.at(NOW + DAY - timedelta(minutes=1))
        assert reminders(told.letterbox.subjects) == []
        await told.at(NOW + DAY)
        assert reminders(told.letterbox.subjects) == ["Påminnelse"]
        await told.at(NOW + DAY + 8 * HOUR)
        assert reminders(told.letterbox.subjects) == ["Påminnelse", "Till er som ersätter"]
        assert told.letterbox.told[-1][0] == "reserv"
        for hours in (9, 40, 100):
            await told.at(NOW + DAY + hours * HOUR)
        assert len(reminders(told.letterbox.subjects)) == 2


async def test_a_reminder_is_said_as_sent_and_a_deputy_as_escalated() -> None:
    async with people(AV, *TWO) as told:
        await told.tell(confirmed())
        await told.at(NOW + DAY)
        assert told.said(NotificationEscalated) == []
        await told.at(NOW + DAY + 8 * HOUR)
        first = told.said(NotificationSent)[0]
        (escalated,) = told.said(NotificationEscalated)
        assert isinstance(first, NotificationSent)
        assert isinstance(escalated, NotificationEscalated)
        assert (escalated.to_function, escalated.step, escalated.operation_id) == ("reserv", 1, OPERATION)
        assert escalated.notification_id == first.notification_id


async def test_the_deadline_is_told_in_the_mail_and_said() -> None:
    async with people(AV, *TWO) as told:
        await told.tell(confirmed())
        sent = told.said(NotificationSent)[0]
        assert isinstance(sent, NotificationSent)
        assert sent.ack_due_at == NOW + DAY
        assert "Kvittera senast tisdag 6 maj 2025 kl. 10.00" in body_of(told.letterbox.mails[0])


async def test_the_deadline_is_never_later_than_the_start() -> None:
    async with people(AV, *TWO) as told:
        told.now = START - timedelta(minutes=10)
        await told.tell(confirmed())
        sent = told.said(NotificationSent)[0]
        assert isinstance(sent, NotificationSent)
        assert sent.ack_due_at == START


async def test_a_newer_plan_ends_the_reminders_of_the_older() -> None:
    async with people(AV, *TWO) as told:
        await told.tell(confirmed(1))
        await told.at(NOW + DAY - HOUR)
        await told.tell(rescheduled(2))
        await told.at(NOW + DAY)
        assert reminders(told.letterbox.subjects) == []


async def test_what_needs_no_acknowledgement_ends_the_reminders_of_what_did() -> None:
    async with people(AV, *TWO) as told:
        await told.tell(confirmed(1))
        await told.tell(cancelled(2))
        await told.at(NOW + DAY)
        assert reminders(told.letterbox.subjects) == []


async def test_of_two_letters_about_one_plan_only_the_newer_is_chased() -> None:
    async with people(AV, *TWO) as told:
        await told.tell(rescheduled(2))
        await told.tell(confirmed(2, START + 2 * HOUR))
        await told.at(NOW + DAY)
        assert reminders(told.letterbox.subjects) == ["Påminnelse"]


async def test_it_stops_when_the_operation_starts() -> None:
    async with people(AV, *TWO) as told:
        await told.tell(confirmed(1))
        await told.hear(
            OperationStarted(operation_id=OPERATION, agency=SKV, plan_version=1, police_present=True), by=SKV
        )
        await told.at(NOW + DAY)
        assert reminders(told.letterbox.subjects) == []


async def test_it_stops_when_the_operation_is_over_though_nobody_says_so() -> None:
    async with people(AV, *TWO) as told:
        await told.tell(confirmed(1))
        await told.at(START + 5 * HOUR)
        assert reminders(told.letterbox.subjects) == []


async def test_a_question_that_is_answered_is_reminded_of_no_more() -> None:
    async with people(AV, *TWO) as told:
        await told.tell(a_question())
        await told.at(NOW + DAY)
        assert reminders(told.letterbox.subjects) == []


async def test_a_question_that_still_waits_is_reminded_of() -> None:
    async with people(AV, *TWO) as told:
        told.in_force.add(await told.hear(a_question()))
        await told.send()
        await told.at(NOW + DAY)
        assert reminders(told.letterbox.subjects) == ["Påminnelse"]


async def test_where_there_is_no_deputy_the_reminder_is_the_last() -> None:
    async with people(AV, a_function()) as told:
        await told.tell(confirmed())
        for hours in (24, 32, 40):
            await told.at(NOW + hours * HOUR)
        assert reminders(told.letterbox.subjects) == ["Påminnelse"]


async def test_time_that_jumps_past_all_steps_takes_them_one_by_one() -> None:
    async with people(AV, *TWO) as told:
        await told.tell(confirmed())
        await told.at(NOW + 5 * DAY)
        assert reminders(told.letterbox.subjects) == ["Påminnelse"]


def a_proposal() -> ReplanProposed:
    return ReplanProposed(
        replan_id=REPLAN,
        centre=CENTRE,
        base_plan_version=1,
        changes=(),
        untouched_count=3,
        score_delta=10,
        decide_by=NOW + 2 * HOUR,
        if_unanswered="old_plan_stands",
    )


async def test_a_proposal_that_is_decided_is_reminded_of_no_more() -> None:
    async with people(CENTRE, a_function(kind="centre-coordinator", deputy="reserv"), TWO[1]) as told:
        told.in_force.add(await told.hear(a_proposal()))
        await told.send()
        # The centre rejects it on the desk: that is not told to the centre itself, the exchange knows.
        told.in_force.clear()
        await told.at(NOW + HOUR)
        assert told.letterbox.subjects == ["AKC Väst: en ny plan väntar på beslut"]


async def test_a_proposal_is_reminded_of_until_the_plan_is_published() -> None:
    published = PlanPublished(
        centre=CENTRE,
        plan_version=2,
        previous_version=1,
        hash_prev="a",
        hash="b",
        replan_id=REPLAN,
        cause_event_ids=("e1",),
        changes=(),
        untouched_count=3,
    )
    async with people(CENTRE, a_function(kind="centre-coordinator", deputy="reserv"), TWO[1]) as told:
        told.in_force.add(await told.hear(a_proposal()))
        await told.send()
        assert told.letterbox.subjects == ["AKC Väst: en ny plan väntar på beslut"]
        await told.at(NOW + HOUR / 4)
        assert reminders(told.letterbox.subjects) == ["Påminnelse"]
        await told.tell(published)
        await told.at(NOW + HOUR)
        assert reminders(told.letterbox.subjects) == ["Påminnelse"]


async def test_the_centre_says_that_it_was_escalated_to_its_coordinator() -> None:
    async with people(CENTRE, a_function(kind="centre-coordinator")) as told:
        await told.tell(confirmed())
        await told.at(NOW + 2 * DAY)
        (escalated,) = told.said(NotificationEscalated)
        assert isinstance(escalated, NotificationEscalated)
        assert (escalated.to_function, escalated.step) == ("samordnare", 1)


async def test_the_centre_is_told_at_the_latest_half_an_hour_before_the_start() -> None:
    async with people(CENTRE, a_function(kind="centre-coordinator")) as told:
        told.now = START - HOUR
        await told.tell(confirmed())
        await told.at(START - HOUR / 2)
        assert told.letterbox.subjects[-1] == "Granit (AKC Väst): 2 har inte kvitterat"


async def test_a_version_that_is_the_newest_no_longer_is_not_waited_for() -> None:
    async with people(CENTRE, a_function(kind="centre-coordinator")) as told:
        await told.tell(confirmed(1))
        await told.tell(scheduled(2))
        await told.at(NOW + 2 * DAY)
        assert not any("kvitterat" in subject for subject in told.letterbox.subjects)


async def test_a_newer_plan_is_watched_instead_of_the_older() -> None:
    async with people(CENTRE, a_function(kind="centre-coordinator")) as told:
        await told.tell(confirmed(1))
        await told.at(NOW + 2 * DAY - HOUR)
        await told.tell(rescheduled(2))
        await told.at(NOW + 2 * DAY)
        assert not any("kvitterat" in subject for subject in told.letterbox.subjects)
        await told.at(NOW + 3 * DAY)
        assert "kvitterat" in told.letterbox.subjects[-1]
