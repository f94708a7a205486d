"""The desk's words in Swedish and English: English in templates and code, Swedish in locale/sv.po.

`python -m samsyn_adapter_desk.words update` adds what sv.po lacks, without a translation; `tidy` takes out what nobody
says any longer; `check` tells what is wrong.
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any, Literal

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, FileSystemLoader, StrictUndefined

Language = Literal["sv", "en"]
LANGUAGES: tuple[Language, ...] = ("sv", "en")
PACKAGE = Path(__file__).parent
SWEDISH = PACKAGE / "locale" / "sv.po"
# In Python a text is marked with msgid() where it stands, and translated where its reader is known.
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "msgid": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
METHODS = [("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2"), ("**.py", "python")]
OPTIONS = {"templates/**.html": {"trimmed": "true", "silent": "false"}}
HEADER = """\
# The desk's Swedish. Wording: the glossary's; week numbers v. 19, 24-hour clock.
msgid ""
msgstr ""
"Language: sv\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%%")


@cache
def for_language(language: Language) -> NullTranslations:
    """The translations of a language, as gettext and Jinja want them; English texts stand for themselves."""
    if language == "en":
        return NullTranslations()
    return _compiled(read_swedish())


def read_swedish() -> Catalog:
    """The Swedish catalogue as it stands in the file."""
    with SWEDISH.open("rb") as file:
        return read_po(file, locale="sv")


def said() -> Catalog:
    """Every text that templates and code say, in the order of the alphabet, without where it stands."""
    catalog = Catalog(locale="sv")
    for text, context in _extracted():
        catalog.add(text, context=context)
    return catalog


def faults(catalog: Catalog | None = None, wanted: Catalog | None = None) -> list[str]:
    """A line for each text that lacks its Swedish, that nobody says any longer, or whose placeholders differ."""
    catalog = read_swedish() if catalog is None else catalog
    wanted = said() if wanted is None else wanted
    there, needed = _by_key(catalog), _by_key(wanted)
    missing = [f"not in sv.po: {_named(key)}" for key in needed if key not in there]
    extra = [f"in sv.po, said nowhere: {_named(key)}" for key in there if key not in needed]
    return missing + extra + [fault for key in needed if key in there for fault in _faults_of(there[key])]


def update(is_tidy: bool = False) -> list[str]:
    """Add what sv.po lacks; a tidy one also takes out what nobody says. Returns the texts that wait for Swedish."""
    there, needed = _by_key(read_swedish()), _by_key(said())
    catalog = Catalog(locale="sv")
    for key, message in (needed if is_tidy else there | needed).items():
        known = there.get(key)
        catalog.add(message.id, known.string if known else "", context=message.context)
    _write(catalog)
    return [_named(key) for key, message in _by_key(catalog).items() if not all(_forms(message.string))]


def environment(language: Language, folder: Path = PACKAGE / "templates") -> Environment:
    """Templates in one language: `_`, `ngettext` and `{% trans %}` (newstyle: `_("… %(name)s", name=…)`)."""
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_translations(for_language(language), newstyle=True)  # type: ignore[attr-defined]
    return made


def _compiled(catalog: Catalog) -> GNUTranslations:
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _write(catalog: Catalog) -> None:
    # Babel's own header has dates and versions: two people who add words would meet there.
    with tempfile.NamedTemporaryFile(dir=SWEDISH.parent, delete=False) as file:
        file.write(HEADER.encode())
        write_po(file, catalog, width=120, sort_output=True, omit_header=True)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(SWEDISH)


Key = tuple[str | None, str]
Text = str | tuple[str, ...]


def _extracted() -> Iterator[tuple[Text, str | None]]:
    found: dict[Key, tuple[Text, str | None]] = {}
    for *_where, text, _comments, context in extract_from_dir(PACKAGE, METHODS, OPTIONS, KEYWORDS):
        first = text if isinstance(text, str) else text[0]
        # A text that is also said in plural is one entry, with both forms.
        if isinstance(text, tuple) or (context, first) not in found:
            found[(context, first)] = (text, context)
    yield from (found[key] for key in sorted(found, key=lambda key: (key[1], key[0] or "")))


def _by_key(catalog: Catalog) -> dict[Key, Message]:
    return {(message.context, _forms(message.id)[0]): message for message in catalog if message.id}


def _forms(text: Any) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _named(key: Key) -> str:
    context, text = key
    return repr(text) if context is None else f"{text!r} ({context})"


def _faults_of(message: Message) -> list[str]:
    asked, given = _forms(message.id), _forms(message.string)
    if not all(given):
        return [f"without Swedish: {asked[0]!r}"]
    if message.fuzzy:
        return [f"marked as fuzzy: {asked[0]!r}"]
    # A singular may leave its number out ("one site"), so every form is held against the plural.
    allowed, needed = _placeholders(asked[-1]), _placeholders(asked[0])
    wrong = [form for form in given if not needed <= _placeholders(form) <= allowed]
    return [f"other placeholders than {asked[-1]!r}: {form!r}" for form in wrong]


def _placeholders(text: str) -> set[str]:
    return {found.group() for found in PLACEHOLDER.finditer(text)}


def main(arguments: list[str]) -> int:
    """`update` and `tidy` write sv.po anew and tell what waits for Swedish; `check` tells what is wrong."""
    if arguments in (["update"], ["tidy"]):
        waiting = update(is_tidy=arguments == ["tidy"])
        print(*(f"without Swedish: {text}" for text in waiting), f"{len(waiting)} texts wait for Swedish.", sep="\n")
        return 0
    if arguments == ["check"]:
        wrong = faults()
        print(*wrong, f"{len(wrong)} faults.", sep="\n")
        return 1 if wrong else 0
    print("Say `update`, `tidy` or `check`.", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
