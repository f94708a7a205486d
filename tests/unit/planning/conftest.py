"""Compiles the planner before its tests, where this machine has not yet done so: no test waits for it unawares."""

import pytest
from samsyn_planning.domain.warming import is_compiled, warm


@pytest.fixture(scope="session", autouse=True)
def compiled(request: pytest.FixtureRequest) -> None:
    """Say what is going on, and compile."""
    if is_compiled():
        return
    reporter = request.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None:
        reporter.write_line("Compiling the planner's kernels, once for this version of them (up to a minute) …")
    warm()
