"""Runs notify for one or several parties, with its settings from the environment."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from contextlib import AsyncExitStack

from samsyn_adapter_sdk import SettingsError, not_ready

from samsyn_adapter_notify.health import server
from samsyn_adapter_notify.letters import template_names
from samsyn_adapter_notify.people import People
from samsyn_adapter_notify.recipients import read_recipients
from samsyn_adapter_notify.rules import read_rules
from samsyn_adapter_notify.settings import NotifySettings

_LOG = logging.getLogger("samsyn.notify")


def _opened(settings: NotifySettings) -> list[People]:
    """Everybody's people; whatever is wrong in any file is told before anything is sent."""
    book = read_rules(settings.rules, template_names())
    read = {party: read_recipients(settings.recipients, party, tuple(book.kinds)) for party in settings.connections}
    for party, recipients in read.items():
        if recipients.diary_key is None:
            _LOG.warning("%s: no diary_key in its file of functions: it gets no diary", party)
    return [People(party, settings, recipients, book) for party, recipients in read.items()]


async def _main() -> None:
    settings = NotifySettings.from_environment()
    people = _opened(settings)
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with AsyncExitStack() as stack:
        for one in people:
            await stack.enter_async_context(one)
        _LOG.info("notify: runs for %s", ", ".join(one.party for one in people))
        if settings.http_port is None:
            await stopped.wait()
            return
        # The server takes the signals while it runs, ends, and hands them on to us.
        await server(
            lambda: {one.party: one.status() for one in people},
            lambda: not_ready(one.stands() for one in people),
            settings.http_port,
        ).serve()
        await stopped.wait()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        asyncio.run(_main())
    except SettingsError as error:
        sys.exit(str(error))
