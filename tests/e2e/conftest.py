"""One running Samsyn for all end-to-end tests; a test that fails prints what was said during it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator

import pytest
from samsyn_local.infrastructure import SERVICES, Infrastructure

from tests.support.samsyn import Samsyn, running_samsyn
from tests.support.trail import Heard

MAX_RECORDS_SHOWN, MAX_WARNINGS_SHOWN = 120, 20


@pytest.fixture(scope="session")
async def samsyn(infrastructure: Infrastructure) -> AsyncIterator[Samsyn]:
    """Every service as a process; each test uses a centre or a week that no other test uses."""
    async with running_samsyn(infrastructure) as running:
        yield running


@pytest.fixture(autouse=True)
async def _trail(request: pytest.FixtureRequest, samsyn: Samsyn) -> None:
    """Note where the trail stands when the test begins; what a failed test has left down is started again."""
    await samsyn.start(*(part.name for part in samsyn.services.parts if not part.is_running))
    request.node.stash[TRAIL] = (samsyn, len(samsyn.trail.records))


TRAIL = pytest.StashKey[tuple[Samsyn, int]]()
MEASURED = pytest.StashKey[list[str]]()


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> list[str]:
    """What a test measures and does not judge: shown at the end of the run."""
    return request.config.stash.setdefault(MEASURED, [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Show what was measured."""
    for line in config.stash.get(MEASURED, []):
        terminalreporter.write_line(f"measured: {line}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the records of the test to the report of its failure."""
    report = yield
    if report.when == "call" and report.failed and TRAIL in item.stash:
        samsyn, since = item.stash[TRAIL]
        said = [str(record) for record in samsyn.trail.records[since:] if _is_telling(record)]
        report.sections.append(("what was said during the test", "\n".join(said[-MAX_RECORDS_SHOWN:])))
        report.sections.append(("what the services warned of", "\n".join(_warnings(samsyn)[-MAX_WARNINGS_SHOWN:])))
    return report


def _is_telling(record: Heard) -> bool:
    """Not what stands on another topic as well, and not the news that everybody hears."""
    is_said_again = record.topic.startswith("samsyn.from.") or record.name in ("EventAdmitted", "TimePassed")
    return not is_said_again and not (record.topic.startswith("samsyn.to.") and record.name == "InspectionProposed")


def _warnings(samsyn: Samsyn) -> list[str]:
    lines = [f"{name}: {line}" for name in SERVICES for line in samsyn.log(name).splitlines()]
    return [line for line in lines if any(level in line for level in ("WARNING", "ERROR", "CRITICAL", "Error: "))]
