"""What the pages load is what was vetted, and nothing comes from anywhere else."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from samsyn_adapter_desk.assets import FOLDER
from samsyn_adapter_desk.words import PACKAGE

VENDOR = FOLDER / "vendor"
VETTED = json.loads((VENDOR / "checksums.json").read_text("utf-8"))
LICENCES = {"MIT", "0BSD"}
# Names of namespaces, and of pages that messages of errors mention: nothing is loaded from them.
ONLY_MENTIONED = {"http://www.w3.org", "https://svelte.dev", "https://github.com"}
SCRIPTS_AND_STYLES = sorted(file for file in FOLDER.rglob("*") if file.suffix in {".js", ".css"})
TEMPLATES = sorted((PACKAGE / "templates").rglob("*.html"))
LOADED = re.compile(
    r"<(?:script|link|img|iframe|source|object|embed|form)\b[^>]*?\s(?:src|href|action|data)=[\"']?([^\"'\s>]+)"
)
INLINE = re.compile(r"<style\b|<script\b(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=|\shx-on|javascript:", re.IGNORECASE)


def elsewhere(text: str) -> list[str]:
    """Addresses of other hosts in a script or style that are not only mentioned."""
    found = re.findall(r"https?://[A-Za-z0-9.-]+", text)
    return sorted({address for address in found if address not in ONLY_MENTIONED})


def loaded_by_style(text: str) -> list[str]:
    """What a style loads, but for what stands in it."""
    urls = re.findall(r"url\(\s*[\"']?([^\"')]+)", text)
    return [url for url in urls if not url.startswith("data:")] + re.findall(r"@import[^;]*", text)


def loaded_by_page(text: str) -> list[str]:
    """What a template loads from elsewhere."""
    return [address for address in LOADED.findall(text) if re.match(r"[a-z]+:|//", address)]


def test_every_vendored_file_is_vetted_and_every_vetted_file_there() -> None:
    there = {file.relative_to(VENDOR).as_posix() for file in VENDOR.rglob("*") if file.is_file()}
    assert there - {"checksums.json"} == set(VETTED)


@pytest.mark.parametrize("name", VETTED)
def test_a_vendored_file_is_unchanged(name: str) -> None:
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == VETTED[name]["sha256"]


@pytest.mark.parametrize("name", VETTED)
def test_a_vendored_file_tells_its_origin_and_a_licence_that_lies_beside_it(name: str) -> None:
    told = VETTED[name]
    assert told["licence"] in LICENCES
    assert told["package"]
    assert told["version"]
    assert any((VENDOR / name).parent.glob("LICENSE*.txt"))


@pytest.mark.parametrize("file", SCRIPTS_AND_STYLES, ids=lambda file: file.name)
def test_scripts_and_styles_load_nothing_from_elsewhere(file: Path) -> None:
    text = file.read_text("utf-8")
    assert elsewhere(text) == []
    if file.suffix == ".css":
        assert loaded_by_style(text) == []


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_templates_load_nothing_from_elsewhere_and_hold_no_script_or_style(file: Path) -> None:
    text = file.read_text("utf-8")
    assert loaded_by_page(text) == []
    assert INLINE.findall(text) == []


def test_what_comes_from_elsewhere_would_be_seen() -> None:
    assert elsewhere('fetch("https://cdn.example.org/x.js")') == ["https://cdn.example.org"]
    assert loaded_by_style("@import 'x.css'; a{background:url(//cdn.example.org/a.png)}") != []
    assert loaded_by_page('<script defer src="//cdn.example.org/x.js"></script>') == ["//cdn.example.org/x.js"]
    assert loaded_by_page('<a href="https://dos.example.se">') == []


@pytest.mark.parametrize(
    "text",
    ["<p style='color:red'>", '<script>alert("x")</script>', '<b onclick="x()">', "<style>", '<a href="javascript:x">'],
)
def test_script_or_style_in_a_page_would_be_seen(text: str) -> None:
    assert INLINE.findall(text)
    assert not INLINE.findall('<script src="/static/x.js"></script><main class="style" data-on="x">')
