"""What the commands `samsyn dlq` do, and say of it."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import typer
from samsyn_chassis.reprocessing import Asked
from samsyn_exchange.tables import RefusedRow

from samsyn_local.failure import StartError
from samsyn_local.infrastructure import SERVICES
from samsyn_local.letter_desk import Desk, Named
from samsyn_local.letter_pages import of_letter, of_refused, page, sheet
from samsyn_local.run_folder import RunFolder


def listed(run: RunFolder, service: str | None, *, with_settled: bool, last: int, as_json: bool) -> int:
    """List letters and what was refused; 1 when a letter is open."""
    if service not in (None, *SERVICES):
        raise StartError(f"--service: {service!r} is no service: give one of {', '.join(SERVICES)}.")
    desk = Desk.of(run)
    found = asyncio.run(desk.letters(SERVICES if service is None else [service]))
    letters = [of_letter(named) for named in found if with_settled or named.letter.settled is None]
    refused = [of_refused(row) for row in asyncio.run(desk.refused())] if service is None else []
    if as_json:
        _say_json({"letters": letters, "refused": refused})
    else:
        newest = refused[max(len(refused) - last, 0) :]
        typer.echo(page(letters, newest, len(refused) - len(newest)))
    return int(any(named.letter.settled is None for named in found))


def shown(run: RunFolder, name: str, why: str | None, key: Path | None, by: str, *, as_json: bool) -> None:
    """Show one; what it said too, if it is said why."""
    desk = Desk.of(run)
    found = asyncio.run(desk.find(name))
    contents = None if why is None else asyncio.run(desk.opened(found, key, why, by))
    told = of_letter(found) if isinstance(found, Named) else of_refused(found)
    if as_json:
        _say_json(told if contents is None else {**told, "contents": contents})
    else:
        typer.echo(sheet(told) if contents is None else f"{sheet(told)}\n\n{contents}")


def retried(
    run: RunFolder, names: Sequence[str], why: str, key: Path | None, by: str, *, is_forced: bool, as_json: bool
) -> bool:
    """Process letters again, in the order given; whether all have been."""
    desk = Desk.of(run)
    asked = Asked(by, why, is_forced, desk.private_key(key))
    results: list[dict[str, str]] = []
    for named in [_letter(desk, name) for name in names]:
        result = asyncio.run(desk.retried(named, asked))
        remedy = "; --force takes it all the same" if result.told.startswith("superseded") else ""
        results.append({"name": named.name, "outcome": result.outcome, "told": result.told})
        if not as_json:
            typer.echo(f"{named.name}: {result.outcome}, {result.told}{remedy}")
    if as_json:
        _say_json(results)
    return all(result["outcome"] == "retried" for result in results)


def dropped(run: RunFolder, names: Sequence[str], why: str, by: str) -> None:
    """Note that nothing will be done about letters."""
    desk = Desk.of(run)
    for named in [_letter(desk, name) for name in names]:
        asyncio.run(desk.dropped(named, why, by))
        typer.echo(f"{named.name}: dropped; it is kept, with the reason")


def _letter(desk: Desk, name: str) -> Named:
    found = asyncio.run(desk.find(name))
    if isinstance(found, RefusedRow):
        raise StartError(f"NAME: {name} is no dead letter: {found.party} was answered, mends it and says it again.")
    return found


def _say_json(told: object) -> None:
    typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
