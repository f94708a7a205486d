"""The diary of the coming days, encrypted to the party's key, for when Samsyn is away; and the command that opens it.

python -m samsyn_adapter_notify.diary new-key KEYFILE
python -m samsyn_adapter_notify.diary open FILE... --key KEYFILE
"""

from __future__ import annotations

import argparse
import sys
import uuid
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from nacl.encoding import HexEncoder
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from samsyn_adapter_notify.call_list import Contact, call_list
from samsyn_adapter_notify.invitations import Entry, Party, published_calendar
from samsyn_adapter_notify.letters import centre_name, moment, one_line
from samsyn_adapter_notify.news import Known
from samsyn_adapter_notify.recipients import Function, Language, Recipients

SEALED = ".sealed"
_HEADINGS = {
    "sv": ("Reservdagbok", "Insatser", "Inga insatser.", "Ringlista", "bekräftad", "inplanerad"),
    "en": ("Diary", "Operations", "No operations.", "Call list", "confirmed", "scheduled"),
}
_HOW = {
    "sv": (
        "När Samsyn inte går att nå: gör som planerat om ingen ringer. Skriv upp vad som ändras och klockslaget.\n"
        "För in det på skrivbordet efteråt, med tiden när det hände."
    ),
    "en": (
        "When Samsyn is away: do as planned unless somebody calls. Write down what changes, and the time.\n"
        "Enter it on the desk afterwards, with the time at which it happened."
    ),
}


def diary_text(
    function: Function,
    operations: Sequence[Known],
    recipients: Recipients,
    contacts: Sequence[Contact],
    made_at: datetime,
) -> str:
    """The diary to be read: operations by time with code names alone, then whom to call."""
    words = _HEADINGS[function.language]
    lines = [f"{words[0]}: {moment(made_at, function.language)}", "", words[1]]
    lines += [_line(one, function.language) for one in operations] or [words[2]]
    lines += ["", words[3], *call_list(function, recipients, contacts), "", _HOW[function.language], ""]
    return "\n".join(lines)


def diary_calendar(
    function: Function, operations: Sequence[Known], recipients: Recipients, mail_from: str, made_at: datetime
) -> bytes:
    """The same operations as a calendar to be read alone; each centre is the organizer of its own.

    The next morning's entry about an operation takes the place of this one: the same UID, and a SEQUENCE that rises
    with the plan's version (RFC 5545, 3.8.4.7 and 3.8.7.4).
    """
    state = {"confirmed": _HEADINGS[function.language][4], "scheduled": _HEADINGS[function.language][5]}
    entries = [
        Entry(
            uid=_uid(recipients.party, one.operation_id, function.function),
            sequence=one.plan_version,
            summary=f"{one.code_name} ({centre_name(one.centre)})",
            start_at=one.start_at,
            end_at=one.end_at,
            description=state.get(one.state, ""),
            organizer=Party(recipients.organizer(one.centre, mail_from), centre_name(one.centre)),
        )
        for one in operations
    ]
    return published_calendar(entries, made_at)


def sealed(content: bytes, public_key: str) -> bytes:
    """Encrypted so that only who has the private key can read it."""
    return SealedBox(PublicKey(public_key.encode(), HexEncoder)).encrypt(content)


def opened(content: bytes, private_key: str) -> bytes:
    """What was encrypted; ValueError for another key, or a file that is damaged."""
    try:
        return SealedBox(PrivateKey(private_key.strip().encode(), HexEncoder)).decrypt(content)
    except CryptoError as error:
        raise ValueError("the key does not fit this file, or the file is damaged") from error


def _line(known: Known, language: Language) -> str:
    state = _HEADINGS[language][4 if known.state == "confirmed" else 5]
    times = f"{moment(known.start_at, language)} – {moment(known.end_at, language)}"
    return f"- {times}: {one_line(known.code_name)}, {centre_name(known.centre)} ({state})"


def _uid(party: str, operation_id: str, function: str) -> str:
    """Not that of the invitation: what is published alone must not take the place of what is negotiated."""
    return f"{uuid.uuid5(uuid.NAMESPACE_URL, f'urn:samsyn:diary:{party}/{operation_id}/{function}')}@samsyn"


def _new_key(path: Path) -> None:
    private = PrivateKey.generate()
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(private.encode(HexEncoder).decode() + "\n", "utf-8")
    print(private.public_key.encode(HexEncoder).decode())


def _open(paths: Sequence[Path], key: Path) -> None:
    for path in paths:
        content = opened(path.read_bytes(), key.read_text("utf-8"))
        if path.suffixes[-2:-1] == [".ics"]:
            path.with_suffix("").write_bytes(content)
            print(f"{path.with_suffix('')}")
        else:
            print(content.decode())


def main(arguments: Sequence[str] | None = None) -> int:
    """Make a key, or open diaries: a text is printed, a calendar is written beside its file."""
    parser = argparse.ArgumentParser(prog="python -m samsyn_adapter_notify.diary", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("new-key", help="write a new private key to KEYFILE and print the public key")
    making.add_argument("keyfile", type=Path)
    opening = commands.add_parser("open", help="open diaries with the private key")
    opening.add_argument("files", type=Path, nargs="+")
    opening.add_argument("--key", type=Path, required=True)
    told = parser.parse_args(arguments)
    try:
        if told.command == "new-key":
            _new_key(told.keyfile)
        else:
            _open(told.files, told.key)
    except FileExistsError:
        return _failed(f"{told.keyfile} is there already: give another name, nothing is overwritten.")
    except (OSError, ValueError) as error:
        return _failed(f"{error}")
    return 0


def _failed(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
