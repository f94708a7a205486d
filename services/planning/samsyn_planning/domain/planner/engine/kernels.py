"""How the kernels are compiled: once, by Numba, and kept on disk under the fingerprint of their sources.

Numba itself looks only at the file of a kernel, not at those of the kernels that it calls: after a change to one file
the others would run on with what they had compiled in. A folder a fingerprint makes that impossible.
"""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def folder_of(engine: Path) -> Path:
    """Where the kernels of an engine's folder are kept: beside them if that may be written, else in the user's cache.

    The name holds a fingerprint of all the engine's sources.
    """
    sources = sha256()
    for source in sorted(engine.glob("*.py")):
        sources.update(source.read_bytes())
    beside = engine / "__pycache__"
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "samsyn"
    root = beside if os.access(beside if beside.exists() else engine, os.W_OK) else home
    return root / f"kernels-{sources.hexdigest()[:16]}"


# Numba's own module sets its settings as it is imported, out of a type checker's sight.
vars(numba.config)["CACHE_DIR"] = str(folder_of(Path(__file__).parent))


def kernel(function: Function) -> Function:
    """The function compiled, at its first call or from what was kept; called as before."""
    return cast(Function, numba.njit(cache=True)(function))
