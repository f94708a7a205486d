"""What is committed beside the package: written anew, compared, and judged against the released copies."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import samsyn_contracts
from samsyn_contracts.audience import AUDIENCES
from samsyn_contracts.register import load_register
from samsyn_contracts.schemas.asyncapi import asyncapi_document
from samsyn_contracts.schemas.compatibility import breaks
from samsyn_contracts.schemas.generation import ENVELOPE_FILE, all_schemas
from samsyn_contracts.schemas.table import with_table

CONTRACTS = Path(samsyn_contracts.__file__).parents[1]


def write(folder: Path = CONTRACTS) -> list[str]:
    """Write schemas, AsyncAPI and the README's table; returns the paths that changed, below `folder`."""
    changed = []
    for path, text in _generated(folder).items():
        if _read(folder / path) != text:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, "utf-8")
            changed.append(path)
    for path in _orphans(folder):
        (folder / path).unlink()
        changed.append(path)
    return changed


def faults(folder: Path = CONTRACTS) -> list[str]:
    """A sentence for every committed file that has drifted, and for every break with what was released."""
    drifted = [path for path, text in _generated(folder).items() if _read(folder / path) != text]
    sentences = [f"{path}: is not what the message classes say; run `make schemas`." for path in drifted]
    sentences += [f"{path}: no message class makes this file; run `make schemas`." for path in _orphans(folder)]
    return sentences + list(incompatible(all_schemas(), released_schemas(folder)))


def incompatible(schemas: Mapping[str, Any], released: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each way in which `schemas` break with the `released` ones of the same major version."""
    for path, old in released.items():
        if path in schemas:
            for found in breaks(old, schemas[path], is_heard=_is_heard(path)):
                yield f"{path}: {found}. A new major version is needed."
        elif not _has_newer_major(path, schemas):
            yield f"{path}: the message is gone, and no newer major version has taken its place."


def release(folder: Path = CONTRACTS) -> list[str]:
    """Keep today's schemas and examples as released; refused (ValueError) while anything drifts or breaks."""
    found = faults(folder)
    if found:
        raise ValueError("\n".join(found))
    kept = {f"released/schemas/{path}": _json(schema) for path, schema in all_schemas().items()}
    for path, example in committed_examples(folder).items():
        kept[f"released/messages/{version('samsyn-contracts')}/{path}"] = _json(example)
    for path, text in kept.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return sorted(kept)


def committed_examples(folder: Path = CONTRACTS) -> dict[str, Any]:
    """Every committed example by its file's name: {"headers": …, "body": …}."""
    return _json_files(folder / "examples")


def released_schemas(folder: Path = CONTRACTS) -> dict[str, Any]:
    """The schemas of the last release by their file's name."""
    return _json_files(folder / "released" / "schemas")


def _generated(folder: Path) -> dict[str, str]:
    texts = {f"schemas/{path}": _json(schema) for path, schema in all_schemas().items()}
    texts["schemas/asyncapi.json"] = _json(asyncapi_document(committed_examples(folder)))
    texts["README.md"] = with_table(_read(folder / "README.md"), load_register())
    return texts


def _orphans(folder: Path) -> list[str]:
    present = {f"schemas/{path.name}" for path in (folder / "schemas").glob("*.json")}
    return sorted(present - _generated(folder).keys())


def _is_heard(path: str) -> bool:
    """Whether parties hear the message; all of them read the envelope."""
    if path == ENVELOPE_FILE:
        return True
    audience = AUDIENCES.get(path.partition(".")[0])
    return audience is None or bool(audience.parties)


def _has_newer_major(path: str, schemas: Mapping[str, Any]) -> bool:
    name, major = _parts(path)
    return any(_parts(other)[0] == name and _parts(other)[1] > major for other in schemas)


def _parts(path: str) -> tuple[str, int]:
    """Name and major version in `<Name>.v<major>.json`."""
    name, _, major = path.removesuffix(".json").rpartition(".v")
    return name, int(major)


def _json_files(folder: Path) -> dict[str, Any]:
    return {path.name: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
