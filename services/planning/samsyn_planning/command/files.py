"""Reads JSON files and writes plans whole or not at all; `-` is standard input or output."""

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from samsyn_planning.command.failure import InputError

STANDARD = "-"


def read_json(name: str) -> Any:
    """The JSON value of a file; InputError says where it cannot be read."""
    text = _text_of(name)
    shown = shown_name(name)
    try:
        value = json.loads(text, object_pairs_hook=_with_each_key_once, parse_constant=_no_number)
        if "\\u" in text:  # half a surrogate pair is a text that no file can hold
            json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise InputError(f"{shown} is no JSON: {error.msg} at {where}; mend it there") from None
    except UnicodeEncodeError:
        raise InputError(f"{shown} has half a surrogate pair (\\ud800 to \\udfff); write the whole character") from None
    except RecursionError:
        raise InputError(f"{shown} is nested too deeply; the forms need no more than ten levels") from None
    except ValueError as error:
        raise InputError(f"{shown} is no JSON that can be read: {error}") from None
    return value


def check_may_write(name: str, read: Iterable[str]) -> None:
    """Raise InputError, before any work is done, where a file cannot be written or was read by the same command."""
    if name == STANDARD:
        return
    path = Path(name)
    if path.is_dir():
        raise InputError(f"-o {name} is a folder; name a file")
    if not path.resolve().parent.is_dir():
        raise InputError(f"-o {name} is in a folder that is not there; make the folder first")
    if any(source != STANDARD and path.exists() and path.samefile(source) for source in read):
        raise InputError(f"-o {name} would overwrite what is read; name another file")
    if not os.access(path if path.exists() else path.resolve().parent, os.W_OK):
        raise InputError(f"-o {name} may not be written; name a file where you may write")


def write(name: str, content: bytes) -> None:
    """Write a file in one step: whoever reads it finds the old content or the new, never a part."""
    try:
        if name == STANDARD and sys.stdout is None:
            raise InputError("standard output is closed; name a file by -o")
        if name == STANDARD:
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
        elif Path(name).exists() and not Path(name).is_file():
            Path(name).write_bytes(content)  # a device or a pipe is written to, not replaced
        else:
            _replace(Path(name).resolve(), content)
    except BrokenPipeError:
        raise
    except OSError as error:
        shown = "standard output" if name == STANDARD else f"-o {name}"
        raise InputError(f"{shown} cannot be written: {error.strerror}") from None


def json_bytes(value: Any) -> bytes:
    """A value in the form of the house's files: UTF-8, sorted keys, indent 1, final newline."""
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def shown_name(name: str) -> str:
    """The file's name in a sentence."""
    return "standard input" if name == STANDARD else name


def _replace(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _text_of(name: str) -> str:
    try:
        content = sys.stdin.buffer.read() if name == STANDARD else Path(name).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{shown_name(name)} is not UTF-8: byte {error.start}; save it as UTF-8") from None


def _with_each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r} is there twice in one object; keep one of them")
    return value


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number of JSON; give a finite number")
