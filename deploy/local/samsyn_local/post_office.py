"""A mail server for one machine: takes every mail and keeps it as a file, so that what is sent can be looked at.

`python -m samsyn_local.post_office`, with SAMSYN_SMTP_PORT and SAMSYN_MAIL_DIR; on the loopback alone.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from email import message_from_bytes, policy
from itertools import count
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"


class Letterbox:
    """Keeps each mail as `0001-<recipient>.eml`, numbered on from those that are there."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._numbers = count(len(list(folder.glob("*.eml"))) + 1)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the name that aiosmtpd calls
        """Keep the mail, whole or not at all, then say that it is taken."""
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        recipient = str(message_from_bytes(content, policy=policy.SMTP)["To"] or "nobody")
        safe = "".join(sign if sign.isalnum() or sign in "-.@" else "_" for sign in recipient)[:80]
        path = self._folder / f"{next(self._numbers):04d}-{safe}.eml"
        beside = path.with_suffix(".part")
        beside.write_bytes(content)
        beside.replace(path)
        return "250 taken"


def main() -> int:
    """Serve until told to stop; 2 with a sentence where a variable is missing."""
    missing = [name for name in ("SAMSYN_SMTP_PORT", "SAMSYN_MAIL_DIR") if not os.environ.get(name)]
    if missing:
        print(f"The post office does not start. Set {', '.join(missing)}.", file=sys.stderr)
        return 2
    box = Letterbox(Path(os.environ["SAMSYN_MAIL_DIR"]))
    controller = Controller(box, hostname=HOST, port=int(os.environ["SAMSYN_SMTP_PORT"]))
    controller.start()
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    stopped.wait()
    controller.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
