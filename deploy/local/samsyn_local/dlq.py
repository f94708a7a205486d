"""The commands `samsyn dlq list|show|retry|drop`: what was set aside or refused, and what is done about it."""

import getpass
from pathlib import Path
from typing import Annotated

import typer

from samsyn_local.failure import StartError
from samsyn_local.run_folder import DEFAULT, RunFolder

# What does the work is imported when it is asked for: it takes longer to load than `samsyn status` to answer.
dlq = typer.Typer(
    help="Dead letters: show what was set aside or refused, try it again, or drop it.", no_args_is_help=True
)

Run = Annotated[str | None, typer.Option(help="Name of the run: its folder is var/NAME.")]
Dir = Annotated[Path | None, typer.Option("--dir", help="Folder of the run, instead of a name.")]
Name = Annotated[str, typer.Argument(help="As `samsyn dlq list` shows it: planning-12, refused-7.")]
Names = Annotated[list[str], typer.Argument(help="As `samsyn dlq list` shows them: planning-12.")]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]
By = Annotated[str | None, typer.Option("--by", help="Who does it; without it the user of this machine.")]
Key = Annotated[Path | None, typer.Option(help="File with the private key of operations; without it the run's own.")]
Reason = Annotated[str, typer.Option(help="Why; it is kept.")]
Open = Annotated[bool, typer.Option("--open", help="Its contents too; needs --reason, and it is kept who read it.")]
Force = Annotated[bool, typer.Option("--force", help="Also where a newer fact has been said; needs --reason.")]


@dlq.command("list")
def list_letters(
    run: Run = None,
    folder: Dir = None,
    service: Annotated[str | None, typer.Option(help="One service; without it all, and what was refused.")] = None,
    with_settled: Annotated[bool, typer.Option("--all", help="Also those retried or dropped.")] = False,
    last: Annotated[int, typer.Option(min=0, help="How many refused records to show, the newest.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List dead letters, and records that the exchange refused; exit status 1 when a letter is open."""
    from samsyn_local.letter_actions import listed

    status = listed(_run(run, folder), service, with_settled=with_settled, last=last, as_json=as_json)
    raise typer.Exit(status)


@dlq.command()
def show(
    name: Name,
    run: Run = None,
    folder: Dir = None,
    as_json: AsJson = False,
    is_opened: Open = False,
    key: Key = None,
    reason: Reason = "",
    by: By = None,
) -> None:
    """Show one: where it stood, who said it, why it is here, what was done; what it said only with --open."""
    from samsyn_local.letter_actions import shown

    why = _given(reason) if is_opened else None
    shown(_run(run, folder), name, why, key, by or getpass.getuser(), as_json=as_json)


@dlq.command()
def retry(
    names: Names,
    run: Run = None,
    folder: Dir = None,
    force: Force = False,
    key: Key = None,
    reason: Reason = "",
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Process letters again, each once, by their service's own rules; exit status 1 if one has not had its effect."""
    from samsyn_local.letter_actions import retried

    why = _given(reason) if force else reason.strip() or "tried again"
    done = retried(_run(run, folder), names, why, key, by or getpass.getuser(), is_forced=force, as_json=as_json)
    raise typer.Exit(int(not done))


@dlq.command()
def drop(names: Names, reason: Reason = "", run: Run = None, folder: Dir = None, by: By = None) -> None:
    """Note that nothing will be done about letters; they are kept, and so is who said so and why (--reason)."""
    from samsyn_local.letter_actions import dropped

    dropped(_run(run, folder), names, _given(reason), by or getpass.getuser())


def _given(reason: str) -> str:
    if not reason.strip():
        raise StartError("--reason: missing; say in a sentence why, it is kept with your name.")
    return reason.strip()


def _run(run: str | None, folder: Path | None) -> RunFolder:
    return RunFolder(folder or (DEFAULT if run is None else DEFAULT.parent / run))
