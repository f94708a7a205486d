"""The command `samsyn`: up, down, status, why, logs, traces, and what other packages add to it."""

import json
import os
import signal
import subprocess
import sys
import time
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated, Literal

import typer

from samsyn_local.backup import backup as write_backup
from samsyn_local.dlq import dlq
from samsyn_local.failure import StartError
from samsyn_local.log_reader import follow, last_lines
from samsyn_local.processes import sweep
from samsyn_local.rebuild import rebuild_in
from samsyn_local.rebuild_kafka import rebuild_kafka
from samsyn_local.restore import restore as restore_backup
from samsyn_local.run_folder import DEFAULT, RunFolder
from samsyn_local.sentences import account
from samsyn_local.status import exit_status, page, status_of
from samsyn_local.supervisor import Supervisor, Wanted, take_down
from samsyn_local.traces import show_kept
from samsyn_local.why import ask_why

app = typer.Typer(help="Samsyn on this machine, without containers.", no_args_is_help=True, add_completion=False)
app.add_typer(dlq, name="dlq")

Run = Annotated[str | None, typer.Option(help="Name of the run: its folder is var/NAME. Several run side by side.")]
Dir = Annotated[Path | None, typer.Option("--dir", help="Folder of the run, instead of a name.")]


@app.command()
def up(
    run: Run = None,
    folder: Dir = None,
    traces: Annotated[bool, typer.Option("--traces", help="Start Zipkin with the rest.")] = False,
    clock: Annotated[
        Literal["real", "driven"] | None,
        typer.Option(help="The exchange's clock; without it what it was, real at first."),
    ] = None,
    only: Annotated[Literal["infra"] | None, typer.Option(help="Kafka, PostgreSQL, topics; no services.")] = None,
    has_desk: Annotated[bool, typer.Option("--desk/--no-desk", help="The desk, with a sign-in for trying it.")] = True,
    detach: Annotated[bool, typer.Option("--detach", help="Return when it is up; `samsyn down` stops it.")] = False,
) -> None:
    """Start Kafka, PostgreSQL, topics, services and the desk, and keep them up until Ctrl-C."""
    run_dir = _folder(run, folder)
    kept_clock = clock or RunFolder(run_dir).clock()
    if detach:
        _up_detached(RunFolder(run_dir), traces=traces, clock=kept_clock, only=only, has_desk=has_desk)
        return
    env = {"SAMSYN_CLOCK": kept_clock}
    wanted = Wanted(run_dir, traces=traces, only_infra=only == "infra", has_desk=has_desk, env=env)
    Supervisor(wanted, _say).run()


@app.command()
def down(run: Run = None, folder: Dir = None) -> None:
    """Stop the run, or what a killed one has left."""
    run_folder = RunFolder(_folder(run, folder))
    was_up = take_down(run_folder, _say)
    num_left = sweep(run_folder.mark_prefix())
    if was_up:
        _say("Stopped")
    elif num_left:
        _say(f"No supervisor was running; {num_left} left-behind process(es) ended")
    else:
        _say("Nothing was running")


@app.command()
def status(
    run: Run = None,
    folder: Dir = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, every address and pid.")] = False,
) -> None:
    """Show each part, service, adapter and alert; exit status 0 all well, 1 not all, 3 not running."""
    told = status_of(RunFolder(_folder(run, folder)))
    _say(json.dumps(told, indent=2, ensure_ascii=False) if as_json else page(told))
    raise typer.Exit(exit_status(told))


@app.command()
def why(
    asked: Annotated[str, typer.Argument(help="Code name or id of an operation, or id of an event.")],
    run: Run = None,
    folder: Dir = None,
    centre: Annotated[str | None, typer.Option(help="The centre, where several have such a one.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, with traces and views.")] = False,
) -> None:
    """Show what happened to an operation or because of an event, what led to it, and who was told."""
    told = ask_why(RunFolder(_folder(run, folder)), asked, centre)
    _say(json.dumps(told, indent=2, ensure_ascii=False) if as_json else account(told))


@app.command()
def logs(
    part: Annotated[str | None, typer.Argument(help="One part; without it all of them.")] = None,
    run: Run = None,
    folder: Dir = None,
    is_followed: Annotated[bool, typer.Option("-f", "--follow", help="Go on showing what is added.")] = False,
    num_lines: Annotated[int, typer.Option("-n", "--lines", help="Lines from the end of each log.")] = 40,
) -> None:
    """Show the end of the logs."""
    found = sorted((_folder(run, folder) / "log").glob(f"{part or '*'}.log"))
    if not found:
        raise StartError(f"No log of {part or 'any part'} is in {_folder(run, folder) / 'log'}.")
    for path in found:
        for line in last_lines(path, num_lines):
            _say(f"{path.stem:<11}{line}")
    if is_followed:
        follow(found, _say)


