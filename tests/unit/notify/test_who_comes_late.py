"""That a participant comes late is told by the start that the letter names."""

from __future__ import annotations

from datetime import timedelta

import pytest
from samsyn_contracts.carrying_out import ParticipantDelayed

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
