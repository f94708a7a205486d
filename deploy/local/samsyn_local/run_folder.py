"""The folder of one run: its ports, its lock, its logs and what `samsyn status` reads."""

import fcntl
import hashlib
import json
import os
import secrets
import socket
import time
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from nacl.public import PrivateKey

from samsyn_local.failure import StartError

CHECKOUT = Path(__file__).resolve().parents[3]
DEFAULT = CHECKOUT / "var" / "run"
# Below the range from which the system takes ports for outgoing connections.
LOWEST_PORT, NUM_PORTS = 12_000, 18_000
OF_DIARIES = "diary-key"


class RunFolder:
    """A run's folder; what it remembers makes the second start quick and tells two runs apart."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.path.mkdir(parents=True, exist_ok=True)
        self._lock: TextIOWrapper | None = None

    @property
    def status_path(self) -> Path:
        """Where every address and pid is written."""
        return self.path / "status.json"

    @property
    def restoring_path(self) -> Path:
        """What is there from the beginning of a restore to its end."""
        return self.path / "restoring"

    def refuse_half_restored(self) -> None:
        """StartError where a restore was not finished: services would give again the numbers of the lost time."""
        if self.restoring_path.exists():
            raise StartError(
                f"A restore into {self.path} was not finished ({self.restoring_path.name} is there): `samsyn down`, "
                "empty the folder but for its four keys, `samsyn up --only infra --detach`, and restore again."
            )

    def log(self, part: str) -> Path:
        """The log of one part."""
        return self.path / "log" / f"{part}.log"

    def state(self, part: str) -> Path:
        """The folder in which one part keeps what it must remember."""
        folder = self.path / "state" / part
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def mark_prefix(self) -> str:
        """The beginning of the marks of all processes ever started from this folder."""
        path = self.path / "run-id"
        if not path.exists():
            path.write_text(secrets.token_hex(8), encoding="ascii")
        return path.read_text(encoding="ascii") + "."

    def new_mark(self) -> str:
        """A mark for the processes of one start."""
        return self.mark_prefix() + secrets.token_hex(4)

    def clock(self) -> str:
        """The exchange's clock when it last ran here: real, or driven as in the demo, which leaves no status."""
        told, is_of_demo = self.read_status(), (self.path / "postgres").exists()
        return str(told.get("clock", "real")) if told else "driven" if is_of_demo else "real"

    def token_secret(self) -> str:
        """What the exchange of this run makes the parties' tokens from: made once, readable by its owner alone."""
        return self._secret("token-secret")

    def contents_key(self) -> str:
        """What the exchange of this run seals the keys of contents by; without it they can be read no more."""
        return self._secret("contents-key")

    def dead_letter_key(self) -> str:
        """The public key (hex) that this run's dead letters are sealed to; `dead-letter-key` holds the private one."""
        return self._public_half("dead-letter-key")

    def diary_key(self) -> str:
        """The public key (hex) that diaries for people are sealed to; `diary-key` holds the private one."""
        return self._public_half(OF_DIARIES)

    def key_prints(self) -> dict[str, str]:
        """Of the keys without which what is kept or was sent cannot be read, by file, a hash that tells two apart."""
        keys = {name: self._secret(name) for name in ("contents-key", "dead-letter-key", OF_DIARIES)}
        return {name: hashlib.sha256(f"{name} {key}".encode()).hexdigest() for name, key in keys.items()}

    def _public_half(self, name: str) -> str:
        return bytes(PrivateKey(bytes.fromhex(self._secret(name))).public_key).hex()

    def _secret(self, name: str) -> str:
        path = self.path / name
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(32), encoding="ascii")
        return path.read_text(encoding="ascii")

    def port(self, name: str) -> int:
        """The port of `name`: the one of the last start when it is free, otherwise a new free one."""
        path = self.path / "ports.json"
        ports: dict[str, int] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        if name not in ports or not is_free(ports[name]):
            ports[name] = _free_port(set(ports.values()))
            write_atomically(path, json.dumps(ports, indent=2))
        return ports[name]

    def lock(self) -> None:
        """Take the folder for this process until it ends; StartError when another one has it."""
        held = (self.path / "lock").open("a+", encoding="ascii")
        if not _locked_soon(held):
            holder = self.holder()
            held.close()
            raise StartError(
                f"A run in {self.path} is already up (process {holder}); "
                "`samsyn down` stops it, `--run NAME` starts another beside it."
            )
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        self._lock = held

    def unlock(self) -> None:
        """Give the folder back."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def holder(self) -> int | None:
        """The process that has the folder now, None when none has: a pid left in a file does not count."""
        path = self.path / "lock"
        if not path.exists():
            return None
        with path.open("r", encoding="ascii") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(held.read() or 0)
        return None

    def write_status(self, status: dict[str, Any]) -> None:
        """Write the status whole or not at all; the default run's is also var/status.json."""
        write_atomically(self.status_path, json.dumps(status, indent=2, ensure_ascii=False) + "\n")
        if self.path == DEFAULT and not (link := DEFAULT.parent / "status.json").exists():
            link.unlink(missing_ok=True)
            link.symlink_to(self.status_path.relative_to(link.parent))

    def read_status(self) -> dict[str, Any]:
        """The status last written; empty when there is none."""
        if not self.status_path.exists():
            return {}
        status: dict[str, Any] = json.loads(self.status_path.read_text(encoding="utf-8"))
        return status


def write_atomically(path: Path, text: str) -> None:
    """Replace a file in one step, so that a reader sees the old or the new one."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def is_free(port: int) -> bool:
    """Whether a server could listen on the loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _locked_soon(held: TextIOWrapper) -> bool:
    """Try for half a second: one who asks for the status holds the lock for an instant."""
    for _ in range(10):
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.05)
        else:
            return True
    return False


def _free_port(taken: set[int]) -> int:
    for _ in range(1000):
        port = LOWEST_PORT + secrets.randbelow(NUM_PORTS)
        if port not in taken and is_free(port):
            return port
    raise StartError("No free port was found on 127.0.0.1.")
