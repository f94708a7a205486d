"""Values are kept as text and read as they were; what is read again is not made again."""

from __future__ import annotations

import json

import pytest
from samsyn_planning.domain.backups import Backup
from samsyn_planning.domain.facts import Centre, Proposal, Value
from samsyn_planning.domain.what_if import WhatIf
from samsyn_planning.rows import SMALL, row_of, value_of

from tests.support import planning_facts as made

KEPT: tuple[Value, ...] = (
    Centre(code="goteborg", causes=(made.a_cause(),)),
    made.a_session(),
    made.a_wanted(interests={"skatteverket": 3}),
    made.a_participation(),
    made.a_consent(),
    made.a_pin(),
    made.a_compromise(),
    made.an_officer(valid_to="2025-06-01"),
    made.coming_late(made.a_team(), 20),
    made.a_wheel(made.a_period()),
    made.a_proposed_plan(),
)


@pytest.mark.parametrize("value", KEPT, ids=lambda value: type(value).__name__)
def test_a_value_is_read_from_text_as_it_was_kept(value: Value) -> None:
    assert value_of(type(value), json.dumps(row_of(value)["value"])) == value


def test_what_a_snapshot_reads_again_is_not_made_again_and_what_has_changed_is() -> None:
    wanted = made.a_wanted()
    text, changed = (json.dumps(row_of(one)["value"]) for one in (wanted, wanted.model_copy(update={"is_done": True})))

    assert value_of(type(wanted), text) is value_of(type(wanted), text)
    assert value_of(type(wanted), changed).is_done


def test_nothing_with_a_whole_plan_in_it_is_remembered() -> None:
    assert not {Backup, Proposal, WhatIf} & set(SMALL)
