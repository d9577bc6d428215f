"""Keeps the catalogues of translations: `make words`, or `python tools/words.py`.

Collects every text that can be translated, brings stylelab/locale/*/LC_MESSAGES/
stylelab.po up to date with them, and compiles it. `python tools/words.py fr` begins a
language by its code.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from stylelab.core.language import LOCALE
from stylelab.lessons import translated
from stylelab.pictures.samples import samples
from stylelab.runs.recipe import Recipe
from stylelab.teaching import place

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "stylelab"
SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # the same texts give the same file
LESSONS = ("03",)  # the notebooks that are translated, with their captions
Text = tuple[str, str]  # and the file in which it stands


def of_code() -> Iterator[Text]:
    """What Python and JavaScript mark with _("text") or later("text")."""
    methods = [("**.py", "python"), ("**.js", "javascript")]
    options = {"**.js": {"parse_template_string": True}}
    keywords = {"_": None, "later": None}
    found = extract_from_dir(PACKAGE, methods, options, keywords)
    for file, _line, text, *_rest in found:
        yield text, f"stylelab/{file}"


def of_data() -> Iterator[Text]:
    """The help of the recipe's options, and the samples' titles and rights."""
    for field in fields(Recipe):
        yield field.metadata["help"], "stylelab/runs/recipe.py"
    for sample in samples().values():
        for text in (sample.title, sample.rights):
            yield text, "stylelab/pictures/data/SOURCES.md"


def of_lessons() -> Iterator[Text]:
    """The translated notebooks: their text, their predictions and their captions."""
    for number in LESSONS:
        path, module = place.numbered()[number], place.module(number, "captions")
        for text in translated.texts(path):
            yield text, f"notebooks/{path.name}"
        for caption in module.lesson.captions.values():
            for text in filter(None, (caption.claim, caption.alt, caption.answer)):
                yield text, f"{module.__name__.replace('.', '/')}.py"


def template() -> Catalog:
    """Every text, in the order of its files."""
    catalogue = Catalog(project="stylelab", fuzzy=False)
    texts = {}
    for text, file in (*of_code(), *of_data(), *of_lessons()):
        texts.setdefault(text, {})[file] = None
    for text, files in texts.items():
        catalogue.add(text, locations=[(file, 0) for file in sorted(files)])
    return catalogue


def catalogue_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "stylelab.po"


def read(path: Path) -> Catalog:
    with open(path, "rb") as file:
        return read_po(file, path.parts[-3])


def updated(path: Path) -> Catalog:
    """A language's catalogue with all texts of today; others are dropped."""
    language = path.parts[-3]
    catalogue = read(path) if path.exists() else Catalog(language, project="stylelab")
    catalogue.fuzzy = False
    catalogue.update(template(), no_fuzzy_matching=False)
    catalogue.obsolete.clear()
    return catalogue


def compiled(catalogue: Catalog) -> bytes:
    """The .mo file: texts without a translation, or whose text has changed, are out."""
    catalogue.creation_date = catalogue.revision_date = SOME_DAY
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def written(catalogue: Catalog) -> bytes:
    """The .po file, in which nothing changes that no translator wrote."""
    file = io.BytesIO()
    write_po(file, catalogue, width=88, include_lineno=False)
    text = file.getvalue().decode()
    changing = "POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator"
    return re.sub(rf'"({changing}): [^"]*"\n', "", text).encode()


def main(languages: list[str]) -> None:
    known = [path.parts[-3] for path in LOCALE.glob("*/LC_MESSAGES/stylelab.po")]
    for language in sorted({*known, *languages}):
        path = catalogue_of(language)
        catalogue = updated(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(catalogue))
        path.with_suffix(".mo").write_bytes(compiled(read(path)))
        lacking = [m for m in catalogue if m.id and (m.fuzzy or not m.string)]
        print(f"{language}: {len(catalogue)} texts, {len(lacking)} to be translated")
        for message in lacking:
            print(f"  {message.id.splitlines()[0][:70]}")


if __name__ == "__main__":
    main(sys.argv[1:])
