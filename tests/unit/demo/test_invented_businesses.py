"""Invented businesses cannot be mistaken for real ones."""

from datetime import date

import pytest
from samsyn_demo.businesses import Business, Businesses, luhn_digit
from samsyn_demo.period import Period

FIELDS = ("restaurang", "bygg", "stad")


@pytest.fixture(scope="module")
def businesses() -> list[Business]:
    giver = Businesses(Period("akc-vast", date(2025, 5, 5), 4, 1).randomness("businesses"))
    return [giver.another(FIELDS[n % 3], is_sole_trader=n % 4 == 0) for n in range(200)]


def test_the_check_digit_is_that_of_a_known_number() -> None:
    # Polismyndigheten's own number, 202100-0076.
    assert luhn_digit("202100007") == 6


def test_every_number_begins_with_four(businesses: list[Business]) -> None:
    assert {b.organisation_number[0] for b in businesses} == {"4"}


def test_every_number_ends_with_its_check_digit(businesses: list[Business]) -> None:
    for business in businesses:
        digits = business.organisation_number.replace("-", "")
        assert luhn_digit(digits[:9]) == int(digits[9])


def test_a_companys_third_digit_is_at_least_two(businesses: list[Business]) -> None:
    assert all(int(b.organisation_number[2]) >= 2 for b in businesses if not b.is_sole_trader)


def test_a_sole_traders_third_digit_is_nought_or_one(businesses: list[Business]) -> None:
    assert {b.organisation_number[2] for b in businesses if b.is_sole_trader} == {"0", "1"}


def test_a_sole_traders_number_has_a_month_that_does_not_exist(businesses: list[Business]) -> None:
    assert not [b for b in businesses if b.is_sole_trader and 1 <= int(b.organisation_number[2:4]) <= 12]


def test_no_name_and_no_number_is_given_twice(businesses: list[Business]) -> None:
    assert len({b.organisation_number for b in businesses}) == len({b.name for b in businesses}) == 200
