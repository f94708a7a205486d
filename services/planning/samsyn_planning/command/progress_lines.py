"""Progress as aligned lines for people: one line an event, no more than five a second."""

from collections.abc import Callable
from threading import Lock, Timer
from time import monotonic
from typing import Protocol

PAUSE_SECONDS = 0.2
_ROW = "{seconds:>9}  {rung:<22} {best:>11} {bound:>13} {gap:>9}"


class Event(Protocol):
    """What a solve tells while it runs (`samsyn_planning.domain.planner.Progress`, which takes long to import)."""

    @property
    def rung(self) -> str:
        """The rung of the ladder."""

    @property
    def best(self) -> int:
        """The best objective so far."""

    @property
    def bound(self) -> float | None:
        """No plan has an objective above it; None where none is known yet."""

    @property
    def gap(self) -> float | None:
        """How far the best may be from the optimum, as a share of the bound."""


class ProgressLines:
    """Says events as they come; of those that come too soon the last is said when the pause is over."""

    def __init__(self, say: Callable[[str], None], pause_seconds: float = PAUSE_SECONDS) -> None:
        self._say, self._pause = say, pause_seconds
        self._began = monotonic()
        self._lock = Lock()
        self._said_at: float | None = None
        self._waiting: str | None = None
        self._timer: Timer | None = None

    def see(self, event: Event) -> None:
        """Take one event."""
        now = monotonic()
        with self._lock:
            self._waiting = _row(now - self._began, event)
            if self._said_at is None:
                self._say(_ROW.format(seconds="seconds", rung="rung", best="best", bound="bound", gap="gap"))
            wait = 0.0 if self._said_at is None else self._said_at + self._pause - now
            if wait <= 0:
                self._flush()
            elif self._timer is None:
                self._timer = Timer(wait, self._flush_late)
                self._timer.daemon = True
                self._timer.start()

    def finish(self) -> None:
        """Say what still waits."""
        with self._lock:
            self._flush()

    def _flush_late(self) -> None:
        with self._lock:
            self._flush()

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._waiting is not None:
            self._say(self._waiting)
            self._said_at = monotonic()
        self._waiting = self._timer = None


def _row(seconds: float, event: Event) -> str:
    return _ROW.format(
        seconds=f"{seconds:.2f}",
        rung=event.rung,
        best=event.best,
        bound=shown_bound(event.bound),
        gap=shown_gap(event.gap),
    )


def shown_bound(bound: float | None) -> str:
    """A bound with one decimal; a dash where none is known."""
    return "–" if bound is None else f"{bound:.1f}"


def shown_gap(gap: float | None) -> str:
    """A gap in percent; a dash where no bound is known."""
    return "–" if gap is None else f"{100 * gap:.2f} %"
