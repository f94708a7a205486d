"""Runs the Tax Agency's adapter alone, with its settings from the environment."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from pathlib import Path

from samsyn_adapter_sdk import Contents, Settings, SettingsError, run

from samsyn_adapter_skatteverket.adapter import TaxAgencyAdapter
from samsyn_adapter_skatteverket.reading import Encoding

_FOLDER = "SAMSYN_SKATTEVERKET_FOLDER"
_ENCODINGS: dict[str, Encoding] = {"utf-8": "utf-8", "windows-1252": "windows-1252"}


def _folder() -> Path:
    folder = os.environ.get(_FOLDER)
    if not folder:
        raise SettingsError(f"Set {_FOLDER} (the folder with `in` and `ut` that the agency's system uses).")
    missing = [name for name in ("in", "ut") if not Path(folder, name).is_dir()]
    if missing:
        raise SettingsError(f"{_FOLDER} has no folder {' and no folder '.join(missing)}: make them, or mend the path.")
    return Path(folder)


def _encoding() -> Encoding:
    found = _ENCODINGS.get(os.environ.get("SAMSYN_SKATTEVERKET_ENCODING", "utf-8"))
    if found is None:
        raise SettingsError("SAMSYN_SKATTEVERKET_ENCODING must be utf-8 or windows-1252.")
    return found


async def _main() -> None:
    settings = Settings.from_environment()
    folder, encoding = _folder(), _encoding()
    poll_seconds = float(os.environ.get("SAMSYN_SKATTEVERKET_POLL_SECONDS", "30"))
    contents = Contents.of(settings)
    await run(TaxAgencyAdapter(folder, contents, encoding, poll_seconds), settings)
    await contents.close()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        asyncio.run(_main())
    except SettingsError as error:
        sys.exit(str(error))
