"""Runs a supervisor whose services are stand-ins: `python -m tests.integration.local.supervise FOLDER`."""

import sys
from pathlib import Path

from samsyn_local.supervisor import Supervisor, Wanted

if __name__ == "__main__":
    stand_in = "tests.integration.local.stand_in_service"
    Supervisor(Wanted(Path(sys.argv[1]), module=stand_in), lambda said: print(said, flush=True)).run()
