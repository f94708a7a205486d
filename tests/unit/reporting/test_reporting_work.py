"""What agencies joined and initiated, and how far areas are covered, without telling of few sites by name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from pydantic import ValidationError
from samsyn_contracts.indicators import AreaWork
from samsyn_contracts.message import Message
from samsyn_reporting.domain.indicators import indicators_of

from tests.support.told_days import AGENCY, completed, proposed
from tests.support.told_operations import INSPECTIONS, cancelled, confirmed
from tests.unit.reporting.heard import (
    MAY,
    heard,
    heard_in_order,
    ledger_from,
    proposed_before_upgrade,
    totals_of,
)

FIRST, SECOND = INSPECTIONS  # of arbetsmiljoverket and of skatteverket
OTHER = "op:polisen:P9"
MALMO = "1280"
FIVE = [f"polisen:A{number}" for number in range(5)]


def by_agency(*messages: Message) -> dict[str, tuple[int, int, int]]:
    """Operations joined and initiated, inspections initiated."""
    found = totals_of(*messages).agencies
    return {one.agency: (one.joined_operations, one.initiated_operations, one.initiated_inspections) for one in found}


def by_area(*messages: Message) -> dict[str | None, tuple[int, int, int, int]]:
    """Inspections wanted, planned and done, and insatser."""
    found = totals_of(*messages).areas
    return {
        one.area: (one.wanted_inspections, one.planned_inspections, one.inspections_done, one.counting_operations)
        for one in found
    }


def wishes(ids: Sequence[str], municipality: str) -> list[Message]:
    return [proposed(id_, municipality=municipality) for id_ in ids]


class TestAgencies:
    def test_who_took_part_joined_and_who_had_proposed_initiated(self) -> None:
        told = by_agency(confirmed(agencies=["polisen", AGENCY]), completed())

        assert told == {AGENCY: (1, 1, 1), "polisen": (1, 0, 0), "skatteverket": (0, 1, 1)}

    def test_what_was_not_done_was_not_initiated(self) -> None:
        told = by_agency(confirmed(), completed(done=[FIRST], outcome="in_part"))

        assert told["skatteverket"] == (0, 1, 0)

    def test_police_who_were_not_there_did_not_join(self) -> None:
        assert "polisen" not in by_agency(confirmed(), completed(police_present=False))

    def test_what_is_planned_alone_or_does_not_count_was_joined_by_nobody(self) -> None:
        assert by_agency(confirmed()) == {}
        assert by_agency(confirmed(), completed(counts=False)) == {AGENCY: (0, 0, 1), "skatteverket": (0, 0, 1)}


class TestAreas:
    def test_an_area_is_wanted_planned_and_done(self) -> None:
        told = by_area(*wishes(FIVE, "1480"), confirmed(inspections=FIVE[:3]), completed(done=FIVE[:2]))

        assert told == {"1480": (5, 3, 2, 1)}

    def test_areas_where_fewer_than_five_are_wanted_are_told_together_without_their_names(self) -> None:
        few = [*wishes([FIRST], MALMO), *wishes(["polisen:B1", "polisen:B2"], "0180")]
        told = by_area(
            *wishes(FIVE, "1480"), *few, confirmed(inspections=[FIRST, "polisen:B1"]), completed(done=[FIRST])
        )

        assert told == {"1480": (5, 0, 0, 0), None: (3, 2, 1, 1)}

    def test_what_was_proposed_before_the_period_is_wanted_where_it_is_planned_in_it(self) -> None:
        early = [
            heard(wish, f"w{number}", at=MAY.from_at - timedelta(days=1))
            for number, wish in enumerate(wishes(FIVE, "1480"))
        ]
        planned = heard_in_order(confirmed(inspections=FIVE[:1]))

        assert ledger_from([*early, *planned]).totals.areas[0].wanted_inspections == 1

    def test_what_lost_its_occasion_is_wanted_and_not_planned(self) -> None:
        told = by_area(*wishes(FIVE, "1480"), confirmed(OTHER, inspections=FIVE), cancelled(OTHER))

        assert told == {"1480": (5, 0, 0, 0)}

    def test_an_inspection_proposed_twice_is_wanted_once(self) -> None:
        assert by_area(*wishes([*FIVE, FIVE[0]], "1480")) == {"1480": (5, 0, 0, 0)}

    def test_no_area_is_told_while_a_wish_was_proposed_before_areas_were_kept(self) -> None:
        told = heard_in_order(*wishes(FIVE, "1480"), confirmed(inspections=FIVE[:3]), completed(done=FIVE[:2]))
        long_ago = MAY.from_at - timedelta(days=1)

        assert ledger_from([*told, proposed_before_upgrade("polisen:B1")]).totals.areas == ()
        assert ledger_from([*told, proposed_before_upgrade(FIVE[0])]).totals.areas != ()  # proposed anew since
        assert ledger_from([*told, proposed_before_upgrade("polisen:B1", at=long_ago)]).totals.areas != ()

    def test_no_message_can_name_an_area_where_few_are_wanted(self) -> None:
        told = {"wanted_inspections": 4, "planned_inspections": 1, "inspections_done": 0, "counting_operations": 0}

        assert AreaWork.model_validate(told).area is None
        with pytest.raises(ValidationError, match="told without area"):
            AreaWork.model_validate({**told, "area": "1480"})


def test_agencies_and_areas_are_in_the_table_of_indicators() -> None:
    told = totals_of(*wishes(FIVE, "1480"), proposed(FIRST, municipality=MALMO), confirmed(), completed())
    rows = {row.code: (row.value, row.unit) for row in indicators_of(told)}

    assert rows[f"agencies.{AGENCY}.joined_operations"] == (1, "operations")
    assert rows["agencies.skatteverket.initiated_inspections"] == (1, "inspections")
    assert rows["areas.1480.wanted_inspections"] == (5, "inspections")
    assert rows["areas.elsewhere.inspections_done"] == (1, "inspections")
