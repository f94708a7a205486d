"""The files of functions that a run writes for notify: every kind of function, deputies, and a key of the run's own."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from samsyn_adapter_notify.diary import opened, sealed
from samsyn_adapter_notify.letters import template_names
from samsyn_adapter_notify.recipients import Recipients, read_recipients
from samsyn_adapter_notify.rules import read_rules
from samsyn_local.people import seated_parties, write_recipients
from samsyn_local.run_folder import RunFolder

BOOK = read_rules(None, template_names())
CITY = "kommun-goteborg"
CENTRES = ("akc-vast", "akc-stockholm")


def read(path: Path) -> dict[str, Recipients]:
    parties = seated_parties()
    folder = write_recipients(RunFolder(path), parties)
    return {party: read_recipients(folder, party, tuple(BOOK.kinds)) for party in parties}


@pytest.fixture
def recipients(tmp_path: Path) -> dict[str, Recipients]:
    return read(tmp_path)


def test_everybody_but_the_duty_officer_has_a_deputy_or_is_told_in_the_field(recipients: dict[str, Recipients]) -> None:
    for party in recipients.values():
        for one in party.functions:
            deputy = party.deputy_of(one)
            assert (deputy is None) == (one.kind in ("duty-officer", "team-lead")), one.function
            assert deputy is None or deputy.kind == "duty-officer"


def test_an_agency_has_a_team_lead_who_sleeps_at_night_and_a_centre_has_none(recipients: dict[str, Recipients]) -> None:
    for code, party in recipients.items():
        leads = [one for one in party.functions if one.kind == "team-lead"]
        assert len(leads) == (0 if code in CENTRES else 1), code
        assert all(one.quiet is not None for one in leads)


def test_the_duty_officer_who_sits_at_the_desk_needs_nobody_on_call(recipients: dict[str, Recipients]) -> None:
    assert [one.function for one in recipients["polisen"].functions if one.kind == "duty-officer"] == [
        "vakthavande-befal"
    ]


def test_two_departments_that_call_a_function_the_same_share_it(tmp_path: Path) -> None:
    seats = [
        {"party": CITY, "role": "agency_coordinator", "function": "samordnare", "actor_role": role}
        for role in ("miljoforvaltningen", "tillstandsenheten")
    ]
    users = tmp_path / "users.json"
    users.write_text(json.dumps([{"name": "Namn", "name_en": "Name", "seats": [seat]} for seat in seats]), "utf-8")

    read = read_recipients(write_recipients(RunFolder(tmp_path), [CITY], users), CITY, tuple(BOOK.kinds))

    assert [one.function for one in read.functions if one.kind == "coordinator"] == ["samordnare"]


def test_where_there_is_no_gateway_nobody_is_told_by_text_message(recipients: dict[str, Recipients]) -> None:
    assert not any(one.sms for party in recipients.values() for one in party.functions)


def test_diaries_are_sealed_to_a_key_that_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    (key,) = {party.diary_key for party in read(tmp_path).values()}
    (again,) = {party.diary_key for party in read(tmp_path).values()}
    private = tmp_path / "diary-key"

    assert key == again
    assert key is not None
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert opened(sealed(b"in three days", key), private.read_text("ascii")) == b"in three days"
