"""A missing or too old program gets one sentence that says what to install."""

from pathlib import Path

import pytest
from samsyn_local import artifacts
from samsyn_local.failure import StartError


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with nothing on it, and a cache of this test alone."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


def a_program(path: Path, name: str, script: str) -> None:
    program = path / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_a_missing_java_says_what_to_install(path: Path) -> None:
    with pytest.raises(StartError, match=r"^Java is missing.* apt-get install openjdk-17-jre-headless maven$"):
        artifacts.java()


def test_an_old_java_says_its_version_and_what_to_install(path: Path) -> None:
    a_program(path, "java", """echo 'openjdk version "11.0.2" 2019-01-15' >&2""")
    with pytest.raises(StartError, match=r"^Java here is version 11\.0\.2, .* apt-get install openjdk-17"):
        artifacts.java()


def test_a_java_of_version_17_is_taken(path: Path) -> None:
    a_program(path, "java", """echo 'openjdk version "17.0.1" 2021-10-19' >&2""")
    assert artifacts.java() == str(path / "java")


def test_a_missing_maven_says_what_to_install(path: Path) -> None:
    with pytest.raises(StartError, match=r"^Maven is missing.* apt-get install openjdk-17-jre-headless maven$"):
        artifacts.program("kafka", lambda _said: None)


def test_a_failing_maven_shows_its_last_lines_and_leaves_no_half_cache(path: Path) -> None:
    a_program(path, "mvn", "echo '[ERROR] no such artifact'; exit 1")
    with pytest.raises(StartError, match=r"its last lines:\n.*no such artifact"):
        artifacts.program("kafka", lambda _said: None)
    assert not [folder for folder in artifacts.cache_folder().iterdir() if folder.is_dir()]


def test_what_has_been_fetched_once_needs_no_maven(path: Path) -> None:
    a_program(path, "mvn", 'for a in "$@"; do d="${a#-DoutputDirectory=}"; done; /bin/mkdir "$d"; : > "$d/a.jar"')
    first = artifacts.program("kafka", lambda _said: None)
    (path / "mvn").unlink()
    assert artifacts.program("kafka", lambda _said: None) == first
