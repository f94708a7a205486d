"""A run's folder for each test, outside pytest's own, which shuts others out; PostgreSQL never runs as root."""

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
