"""Whatever may be said is read as it was said, whichever way it travels."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from samsyn_contracts.bus import envelope_of, facts_of, headers_of, message_of
from samsyn_contracts.catalogue import MESSAGES
from samsyn_contracts.message import Message
from samsyn_contracts.rejection import RefusedError
from samsyn_contracts.schemas.generation import message_schema

from tests.contract.any_message import bodies, headers
from tests.contract.saying import encoded

SOME_NAME = st.sampled_from(["ce_id", "ce_time", "ce_centre", "traceparent", "x"]) | st.text(max_size=9)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("message_class", MESSAGES.values(), ids=lambda cls: cls.__name__)
def test_a_message_is_read_as_it_was_said(message_class: type[Message]) -> None:
    @settings(max_examples=15, deadline=None)
    @given(bodies(message_class))
    def holds(said: dict[str, Any]) -> None:
        message = message_of(message_class.type_name(), encoded(said))
        again = message_of(message_class.type_name(), message.body())
        assert again == message
        Draft202012Validator(message_schema(message_class)).validate(facts_of(message.body()))

    holds()


@settings(max_examples=60, deadline=None)
@given(headers())
def test_an_envelope_is_read_as_it_was_said(said: dict[str, str]) -> None:
    envelope = envelope_of([(name, value.encode()) for name, value in said.items()])
    assert envelope_of(headers_of(envelope)) == envelope


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | ANY_JSON.map(encoded))
def test_whatever_is_said_is_read_or_refused_and_never_fails_otherwise(body: bytes) -> None:
    with suppress(RefusedError):
        message_of("se.samsyn.PoliceCancelled.v1", body)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(SOME_NAME, st.binary(max_size=9) | st.none()), max_size=5))
def test_whatever_headers_come_they_are_refused_unless_they_are_whole(told: list[tuple[str, bytes | None]]) -> None:
    with pytest.raises(RefusedError):
        envelope_of(told)
