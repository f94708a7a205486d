"""How the kernels are compiled: once, by Numba, and kept on disk under the fingerprint of their sources.

Numba itself looks only at the file of a kernel, not at those of the kernels that it calls: after a change to one file the
others would run on with what they had compiled in. A folder a fingerprint makes that impossible.
"""

import os
from hashlib import sha256
from pathlib import Path

import numba

HERE = Path(__file__).parent


def _folder() -> Path:
    sources = sha256()
    for source in sorted(HERE.glob("*.py")):
        sources.update(source.read_bytes())
    beside = HERE / "__pycache__"
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "samsyn"
    root = beside if os.access(beside if beside.exists() else HERE, os.W_OK) else home
    return root / f"kernels-{sources.hexdigest()[:16]}"


FOLDER = _folder()
numba.config.CACHE_DIR = str(FOLDER)

kernel = numba.njit(cache=True)
