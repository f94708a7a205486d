"""A plugin of pytest that refuses to test anything but the planted copy: `-p tests.plant.witness`."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import pytest

PLANTED = "SAMSYN_PLANTED"  # "<package>=<folder>": where the package must come from
NOT_THE_COPY = 90


def pytest_sessionstart() -> None:
    """End the session unless Python finds the package in the folder of the planted copy."""
    package, _, folder = os.environ[PLANTED].partition("=")
    spec = find_spec(package)
    origin = spec.origin if spec is not None else None
    if origin is None or not Path(origin).is_relative_to(folder):
        pytest.exit(f"{package} comes from {origin}, not from {folder}", returncode=NOT_THE_COPY)
