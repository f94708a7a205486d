"""What the exchange's rules disclose can be said: what is left of a message is still that message."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator
from samsyn_contracts.bus import message_of
from samsyn_contracts.catalogue import MESSAGES
from samsyn_contracts.schemas.generation import message_schema
from samsyn_exchange.domain.disclosure import Rule, View, load_rules, redacted

from tests.contract.saying import encoded, example

CLASSES = {cls.__name__: cls for cls in MESSAGES.values()}


def views_of(rule: Rule) -> tuple[View, ...]:
    return get_args(View) if rule.view == "by_status" else (rule.view,)


DISCLOSED = sorted({(rule.type, view) for rule in load_rules() for view in views_of(rule)})


def told(name: str, view: View) -> dict[str, Any]:
    message = message_of(CLASSES[name].type_name(), encoded(example(name)["body"]))
    facts: dict[str, Any] = json.loads(redacted(message, view))
    return facts


@pytest.mark.parametrize(("name", "view"), DISCLOSED)
def test_what_is_disclosed_follows_its_schema(name: str, view: View) -> None:
    Draft202012Validator(message_schema(CLASSES[name])).validate(told(name, view))


@pytest.mark.parametrize(("name", "view"), [pair for pair in DISCLOSED if pair[1] == "internal"])
def test_the_internal_view_names_no_place_and_no_site(name: str, view: View) -> None:
    text = json.dumps(told(name, view), ensure_ascii=False)
    assert not [word for word in ("1480", "57.7072", "Påhittade", "arbetsstalle", "handelse-5512") if word in text]


@pytest.mark.parametrize(("name", "view"), [pair for pair in DISCLOSED if pair[1] == "invited"])
def test_the_invited_view_names_no_site_that_is_kept_until_acceptance(name: str, view: View) -> None:
    text = json.dumps(told(name, view), ensure_ascii=False)
    assert not [word for word in ("Påhittade", "Västerbygg", "459871", "57.7072", "contents:") if word in text]
