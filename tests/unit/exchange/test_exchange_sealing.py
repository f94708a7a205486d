"""Contents open with their own key, under their own reference, and in no other way; and who may fetch them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samsyn_exchange.domain.contents import a_grant, is_about, is_ref, right_to_fetch
from samsyn_exchange.sealing import CannotOpenError, new_data_key, opened, sealed

from tests.unit.exchange.saying import CONTENTS

KEY, OTHER_KEY = "0f" * 32, "f0" * 32
ABOUT = "op:polisen:p1"
NOW = datetime(2025, 5, 5, 6, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


@given(body=st.binary(max_size=300))
def test_what_was_sealed_opens_to_the_same_bytes(body: bytes) -> None:
    wrapped = new_data_key(KEY, ABOUT)

    assert opened(KEY, ABOUT, wrapped, CONTENTS, sealed(KEY, ABOUT, wrapped, CONTENTS, body)) == body


def test_the_same_body_is_never_the_same_bytes_twice() -> None:
    wrapped = new_data_key(KEY, ABOUT)

    assert sealed(KEY, ABOUT, wrapped, CONTENTS, b"x") != sealed(KEY, ABOUT, wrapped, CONTENTS, b"x")
    assert wrapped != new_data_key(KEY, ABOUT)


def test_nothing_of_the_body_is_in_what_is_kept() -> None:
    assert b"Kanarie" not in sealed(KEY, ABOUT, new_data_key(KEY, ABOUT), CONTENTS, b"Kanarie AB")


def test_it_opens_neither_by_another_key_nor_elsewhere_nor_when_changed() -> None:
    wrapped, other = new_data_key(KEY, ABOUT), new_data_key(KEY, ABOUT)
    kept = sealed(KEY, ABOUT, wrapped, CONTENTS, b"x")
    changed = kept[:-1] + bytes([kept[-1] ^ 1])
    tries = [
        (OTHER_KEY, ABOUT, wrapped, CONTENTS, kept),
        (KEY, "op:polisen:p2", wrapped, CONTENTS, kept),
        (KEY, ABOUT, other, CONTENTS, kept),
        (KEY, ABOUT, wrapped, CONTENTS.replace("1", "2"), kept),
        (KEY, ABOUT, wrapped, CONTENTS, changed),
    ]

    for one in tries:
        with pytest.raises(CannotOpenError, match="do not open here"):
            opened(*one)


def test_the_owner_fetches_any_time_and_nobody_else_without_a_grant() -> None:
    assert right_to_fetch(CONTENTS, "skatteverket", None, NOW) == "given"
    assert right_to_fetch(CONTENTS, "polisen", None, NOW) == "no_grant"


@pytest.mark.parametrize(
    ("later", "outcome"),
    [(timedelta(0), "given"), (timedelta(days=30) - INSTANT, "given"), (timedelta(days=30), "expired")],
)
def test_a_grant_lasts_thirty_days(later: timedelta, outcome: str) -> None:
    grant = a_grant(CONTENTS, "polisen", "b01", None, NOW)

    assert right_to_fetch(CONTENTS, "polisen", grant, NOW + later) == outcome


def test_a_grant_ends_with_the_assessment_that_allows_it() -> None:
    until = NOW + timedelta(days=2)
    grant = a_grant(CONTENTS, "polisen", "b01", "skatteverket:a1", NOW, until)

    assert right_to_fetch(CONTENTS, "polisen", grant, until - INSTANT) == "given"
    assert right_to_fetch(CONTENTS, "polisen", grant, until) == "expired"


def test_what_was_acknowledged_is_not_given_again_however_old_it_is() -> None:
    grant = replace(a_grant(CONTENTS, "polisen", "b01", None, NOW), acknowledged_at=NOW)

    assert right_to_fetch(CONTENTS, "polisen", grant, NOW) == "acknowledged"
    assert right_to_fetch(CONTENTS, "polisen", grant, NOW + timedelta(days=31)) == "acknowledged"


@pytest.mark.parametrize(("text", "is_one"), [(CONTENTS, True), ("contents:x", False), ("other", False), ("", False)])
def test_a_reference_has_one_form(text: str, is_one: bool) -> None:
    assert is_ref(text) == is_one


@pytest.mark.parametrize(
    ("text", "is_one"), [(ABOUT, True), ("skatteverket:s1", True), ("", False), ("Storgatan 1", False), ("op:", False)]
)
def test_contents_are_about_an_operation_or_a_site(text: str, is_one: bool) -> None:
    assert is_about(text) == is_one
