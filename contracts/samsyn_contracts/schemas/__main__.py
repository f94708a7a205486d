"""The command: `python -m samsyn_contracts.schemas write | check | release`."""

from __future__ import annotations

import sys

from samsyn_contracts.schemas import committed

USAGE = """python -m samsyn_contracts.schemas write | check | release
  write    write contracts/schemas, asyncapi.json and the table in contracts/README.md from the message classes
  check    fail if one of them has drifted, or breaks with contracts/released without a new major version
  release  keep today's schemas and examples in contracts/released, as what others now rely on"""


def main(arguments: list[str]) -> int:
    """Run the command; returns its exit status."""
    commands = {"write": _write, "check": _check, "release": _release}
    command = commands.get(arguments[0]) if len(arguments) == 1 else None
    if command is None:
        print(USAGE, file=sys.stderr)
        return 2
    if not (committed.CONTRACTS / "examples").is_dir():
        print("This works in a checkout of Samsyn only: contracts/examples is not here.", file=sys.stderr)
        return 2
    return command()


def _write() -> int:
    changed = committed.write()
    print("\n".join(f"wrote {path}" for path in changed) or "Nothing changed.")
    return 0


def _check() -> int:
    found = committed.faults()
    print("\n".join(found) or "The committed schemas are what the message classes say, and break nothing released.")
    return 1 if found else 0


def _release() -> int:
    try:
        kept = committed.release()
    except ValueError as error:
        print(error)
        return 1
    print(f"Kept {len(kept)} files in contracts/released.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
