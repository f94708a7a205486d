"""Of what one version of a plan says of an operation, a function is told the last word alone: one letter, one text."""

from samsyn_contracts.capacity import PoliceCancelled

from tests.unit.notify.people_told import (
    AV,
    CENTRE,
    GATEWAY,
    HOUR,
    NOW,
    POLICE,
    START,
    a_function,
    a_slot,
    body_of,
    calendar_of,
    confirmed,
    people,
    rescheduled,
    scheduled,
)

SOON = NOW + 5 * HOUR
QUIET = {"from": "21:00", "until": "07:00"}
CONFIRMED, NEW_TIME = "Granit (AKC Väst): bekräftad", "Granit (AKC Väst): ny tid, bekräftad"


async def test_what_is_confirmed_is_not_told_afterwards_not_to_be() -> None:
    async with people() as told:
        await told.tell(scheduled(1), confirmed(1))
        await told.at(NOW + HOUR)
        assert told.letterbox.subjects == [CONFIRMED]


async def test_what_is_confirmed_before_the_morning_is_one_letter_then() -> None:
    async with people(AV, a_function(quiet=QUIET)) as told:
        await told.at(NOW + 12 * HOUR)
        await told.tell(scheduled(1))
        await told.tell(confirmed(1))
        await told.at(NOW + 21 * HOUR)
        assert told.letterbox.subjects == [CONFIRMED]


async def test_what_is_confirmed_by_a_later_message_in_time_is_told_once() -> None:
    async with people() as told:
        await told.tell(scheduled(1))
        await told.at(NOW + HOUR / 12)
        await told.tell(confirmed(1))
        await told.at(NOW + HOUR)
        assert told.letterbox.subjects == [CONFIRMED]


async def test_moved_and_confirmed_by_one_version_is_one_letter_and_one_text_that_say_both() -> None:
    async with people(AV, a_function(sms=True), sms_gateway=GATEWAY) as told:
        await told.tell(scheduled(1, SOON))
        await told.tell(rescheduled(2, SOON + HOUR, from_slot=a_slot(SOON)), confirmed(2, SOON + HOUR))
        await told.at(NOW + HOUR / 4)
        assert told.letterbox.subjects == [NEW_TIME]
        text = body_of(told.letterbox.mails[0])
        assert "blir av måndag 5 maj 2025 kl. 16.00–20.00" in text
        assert "Tidigare: måndag 5 maj 2025 kl. 15.00" in text
        assert b"METHOD:REQUEST" in calendar_of(told.letterbox.mails[0])
        assert len(told.texts) == 1


async def test_changed_and_confirmed_at_the_same_time_tells_no_former_time() -> None:
    async with people() as told:
        await told.tell(rescheduled(2, START, ladder_step="team_changed"), confirmed(2))
        assert told.letterbox.subjects == [CONFIRMED]
        assert "Tidigare" not in body_of(told.letterbox.mails[0])


async def test_who_is_not_told_that_it_is_confirmed_is_still_told_that_it_has_moved() -> None:
    async with people(AV, a_function(), a_function("jour", kind="duty-officer")) as told:
        await told.tell(confirmed(1, SOON))
        told.letterbox.payloads.clear()
        await told.tell(rescheduled(2, SOON + HOUR, from_slot=a_slot(SOON)), confirmed(2, SOON + HOUR))
        assert told.letterbox.told == [("jour", "Granit (AKC Väst): ny tid"), ("samordnare", NEW_TIME)]


async def test_the_centre_has_one_letter_of_one_version_too() -> None:
    async with people(CENTRE, a_function(kind="centre-coordinator")) as told:
        await told.tell(rescheduled(2), confirmed(2, START + 2 * HOUR))
        assert told.letterbox.subjects == [NEW_TIME]


async def test_the_same_event_again_takes_no_letter_from_what_came_after_it() -> None:
    async with people(AV, a_function(quiet=QUIET)) as told:
        await told.at(NOW + 12 * HOUR)
        await told.hear(scheduled(1), "first")
        await told.hear(confirmed(1), "second")
        await told.hear(scheduled(1), "first")
        await told.at(NOW + 21 * HOUR)
        assert told.letterbox.subjects == [CONFIRMED]


async def test_a_loss_of_police_is_no_word_of_a_version_and_is_told_beside_it() -> None:
    async with people() as told:
        await told.tell(scheduled(1, SOON))
        await told.hear(PoliceCancelled(capacity_id=f"{POLICE}:p1", cause_code="shooting"))
        await told.tell(confirmed(1, SOON))
        await told.at(NOW + HOUR / 4)
        assert told.letterbox.subjects == [CONFIRMED, "Granit (AKC Väst): polisen kan inte komma"]
