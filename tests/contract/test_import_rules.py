"""Each rule of import is seen to break when a forbidden import is planted, so that a green check means something."""

from __future__ import annotations

import ast
import configparser
import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from subprocess import PIPE, STDOUT, Popen

import pytest

from tests.contract.saying import ROOT

SETTINGS = configparser.ConfigParser()
SETTINGS.read(ROOT / ".importlinter", "utf-8")
PACKAGES = SETTINGS["importlinter"]["root_packages"].split()
RULES = [name.rpartition(":")[2] for name in SETTINGS.sections() if ":contract:" in name]
PLANTS = {
    "arrows": ("samsyn_planning/handlers.py", "import samsyn_inspection"),
    "two-sides": ("samsyn_adapter_polisen/adapter.py", "import samsyn_chassis"),
    "people": ("samsyn_adapter_notify/__init__.py", "import samsyn_chassis"),
    "pure-desk": ("samsyn_adapter_desk/domain/__init__.py", "import asyncio"),
    "no-sdk-in-services": ("samsyn_planning/handlers.py", "import samsyn_adapter_sdk"),
    "service-shape": ("samsyn_planning/store.py", "import samsyn_planning.handlers"),
    "pure-domain": ("samsyn_planning/domain/__init__.py", "import asyncio"),
    "lean-contracts": ("samsyn_contracts/bus.py", "import aiokafka"),
    "lean-command": ("samsyn_planning/command/__init__.py", "import samsyn_contracts.capacity"),
    "two-minds": ("samsyn_planning/domain/verifier/__init__.py", "import samsyn_planning.domain.planner"),
    "compiled-engine": ("samsyn_planning/domain/planner/finishing.py", "import numba"),
}


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """All packages and their rules, copied to where something may be planted in them."""
    for package in PACKAGES:
        spec = find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        shutil.copytree(
            Path(spec.origin).parent, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "data")
        )
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def broken_rules(folder: Path) -> set[str]:
    with Popen(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "500"},
        stdout=PIPE,
        stderr=STDOUT,
        text=True,
    ) as process:
        told, _ = process.communicate()
    assert "Contracts: " in told, told
    return {line.partition(":")[0] for line in told.splitlines() if " BROKEN" in line}


def plant(folder: Path, path: str, line: str) -> None:
    with (folder / path).open("a", encoding="utf-8") as module:
        module.write(f"\n{line}\n")


def test_every_rule_has_something_planted_against_it() -> None:
    assert PLANTS.keys() == set(RULES)


def test_nothing_is_broken_where_nothing_is_planted(copied: Path) -> None:
    assert broken_rules(copied) == set()


@pytest.mark.parametrize("rule", RULES)
def test_a_planted_import_breaks_its_rule(copied: Path, rule: str) -> None:
    plant(copied, *PLANTS[rule])
    assert rule in broken_rules(copied)


def test_a_module_that_has_no_place_in_a_services_shape_is_seen(copied: Path) -> None:
    (copied / "samsyn_planning" / "odds_and_ends.py").write_text('"""No place."""\n')
    assert broken_rules(copied) == {"service-shape"}


def test_the_contracts_need_nothing_but_pydantic() -> None:
    imported = {
        name.partition(".")[0]
        for path in (ROOT / "contracts" / "samsyn_contracts").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in names_imported(node)
    }
    assert imported - sys.stdlib_module_names == {"pydantic", "pydantic_core", "samsyn_contracts"}


def names_imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
