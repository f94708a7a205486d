"""`samsyn rebuild` where it cannot be done."""

from __future__ import annotations

from pathlib import Path

import pytest
from samsyn_local.failure import StartError
from samsyn_local.rebuild import rebuild_in
from samsyn_local.run_folder import RunFolder


def test_a_run_that_is_not_up_cannot_be_rebuilt_and_the_remedy_is_told(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    run.write_status({"kafka": "127.0.0.1:1", "databases": {"reporting": "postgresql://127.0.0.1:1/reporting"}})

    with pytest.raises(StartError, match="`samsyn up` starts one"):
        rebuild_in(run, "reporting", replace=False)
