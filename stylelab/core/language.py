"""The language that labs, lessons and the studio speak: STYLELAB_LANGUAGE, or English.

The English sentences stand in the code. What a language lacks is shown in English.
"""

import functools
import gettext
import json
import os
import re
from pathlib import Path

LOCALE = Path(__file__).parents[1] / "locale"
VARIABLE = "STYLELAB_LANGUAGE"
LANGUAGES = ("en", *sorted(path.name for path in LOCALE.glob("*") if path.is_dir()))
IN_CODE = re.compile(r'(?<![\w.])_\(("(?:[^"\\\n]|\\.)*")\)')  # _("text") in JavaScript


def chosen() -> str:
    """The language that is spoken now: one of LANGUAGES, whatever was asked for."""
    wanted = re.split(r"[-_.@]", os.environ.get(VARIABLE, "").strip().lower())[0]
    return wanted if wanted in LANGUAGES else "en"


@functools.cache
def _catalogue(language: str) -> gettext.NullTranslations:
    try:
        return gettext.translation("stylelab", LOCALE, [language], fallback=True)
    except Exception:  # whatever a damaged file raises
        return gettext.NullTranslations()


def _(text: str) -> str:
    """`text` in the chosen language."""
    return _catalogue(chosen()).gettext(text) if text else text


def later(text: str) -> str:
    """`text` as it is: the catalogue has it, and `_` is called where it is shown."""
    return text


def page_language(code: str) -> str:
    """JavaScript in which each _("text") is that text in the chosen language."""

    def literal(found: re.Match) -> str:
        return json.dumps(_(json.loads(found[1])), ensure_ascii=False)

    return IN_CODE.sub(literal, code)
