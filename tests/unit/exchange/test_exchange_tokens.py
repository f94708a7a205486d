"""A party is known over HTTP by its own token alone, and the exchange refuses to start on an unsafe setting."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from samsyn_exchange.settings import ExchangeSettings
from samsyn_exchange.tokens import bearer_of, token_for

SECRET = "x" * 32
CONTENTS_KEY = "0123456789abcdef" * 4
PARTIES = ["polisen", "skatteverket"]


def settings(**changed: Any) -> ExchangeSettings:
    told = {"kafka": "127.0.0.1:9092", "database": "postgresql://x", "http_port": 1, "environment": "test"}
    return ExchangeSettings(**{**told, "token_secret": SECRET, "contents_key": CONTENTS_KEY, **changed})


def test_a_party_is_known_by_its_token() -> None:
    assert bearer_of(SECRET, f"Bearer {token_for(SECRET, 'polisen')}", PARTIES) == "polisen"


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer åäö",
        f"Basic {token_for(SECRET, 'polisen')}",
        f"Bearer {token_for('y' * 32, 'polisen')}",
        f"Bearer {token_for(SECRET, 'migrationsverket')}",
    ],
)
def test_nobody_is_known_by_anything_else(given: str | None) -> None:
    assert bearer_of(SECRET, given, PARTIES) is None


@pytest.mark.parametrize("secret", ["", "x" * 31])
def test_a_short_secret_stops_the_start_with_a_sentence(secret: str) -> None:
    with pytest.raises(ValidationError, match="SAMSYN_TOKEN_SECRET is missing or shorter than 32 characters"):
        settings(token_secret=secret)


@pytest.mark.parametrize("key", ["", "ab" * 31, "AB" * 32, "xy" * 32, "ab" * 33])
def test_a_key_of_contents_that_is_none_stops_the_start_with_a_sentence(key: str) -> None:
    with pytest.raises(ValidationError, match="SAMSYN_CONTENTS_KEY is missing or not 64 hex digits"):
        settings(contents_key=key)


def test_production_has_no_driven_clock() -> None:
    with pytest.raises(ValidationError, match="anyone could set the time of production"):
        settings(clock="driven", environment="prod", dead_letter_key="00" * 32)


@pytest.mark.parametrize("secret", [SECRET, CONTENTS_KEY])
def test_a_secret_is_not_shown_with_the_settings(secret: str) -> None:
    assert secret not in repr(settings())
