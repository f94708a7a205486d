"""`samsyn` runs a plain command of another package by itself and hands all else to Typer."""

import sys

import pytest
from samsyn_local import cli, dispatch
from samsyn_planning.command import plan as planning


def test_a_command_that_takes_its_arguments_itself_is_plain() -> None:
    assert dispatch.is_plain(planning.plan)
    assert not dispatch.is_plain(cli.up)


def test_the_words_after_the_command_and_its_exit_status_go_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["samsyn", "plan", "verify", "gone.json", "gone.json"])

    with pytest.raises(SystemExit) as ended:
        dispatch.main()

    assert ended.value.code == 2


@pytest.mark.parametrize("words", [["status"], ["--help"], [], ["demo"], ["pla"]])
def test_any_other_word_is_for_the_commands_of_this_machine(monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    asked = []
    monkeypatch.setattr(sys, "argv", ["samsyn", *words])
    monkeypatch.setattr(cli, "main", lambda: asked.append(sys.argv[1:]))
    dispatch.main()

    assert asked == [words]


def test_the_help_lists_the_commands_of_other_packages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["samsyn", "--help"])

    with pytest.raises(SystemExit):
        dispatch.main()

    said = capsys.readouterr().out
    assert "plan" in said
    assert "Plan operations from a file, to a file" in said
