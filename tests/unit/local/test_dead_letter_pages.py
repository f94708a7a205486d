"""What `samsyn dlq` shows of a letter, and what it says where it cannot."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from samsyn_chassis.letters import Letter, Note
from samsyn_exchange.tables import RefusedRow
from samsyn_local.cli import app
from samsyn_local.failure import StartError
from samsyn_local.letter_desk import Desk, Named, parsed
from samsyn_local.letter_pages import of_letter, of_refused, page, sheet
from samsyn_local.run_folder import RunFolder
from typer.testing import CliRunner

AT = datetime(2025, 5, 9, 4, 12, tzinfo=UTC)
TOLD = {
    "topic": "samsyn.admitted.v1",
    "partition": 5,
    "offset": 17,
    "reason": "RefusedError: /staff: invalid_field",
    "sha256": "ab",
    "size": 321,
    "id": "e-1",
    "source": "urn:samsyn:polisen",
    "type": "se.samsyn.CapacityOffered.v1",
    "sealed": "c2VjcmV0",
}
DROPPED = Note("dropped", "nothing will be done about it", "said again", "anna", AT)
REFUSED = RefusedRow(
    number=7,
    answer_id="a-1",
    party="polisen",
    topic="samsyn.from.polisen.v1",
    partition=0,
    record_offset=3,
    rejected_id="e-2",
    reasons=[{"code": "not_json", "pointer": ""}],
    size=9,
    sha256="cd",
    sealed=b"secret",
    opened=[{"by": "bo", "reason": "two of us", "at": AT.isoformat()}],
    refused_at=AT,
)


def a_letter(*notes: Note, **told: object) -> Named:
    return Named("planning", Letter(12, AT, {**TOLD, **told}, notes))


class TestPages:
    def test_a_letter_is_a_line_with_type_sender_place_size_and_reason(self) -> None:
        shown = page([of_letter(a_letter())], [], 0).splitlines()[1]

        assert re.split(r"\s{2,}", shown) == [
            "planning-12",
            "Fri 9 May 2025 06:12",
            "CapacityOffered",
            "polisen",
            "samsyn.admitted.v1/5/17",
            "321",
            "RefusedError: /staff: invalid_field",
            "open",
        ]

    def test_a_letter_of_before_that_tells_less_is_a_line_all_the_same(self) -> None:
        told = {name: TOLD[name] for name in ("topic", "partition", "offset", "reason", "sha256")}

        assert "samsyn.admitted.v1/5/17" in page([of_letter(Named("planning", Letter(12, AT, told)))], [], 0)

    def test_what_was_refused_stands_below_and_what_is_left_out_is_counted(self) -> None:
        shown = page([], [of_refused(REFUSED)], 3)

        assert "No dead letter is open" in shown
        assert "refused-7" in shown
        assert "3 older" in shown

    def test_what_was_said_is_on_no_page(self) -> None:
        told = [of_letter(a_letter()), of_refused(REFUSED)]

        assert not any("sealed" in one and one["sealed"] for one in told)
        assert not any("secret" in sheet(one) or "c2VjcmV0" in sheet(one) for one in told)

    def test_who_did_what_and_why_is_told(self) -> None:
        assert "anna: dropped, nothing will be done about it (said again)" in sheet(of_letter(a_letter(DROPPED)))
        assert "bo: opened (two of us)" in sheet(of_refused(REFUSED))

    def test_a_letter_that_was_tried_in_vain_is_open(self) -> None:
        failed = Note("failed", "again ZeroDivisionError", "tried again", "anna", AT)

        assert [of_letter(a_letter(*notes))["state"] for notes in ((failed,), (failed, DROPPED))] == ["open", "dropped"]


class TestErrors:
    @pytest.mark.parametrize("name", ["12", "planning", "planning-", "planning-x", "quay-1", "planning-12 "])
    def test_a_name_that_is_none_is_told_with_the_form_of_one(self, name: str) -> None:
        with pytest.raises(StartError, match=r"NAME: .* SERVICE-NUMBER or refused-NUMBER"):
            parsed(name)

    def test_a_run_that_is_not_up_is_told_with_the_remedy(self, tmp_path: Path) -> None:
        with pytest.raises(StartError, match="`samsyn up` starts one"):
            Desk.of(RunFolder(tmp_path))

    @pytest.mark.parametrize(
        "words", [("drop", "planning-1"), ("retry", "planning-1", "--force"), ("show", "x", "--open")]
    )
    def test_what_must_be_explained_asks_for_the_reason(self, words: tuple[str, ...], tmp_path: Path) -> None:
        result = CliRunner().invoke(app, ["dlq", *words, "--dir", str(tmp_path)])

        assert (result.exit_code, str(result.exception).startswith("--reason: missing")) == (1, True)

    @pytest.mark.parametrize("text", ["", "not hex", "ab"])
    def test_a_key_that_is_none_is_told(self, text: str, tmp_path: Path) -> None:
        (tmp_path / "key").write_text(text)

        with pytest.raises(StartError, match=r"--key: .* 64 hex digits"):
            Desk(RunFolder(tmp_path), {}).private_key(tmp_path / "key")
