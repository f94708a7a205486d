"""The desk and the notifications beside a demo, for who wants to look on while it runs or afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from samsyn_local.artifacts import Say
from samsyn_local.infrastructure import Infrastructure
from samsyn_local.people import mail_folder, people, told_users
from samsyn_local.run_folder import RunFolder


@contextmanager
def the_people(infrastructure: Infrastructure, exchange: str, say: Say) -> Iterator[None]:
    """Sign-in, post office, notifications and desk, as long as the block lasts; tells where they are."""
    parts = people(infrastructure, exchange)
    try:
        for part in parts:
            part.start()
        for part in parts:
            part.wait_ready()
        say(f"The desk: {parts[-1].address}, without passwords, for trying it. Sit there as")
        for line in told_users():
            say(f"  {line}")
        yield
    finally:
        for part in reversed(parts):
            part.stop()


def tell_of_the_desk(folder: Path, say: Say) -> None:
    """Where the same desk is found once the demo is over, and what was mailed."""
    run = RunFolder(folder / "run")
    num_mails = len(list(mail_folder(run).glob("*.eml")))
    say(f"The desk with these four weeks: `samsyn up --dir {run.path}`, then the address that it tells")
    say(f"Mails and calendar invitations sent: {num_mails}, kept in {mail_folder(run)}")