@app.command()
def traces(run: Run = None, folder: Dir = None) -> None:
    """Start Zipkin, filled with every span of the run so far, and show its address; for a run that has ended too."""
    run_folder = RunFolder(_folder(run, folder))
    holder = run_folder.holder()
    if holder is None:
        _say("Starting Zipkin (the first time it is fetched, about 135 MB)")
        show_kept(run_folder, _say)
        return
    os.kill(holder, signal.SIGUSR1)
    _say("Starting Zipkin (the first time it is fetched, about 135 MB)")
    while (part := run_folder.read_status()["parts"].get("zipkin", {})).get("state") != "up":
        if run_folder.holder() is None or part.get("state") == "failed":
            raise StartError("Zipkin did not start; see `samsyn logs zipkin`.")
        time.sleep(0.2)
    _say(part["address"])


@app.command()
def rebuild(
    what: Annotated[Literal["reporting", "kafka"], typer.Argument(help="Read models, or the whole log.")],
    run: Run = None,
    folder: Dir = None,
    replace: Annotated[bool, typer.Option("--replace", help="reporting: put the rebuilt rows in place.")] = False,
    journals: Annotated[list[Path] | None, typer.Option(help="kafka: a folder with adapters' journals.")] = None,
    discard: Annotated[bool, typer.Option("--discard", help="kafka: lose what stands in the log alone.")] = False,
) -> None:
    """Make read models anew from the log (exit status 0 equal or replaced, 1 different), or the log from outboxes."""
    run_folder = RunFolder(_folder(run, folder))
    if what == "reporting":
        raise typer.Exit(rebuild_in(run_folder, what, replace=replace))
    _say(rebuild_kafka(run_folder, journals or [], _say, discard=discard).sentence)


@app.command()
def backup(
    run: Run = None,
    folder: Dir = None,
    to: Annotated[Path | None, typer.Option(help="A new folder for the backup; else var/backups/INSTANT.")] = None,
) -> None:
    """Back up the databases as they are at one instant, while the run goes on; the keys are kept apart from it."""
    _say(str(write_backup(RunFolder(_folder(run, folder)), to, _say)))


@app.command()
def restore(
    backed_up: Annotated[Path, typer.Argument(help="The folder that `samsyn backup` wrote.")],
    run: Run = None,
    folder: Dir = None,
) -> None:
    """Restore a backup into the empty databases of a run that is up with `--only infra`."""
    restore_backup(RunFolder(_folder(run, folder)), backed_up, _say)


def main() -> None:
    """Run the command; an error that the reader can put right is one sentence and exit status 1."""
    _add_commands_of_others()
    try:
        app()
    except StartError as error:
        typer.echo(str(error), err=True)
        sys.exit(1)


def _add_commands_of_others() -> None:
    """Add the commands that installed packages declare as entry points `samsyn.commands`.

    One is imported only when it is asked for: `samsyn status` need not load the demo.
    """
    asked = sys.argv[1:2]
    for entry in entry_points(group="samsyn.commands"):
        if asked in ([], ["--help"], [entry.name]):
            app.command(name=entry.name)(entry.load())


def _up_detached(run: RunFolder, *, traces: bool, clock: str, only: str | None, has_desk: bool) -> None:
    command = [sys.executable, "-m", "samsyn_local.cli", "up", "--dir", str(run.path), "--clock", clock]
    command += ["--traces"] if traces else []
    command += ["--only", only] if only else []
    command += [] if has_desk else ["--no-desk"]
    path = run.log("supervisor")
    path.parent.mkdir(parents=True, exist_ok=True)
    shown = path.stat().st_size if path.exists() else 0
    with path.open("ab") as log:
        supervisor = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
    while True:
        is_over = supervisor.poll() is not None
        is_up = _is_up_by(run, supervisor.pid)
        text = path.read_bytes()[shown:].decode(errors="replace")
        shown += len(text.encode())
        typer.echo(text, nl=False)
        if is_over:
            raise typer.Exit(1)
        if is_up:
            return
        time.sleep(0.1)


def _is_up_by(run: RunFolder, pid: int) -> bool:
    told = run.read_status()
    return told.get("state") == "up" and told["supervisor"]["pid"] == pid


def _folder(run: str | None, folder: Path | None) -> Path:
    if folder is not None:
        return folder
    return DEFAULT if run is None else DEFAULT.parent / run


def _say(sentence: str) -> None:
    typer.echo(sentence)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
