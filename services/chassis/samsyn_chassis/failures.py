"""Tells where in the code something failed, and never about what: texts of errors hold values, and values contents."""

from __future__ import annotations

import traceback


def where(error: BaseException) -> str:
    """The kinds of an error and of those behind it, each with its lines of code; one line of text or more."""
    told, behind = list[str](), error
    while True:
        told += [type(behind).__name__, *(line.rstrip() for line in traceback.format_tb(behind.__traceback__))]
        next_ = behind.__cause__ or (None if behind.__suppress_context__ else behind.__context__)
        if next_ is None:
            return "\n".join(told)
        behind = next_
