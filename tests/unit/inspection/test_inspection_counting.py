"""What counts as an operation is a dated rule, and data: with police and at least one other agency on one occasion."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from samsyn_inspection.domain.counting import CountingRule, load_counting_rules, rule_of

from tests.support.day_of_operation import (
    AV,
    FIRST,
    POLICE,
    SKV,
    Story,
    found,
    given_up,
    handed_in,
    on_the_day,
    started,
)
from tests.support.told_operations import CENTRE

DAY = date(2025, 5, 12)
ONE_DAY = timedelta(days=1)


def a_rule(id_: str = "insats-1", **overrides: Any) -> CountingRule:
    own = {"id": id_, "centre": "*", "needs_police": True, "min_other_agencies": 1, "valid_from": date(2022, 6, 1)}
    return CountingRule.model_validate({**own, **overrides})


def over(*, police_present: bool = True, rules: Any = None, by: str = AV, others: Any = (SKV,)) -> Story:
    story = on_the_day(rules=rules).says(started(by, police_present=police_present))
    return story.says(*(handed_in(agency, FIRST) for agency in others), given_up(by))


def test_the_rule_that_ships_is_that_of_the_source() -> None:
    (rule,) = load_counting_rules()

    assert (rule.centre, rule.needs_police, rule.min_other_agencies, rule.valid_to) == ("*", True, 1, None)


def test_one_with_police_and_another_agency_counts() -> None:
    told = over().completed

    assert (told.police_present, told.counts_as_operation, told.counting_rule_id) == (True, True, "insats-1")


def test_one_begun_without_police_never_counts_where_the_rule_needs_them() -> None:
    told = over(police_present=False).completed

    assert (told.police_present, told.counts_as_operation, told.counting_rule_id) == (False, False, "insats-1")


def test_one_without_police_counts_where_the_rule_needs_none() -> None:
    assert over(police_present=False, rules=[a_rule(needs_police=False)]).completed.counts_as_operation


def test_the_police_alone_make_no_operation() -> None:
    assert not over(by=POLICE, others=()).completed.counts_as_operation


@pytest.mark.parametrize(("others", "counts"), [((AV,), False), ((AV, SKV), True)])
def test_agencies_that_took_part_are_counted_and_the_police_are_not(others: tuple[str, ...], counts: bool) -> None:
    told = over(by=POLICE, others=others, rules=[a_rule(min_other_agencies=2)]).completed

    assert told.counts_as_operation is counts


def test_who_has_found_something_took_part() -> None:
    story = on_the_day().says(started(POLICE), found(SKV), given_up(POLICE))

    assert story.completed.counts_as_operation


def test_where_no_rule_is_in_force_nothing_counts() -> None:
    told = over(rules=[a_rule(valid_from=DAY + ONE_DAY), a_rule(valid_to=DAY - ONE_DAY)]).completed

    assert (told.counts_as_operation, told.counting_rule_id) == (False, None)


def test_a_rule_holds_from_its_first_day_to_its_last() -> None:
    rule = a_rule(valid_from=DAY, valid_to=DAY)

    days = (DAY - ONE_DAY, DAY, DAY + ONE_DAY)
    assert [rule.holds(CENTRE, day) for day in days] == [False, True, False]


def test_a_centres_own_rule_goes_before_that_of_all_and_the_newest_of_several() -> None:
    rules = [
        a_rule("all", valid_from=date(2025, 1, 1)),
        a_rule("own", centre=CENTRE),
        a_rule("own-2", centre=CENTRE, valid_from=date(2024, 1, 1)),
        a_rule("foreign", centre="akc-nord", valid_from=date(2025, 2, 1)),
    ]

    chosen = [rule_of(rules, CENTRE, DAY), rule_of(rules, "akc-syd", DAY), rule_of(rules[1:], "akc-syd", DAY)]
    assert [rule and rule.id for rule in chosen] == ["own-2", "all", None]


def test_a_rule_with_an_unknown_word_is_refused() -> None:
    with pytest.raises(ValidationError, match="min_agencies"):
        a_rule(min_agencies=2)
