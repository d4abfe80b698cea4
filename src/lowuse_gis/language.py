"""The language of what users read: Simplified Chinese, or English with ``LOWUSE_LANG=en``."""

import gettext
import os
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"


def language() -> str:
    """Return ``zh`` or ``en``, as the environment asks.

    Returns
    -------
    str
        ``en`` where ``LOWUSE_LANG`` begins with ``en``, else ``zh``.
    """
    return "en" if os.environ.get("LOWUSE_LANG", "").lower().startswith("en") else "zh"


@cache
def _catalogue(name: str) -> gettext.NullTranslations:
    languages = {"zh": ["zh_CN"], "en": []}[name]
    return gettext.translation("lowuse", LOCALE, languages, fallback=not languages)


def _(message: str) -> str:
    """Return a message in the user's language.

    Parameters
    ----------
    message
        The English text, a literal, as the catalogue knows it.

    Returns
    -------
    str
        Its translation.
    """
    return _catalogue(language()).gettext(message)


def pick(chinese: str, english: str) -> str:
    """Choose between two texts that a rulebook gives.

    Parameters
    ----------
    chinese, english
        The same thing said in both languages; the English may be empty.

    Returns
    -------
    str
        The one the user reads; the Chinese where there is no English.
    """
    return english if language() == "en" and english else chinese
