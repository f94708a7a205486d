"""Rebuilds the read models of a service of a run that is up: `samsyn rebuild reporting`."""

import os
import subprocess
import sys

from samsyn_local.failure import StartError
from samsyn_local.run_folder import RunFolder


def rebuild_in(run: RunFolder, service: str, *, replace: bool) -> int:
    """Run the service's own rebuild over the run's Kafka and PostgreSQL; its exit status."""
    run.refuse_half_restored()
    told = run.read_status()
    if run.holder() is None or "kafka" not in told:
        raise StartError(f"No run is up in {run.path}: `samsyn up` starts one, with what it had.")
    settings = {
        "SAMSYN_KAFKA": told["kafka"],
        "SAMSYN_DATABASE": told["databases"][service],
        "SAMSYN_HTTP_PORT": "0",  # a setting of every service; a rebuild answers on none
        "SAMSYN_ENVIRONMENT": "test",
        "SAMSYN_DEAD_LETTER_KEY": os.environ.get("SAMSYN_DEAD_LETTER_KEY") or run.dead_letter_key(),
    }
    command = [sys.executable, "-m", f"samsyn_{service}.rebuild", *(["--replace"] if replace else [])]
    return subprocess.call(command, env={**os.environ, **settings})
