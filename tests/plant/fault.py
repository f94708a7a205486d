"""A planted fault as data: what it breaks, where, and the tests that must turn red."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True)
class Fault:
    """Replace `text` (found once in `file`) by `planted`: at least one of `tests` must fail, and none otherwise.

    `file` is a path from the root of the checkout, `tests` are node ids as pytest takes them.
    """

    name: str
    breaks: str
    file: str
    text: str
    planted: str
    tests: tuple[str, ...]

    @property
    def package(self) -> PurePosixPath:
        """The import package that the file belongs to, as a path from the root."""
        parts = PurePosixPath(self.file).parts
        depth = next(number for number, part in enumerate(parts) if part.startswith("samsyn_"))
        return PurePosixPath(*parts[: depth + 1])
