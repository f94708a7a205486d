"""Files written by hand: what is wrong in one is told at the start, with the entry, the field and what to do."""

import json
from pathlib import Path
from typing import Any

import pytest
from samsyn_adapter_notify.letters import template_names
from samsyn_adapter_notify.recipients import Recipients, read_recipients
from samsyn_adapter_notify.rules import read_rules
from samsyn_adapter_notify.settings import NotifySettings
from samsyn_adapter_sdk import SettingsError

from tests.unit.notify.people_told import AV, BOOK, CENTRE, CITY, a_function, functions_of


def read(folder: Path, told: object, party: str = AV) -> Recipients:
    (folder / f"{party}.json").write_text(told if isinstance(told, str) else json.dumps(told), "utf-8")
    return read_recipients(folder, party, tuple(BOOK.kinds))


def test_a_file_of_functions_is_read(tmp_path: Path) -> None:
    told = functions_of(AV, a_function(quiet={"from": "21:00", "until": "07:00"}, phone="+46 10 123 45 67"))
    assert read(tmp_path, told).by_code["samordnare"].language == "sv"


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (functions_of(AV, a_function(mail="Anna <anna@av.example>")), "functions[0] (samordnare) mail"),
        (functions_of(AV, a_function(person="Anna")), "nothing about persons"),
        (functions_of(AV, a_function(kind="chief")), "kind: no rule knows chief: use one of coordinator"),
        (functions_of(AV, a_function(deputy="ingen")), "deputy: ingen is no other function"),
        (functions_of(AV, a_function(deputy="samordnare")), "deputy: samordnare is no other function"),
        (functions_of(AV, a_function(), a_function()), "functions[1] (samordnare): stands twice"),
        (functions_of(AV, a_function(sms=True)), "sms: the party has no sms_gateway"),
        (functions_of(AV, a_function(centre="akc-syd")), "centre: akc-syd is not under centres"),
        (functions_of(AV, a_function(role="miljo")), "role: the party has none"),
        (
            functions_of(AV, a_function(quiet={"from": "25:00", "until": "07:00"})),
            "functions[0] (samordnare) quiet from",
        ),
        (functions_of(AV, a_function(language="fi")), "functions[0] (samordnare) language"),
        (functions_of(AV, sms_gateway="http://sms.av.example"), "sms_gateway"),
        (functions_of(AV, diary_key="abc"), "diary_key"),
        (functions_of(AV, functions=[]), "functions"),
        (functions_of("skatteverket"), "party is skatteverket: write arbetsmiljoverket"),
        ("not JSON", "is not JSON"),
    ],
)
def test_a_wrong_entry_is_named_with_what_to_do(tmp_path: Path, told: object, says: str) -> None:
    with pytest.raises(SettingsError) as error:
        read(tmp_path, told)
    assert says in str(error.value)
    assert "arbetsmiljoverket.json" in str(error.value)


def test_a_party_with_roles_names_role_and_capacities_of_each_function(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"role: the party speaks in roles(.|\n)*capacities:"):
        read(tmp_path, functions_of(CITY), CITY)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"polisen\.json cannot be read"):
        read_recipients(tmp_path, "polisen", ())


def rules_with(tmp_path: Path, **rule: Any) -> Path:
    told = BOOK.model_dump(mode="json")
    told["rules"][0] |= rule
    path = tmp_path / "ours.json"
    path.write_text(json.dumps(told), "utf-8")
    return path


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({"on": "OperationForgotten"}, "asked-soon on: there is no message OperationForgotten"),
        ({"to": ["chief"]}, "asked-soon to: chief is not under kinds"),
        ({"template": "letter"}, "asked-soon template: there is no letter in both languages"),
        ({"id": "asked"}, "asked: stands twice"),
        ({"channels": ["fax"]}, "rules[0] (asked-soon) channels[0]"),
        ({"when": {"weather": "rain"}}, "rules[0] (asked-soon) when weather"),
        (
            {"acknowledge": {"within_minutes": 0, "every_minutes": 5}},
            "rules[0] (asked-soon) acknowledge within_minutes",
        ),
    ],
)
def test_a_wrong_rule_is_named_with_what_to_do(tmp_path: Path, rule: dict[str, Any], says: str) -> None:
    with pytest.raises(SettingsError) as error:
        read_rules(rules_with(tmp_path, **rule), template_names())
    assert says in str(error.value)


def environment(tmp_path: Path, mode: int = 0o600) -> dict[str, str]:
    tokens = tmp_path / "tokens.json"
    tokens.write_text(json.dumps({AV: "secret-token", CENTRE: "other-token"}), "utf-8")
    tokens.chmod(mode)
    return {
        "SAMSYN_EXCHANGE_URL": "https://exchange.example",
        "SAMSYN_STATE_DIR": str(tmp_path),
        "SAMSYN_NOTIFY_PARTIES": f"{AV}, {CENTRE}",
        "SAMSYN_TOKENS": str(tokens),
        "SAMSYN_RECIPIENTS": str(tmp_path),
        "SAMSYN_SMTP": "mail.example:587",
        "SAMSYN_MAIL_FROM": "samsyn@samsyn.example",
        "SAMSYN_DESK_URL": "https://desk.example",
    }


def test_each_party_is_connected_with_its_own_token(tmp_path: Path) -> None:
    settings = NotifySettings.from_environment(environment(tmp_path) | {"SAMSYN_HEARTBEAT_MINUTES": "5"})
    assert {party: one.token for party, one in settings.connections.items()} == {
        AV: "secret-token",
        CENTRE: "other-token",
    }
    assert all(one.heartbeat is None for one in settings.connections.values())


def test_no_secret_is_shown_where_settings_are_printed(tmp_path: Path) -> None:
    settings = NotifySettings.from_environment(environment(tmp_path) | {"SAMSYN_SMTP_PASSWORD": "hemligt"})
    assert "secret-token" not in repr(settings)
    assert "hemligt" not in repr(settings)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"SAMSYN_MAIL_FROM": ""}, "SAMSYN_MAIL_FROM"),
        ({"SAMSYN_NOTIFY_PARTIES": "tullverket"}, "tullverket is not in the register"),
        ({"SAMSYN_NOTIFY_PARTIES": "polisen"}, "SAMSYN_TOKENS has no token of polisen"),
        ({"SAMSYN_SMTP": "mail.example"}, "SAMSYN_SMTP must be host:port"),
        ({"SAMSYN_SMTP": "mail.example:x"}, "SAMSYN_SMTP must be a number"),
        ({"SAMSYN_HTTP_PORT": "-1"}, "SAMSYN_HTTP_PORT must be a number"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, more: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        NotifySettings.from_environment(environment(tmp_path) | more)


def test_tokens_that_others_may_read_are_not_used(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="set its mode to 600"):
        NotifySettings.from_environment(environment(tmp_path, mode=0o644))
