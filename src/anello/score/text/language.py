"""Which language a comment is written in, told from its short words."""

import re
import tomllib
from pathlib import Path

from .lexicon import lexicon
from .tokens import tokens

_TONGUES = {
    language: frozenset(words.split())
    for language, words in tomllib.loads(
        (Path(__file__).parent / "tongue.toml").read_text("utf-8")
    ).items()
}
_SHORT = frozenset(word for words in _TONGUES.values() for word in words)
_WORDS = re.compile(r"[^\W\d_]+'?")
_ITALIAN_ENDS = (
    "zione",
    "zioni",
    "mente",
    "issimo",
    "issima",
    "issimi",
    "issime",
    "ità",
    "ando",
    "endo",
    "ato",
    "ata",
    "ati",
    "ate",
    "oso",
    "osa",
)
_ENGLISH_ENDS = ("ing", "tion", "ly", "ness", "ful", "ed", "ght", "ck", "th", "sh", "wn", "ould")


def detect(text: str) -> str:
    """Return `en`, `it`, `mixed` (both clearly there) or `unknown` (neither, or another language).

    Short words count two, endings of words one; where they say nothing, the lists of praise and
    complaint do. Very short comments stay `unknown`: say the language in a column when you know it.

    >>> [detect(t) for t in ("The staff were kind", "Il personale è gentile", "12345", "")]
    ['en', 'it', 'unknown', 'unknown']
    """
    points = {"en": 0, "it": 0}
    for word in _WORDS.findall(text[:2_000].casefold().replace("’", "'")):
        bare = word.rstrip("'")
        for language, short in _TONGUES.items():
            points[language] += 2 * (word in short or bare in short)
        points["it"] += bare.endswith(_ITALIAN_ENDS) and len(bare) > 4
        points["en"] += bare.endswith(_ENGLISH_ENDS) and len(bare) > 3
    said = _decided(points["en"], points["it"])
    return _by_lists(text) if said == "unknown" else said


def short_words() -> frozenset[str]:
    """Return the short words of both languages by which they are told: articles, pronouns."""
    return _SHORT


def _by_lists(text: str) -> str:
    """Return the one language whose list of praise and complaint knows more of the words."""
    words = tokens(text[:2_000])
    known = {
        language: sum(lexicon(language).value.at([word], 0) is not None for word in words)
        for language in _TONGUES
    }
    most = max(known, key=lambda language: known[language])
    return most if known[most] > min(known.values()) else "unknown"


def _decided(en: int, it: int) -> str:
    most, least = max(en, it), min(en, it)
    if most == 0 or most == least < 4:
        return "unknown"
    if least >= 4 and 2 * least > most:
        return "mixed"
    return "en" if en > it else "it"


NAMES = {
    "en": "en", "eng": "en", "english": "en", "inglese": "en",
    "it": "it", "ita": "it", "italian": "it", "italiano": "it",
}  # fmt: skip


def declared(value: object) -> str | None:
    """Return the language that a column says (`en`, `en-GB`, `Italiano`), None when it is silent.

    >>> declared("en-GB"), declared("Italiano"), declared("fr"), declared(None)
    ('en', 'it', 'unknown', None)
    """
    said = str(value or "").strip().casefold()
    if not said:
        return None
    return NAMES.get(re.split(r"[-_ ]", said)[0], "unknown")
