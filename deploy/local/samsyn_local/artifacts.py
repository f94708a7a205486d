"""Java programs from Maven Central: fetched once per user, found again without Maven."""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from samsyn_local.failure import StartError

POMS = Path(__file__).resolve().parents[1]
INSTALL = "apt-get install openjdk-17-jre-headless maven"
NUM_LAST_LINES = 15

Say = Callable[[str], None]


def cache_folder() -> Path:
    """The folder per user where fetched programs stay."""
    root = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(root) / "samsyn"


def java() -> str:
    """The path of a Java of at least version 17; StartError with what to install otherwise."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=f"{home}/bin") if home else shutil.which("java")
    if found is None:
        raise StartError(f"Java is missing, and Kafka needs version 17 or newer. Install it: {INSTALL}")
    version = java_version(found)
    if version < (17,):
        seen = ".".join(str(part) for part in version)
        raise StartError(f"Java here is version {seen}, and Kafka needs 17 or newer. Install it: {INSTALL}")
    return found


def java_version(java_path: str) -> tuple[int, ...]:
    """The version that a Java says it has, as numbers; (0,) when it says none."""
    said = subprocess.run([java_path, "-version"], capture_output=True, text=True, check=False)
    match = re.search(r'version "([\d.]+)', said.stderr)
    return tuple(int(part) for part in match.group(1).split(".") if part) if match else (0,)


def program(name: str, say: Say) -> Path:
    """The folder with the jars that `<name>/pom.xml` declares, fetched by Maven the first time.

    The folder's name holds a hash of the pom: another version is another folder.
    """
    pom = POMS / name / "pom.xml"
    digest = hashlib.sha256(pom.read_bytes()).hexdigest()[:12]
    jars = cache_folder() / f"{name}-{digest}"
    if jars.is_dir():
        return jars
    cache_folder().mkdir(parents=True, exist_ok=True)
    with alone(cache_folder() / f"{name}.lock"):
        if not jars.is_dir():
            say(f"Fetching {name} with Maven, once for this user")
            _fetch(pom, jars)
    return jars


def class_path(jars: Path) -> str:
    """The jars as a Java class path, always in the same order (the class archive asks for that)."""
    return ":".join(str(jar) for jar in sorted(jars.glob("*.jar")))


def version_of(name: str) -> str:
    """The version that the first dependency of `<name>/pom.xml` pins."""
    pom = (POMS / name / "pom.xml").read_text(encoding="utf-8")
    dependency = pom.partition("<dependency>")[2]
    return dependency.partition("<version>")[2].partition("</version>")[0]


@contextlib.contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Hold a lock file, so that two first starts do not do the same work at once."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _fetch(pom: Path, jars: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        name = pom.parent.name
        raise StartError(f"Maven is missing, and the first start fetches {name} with it. Install it: {INSTALL}")
    with tempfile.TemporaryDirectory(dir=jars.parent) as folder:
        fetched = Path(folder) / "jars"
        command = [maven, "-B", "-q", "-f", str(pom), "dependency:copy-dependencies"]
        command += ["-DincludeScope=runtime", f"-DoutputDirectory={fetched}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0 or not any(fetched.glob("*.jar")):
            last = "\n".join((done.stdout + done.stderr).splitlines()[-NUM_LAST_LINES:])
            raise StartError(f"Maven could not fetch {pom.parent.name}; its last lines:\n{last}")
        fetched.rename(jars)
