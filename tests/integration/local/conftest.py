"""A run's folder for each test, outside pytest's own: any pytest that starts on the machine shuts that to others,
and PostgreSQL, which never runs as root, would lose its files in mid-run."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """An empty folder that is gone after the test."""
    with tempfile.TemporaryDirectory(prefix="samsyn-run-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
