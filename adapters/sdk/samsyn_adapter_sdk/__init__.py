"""What every Samsyn adapter stands on: say what the agency has decided, hear what concerns it."""

from samsyn_adapter_sdk.connection import Connection, Status, not_ready, run
from samsyn_adapter_sdk.contents import Contents, ContentsRefusedError, contents_ref
from samsyn_adapter_sdk.settings import Settings, SettingsError
from samsyn_adapter_sdk.statement import Adapter, RetryError, Saying, Skipped, Statement, event_id

__all__ = [
    "Adapter",
    "Connection",
    "Contents",
    "ContentsRefusedError",
    "RetryError",
    "Saying",
    "Settings",
    "SettingsError",
    "Skipped",
    "Statement",
    "Status",
    "contents_ref",
    "event_id",
    "not_ready",
    "run",
]
