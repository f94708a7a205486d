"""`samsyn plan` as a process of its own: what it does not need is not imported, and who stops reading stops nothing."""

import json
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE

import pytest

from tests.support.planning_forms import a_plan, a_problem

NOT_NEEDED = {
    *("aiokafka", "faststream", "sqlmodel", "sqlalchemy", "asyncpg", "alembic", "fastapi", "uvicorn", "starlette"),
    *("opentelemetry", "prometheus_client", "pydantic", "httpx", "typer", "samsyn_chassis", "samsyn_contracts"),
    *("samsyn_local.cli", "asyncio", "http", "ssl"),
}


def loaded_by(folder: Path, *arguments: str) -> set[str]:
    """Give every module that `samsyn` had imported when it ended well."""
    subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys\n"
            "from samsyn_local.dispatch import main\n"
            "sys.argv = ['samsyn', *sys.stdin.read().split()]\n"
            "try:\n"
            "    main()\n"
            "except SystemExit as ended:\n"
            "    print(ended.code, *sys.modules, file=open('loaded', 'w'))\n",
        ],
        cwd=folder,
        input=" ".join(arguments),
        text=True,
        check=True,
        timeout=60,
    )
    status, *loaded = (folder / "loaded").read_text().split()
    assert status == "0"
    return set(loaded)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a problem and its plan."""
    (tmp_path / "problem.json").write_text(json.dumps(a_problem()))
    (tmp_path / "plan.json").write_text(json.dumps(a_plan()))
    return tmp_path


def test_planning_loads_no_broker_database_web_or_telemetry(folder: Path) -> None:
    loaded = loaded_by(folder, "plan", "problem.json", "-o", "made.json")

    assert "samsyn_planning.domain.planner" in loaded
    assert loaded & NOT_NEEDED == set()


def test_telling_plans_apart_loads_no_planner(folder: Path) -> None:
    loaded = loaded_by(folder, "plan", "diff", "plan.json", "plan.json")

    assert {name for name in loaded if name.startswith("samsyn_planning.domain.planner")} == set()
    assert loaded & (NOT_NEEDED | {"numba", "numpy", "ortools"}) == set()


def test_a_reader_that_has_seen_enough_ends_it_without_a_word(folder: Path) -> None:
    with subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys\nfrom samsyn_planning.command.plan import plan\nsys.exit(plan(['generate', '--size', 'L']))\n",
        ],
        stdout=PIPE,
        stderr=PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        said = process.stderr.read()
        assert (process.wait(timeout=60), said) == (0, b"")


def test_a_plan_is_written_though_nobody_listens_to_the_progress(folder: Path) -> None:
    with subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys\n"
            "from samsyn_planning.command.plan import plan\n"
            "sys.stdin.read()\n"
            "sys.exit(plan(['problem.json', '-o', 'made.json']))\n",
        ],
        cwd=folder,
        stdin=PIPE,
        stderr=PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stderr.close()
        process.stdin.close()
        assert process.wait(timeout=60) == 0

    assert json.loads((folder / "made.json").read_text())["schema"] == "samsyn-plan/1"
