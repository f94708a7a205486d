"""A centre that wonders, and planning's answers to it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from samsyn_contracts.plans import WhatIfAnswered, WhatIfAsked

from tests.integration.planning.planning_at_work import Town
from tests.support.in_process import PATIENCE_SECONDS, Said


def wondered(town: Town, *capacity_ids: str, own: str = "q1", **changed: Any) -> WhatIfAsked:
    """What the centre asks; without the police of the 13th unless told otherwise."""
    told = {"question_id": f"{town.code}:{own}", "centre": town.code, "by_function": "coordinator"}
    without = [town.id(capacity_id) for capacity_id in capacity_ids or ("polisen:P13",)]
    return WhatIfAsked.model_validate({**told, "without": without, **changed})


async def asks(town: Town, *capacity_ids: str, own: str = "q1") -> Said:
    """The centre asks, and planning has kept the question."""
    record = town.told(wondered(town, *capacity_ids, own=own))
    await town.planning.hear(record)
    return record


async def answer(town: Town, own: str = "q1") -> WhatIfAnswered:
    """The one answer to a question."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not answers(town, own):
        assert time.monotonic() < deadline, "nothing was answered"
        await asyncio.sleep(0.02)
    (told,) = answers(town, own)
    return told


def answers(town: Town, own: str = "q1") -> Sequence[WhatIfAnswered]:
    """What has been answered to a question."""
    return [one for one in town.said(WhatIfAnswered) if one.question_id == f"{town.code}:{own}"]
