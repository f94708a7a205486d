"""That a participant comes late, or the police are lost, is told of the occasion that the letter names."""

from __future__ import annotations

from datetime import timedelta

import pytest
from samsyn_contracts.carrying_out import ParticipantDelayed
from samsyn_contracts.operations import PoliceLossReported

from tests.unit.notify.people_told import AV, OPERATION, SKV, START, a_function, body_of, confirmed, people


@pytest.mark.parametrize(
    ("arrives_after", "minutes"),
    [(None, 30), (45, 45), (-10, 30)],
    ids=["as said", "by when it comes", "the plan waits longer already"],
)
async def test_how_late_is_counted_from_the_start_that_is_known(arrives_after: int | None, minutes: int) -> None:
    arrives_at = None if arrives_after is None else START + timedelta(minutes=arrives_after)
    async with people(AV, a_function(kind="team-lead")) as told:
        await told.tell(confirmed())
        await told.tell(ParticipantDelayed(operation_id=OPERATION, agency=SKV, minutes=30, arrives_at=arrives_at))

        assert told.letterbox.subjects[-1] == "Granit (AKC Väst): en deltagare är försenad"
        assert f"är {minutes} minuter försenad" in body_of(told.letterbox.mails[-1])


async def test_a_loss_of_a_session_that_the_operation_has_left_is_told_to_nobody() -> None:
    told_at, call = START - timedelta(hours=2), {"told_by_function": "vakthavande_befal", "channel": "phone"}
    async with people(AV, a_function(kind="team-lead")) as told:
        await told.tell(confirmed())
        num_before = len(told.letterbox.mails)
        for session_id, num_letters in (("polisen:former", 0), (None, 1)):
            facts = {"operation_id": OPERATION, "agency": SKV, "session_id": session_id, "told_at": told_at, **call}
            await told.tell(PoliceLossReported.model_validate(facts))
            assert len(told.letterbox.mails) - num_before == num_letters
