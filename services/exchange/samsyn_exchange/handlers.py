"""What the exchange itself does on a message admitted or heard: load, decide, say; whom to tell is the border's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Message

from samsyn_exchange.store import Store

HANDLERS: Mapping[type[Message], Callable[[Any, Envelope, Store], Awaitable[None]]] = {}
