"""By which name a service's process is known among the readers of its topics."""

from __future__ import annotations

from samsyn_chassis.app import reader_name


def test_a_process_that_comes_back_has_the_same_name_in_whatever_order_its_topics_are_given() -> None:
    assert reader_name("exchange", ["a", "b"]) == reader_name("exchange", ["b", "a"])


def test_a_process_that_comes_back_with_other_topics_has_another_name() -> None:
    assert reader_name("exchange", ["a", "b"]) != reader_name("exchange", ["a", "b", "c"])


def test_two_processes_of_one_service_have_two_names() -> None:
    assert reader_name("exchange-1", ["a"]) != reader_name("exchange-2", ["a"])


def test_a_process_without_a_name_is_an_ordinary_member() -> None:
    assert reader_name(None, ["a"]) is None
