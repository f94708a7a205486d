"""Has the engine's compiled parts ready before a solve begins, and says so where that takes a while."""

from collections.abc import Callable
from importlib import import_module
from threading import Timer

ENGINE = "samsyn_planning.domain.warming"
SAID_AFTER_SECONDS = 1.0
SENTENCE = "compiling the engine's kernels, once on this machine; the next start is fast …"


def warmed(say: Callable[[str], None], warm: Callable[[], object] | None = None) -> None:
    """Warm the engine (or what is given in its place), and say what is going on once it has taken a second."""
    warming = warm or _warm_of_engine()  # importing takes a while too, every time: it is not what is told of
    timer = Timer(SAID_AFTER_SECONDS, say, [SENTENCE])
    timer.daemon = True
    timer.start()
    try:
        warming()
    finally:
        timer.cancel()


def _warm_of_engine() -> Callable[[], object]:
    engine = import_module(ENGINE)
    warm: Callable[[], object] = int if engine.is_compiled() else engine.warm
    return warm
