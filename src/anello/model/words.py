"""Text in two languages: pairs written by the user, and sentences of the product.

A sentence of the product is written once, in English, where it is used; its Italian stands in
`model/locale/it/<room>.po`. Nothing is compiled, so nothing can go stale.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "it")


@dataclass(frozen=True, slots=True)
class Words:
    """A label somebody wrote in both languages.

    >>> Words("Engagement", "Coinvolgimento").get("it")
    'Coinvolgimento'
    """

    en: str
    it: str

    def get(self, language: str) -> str:
        """Return the label in `language` (`en` or `it`)."""
        return self.it if language == "it" else self.en


@cache
def catalogue(language: str) -> dict[str, tuple[str, ...]]:
    """Read every catalogue of a language: message -> its translations (two when it counts)."""
    from babel.messages.pofile import read_po  # noqa: PLC0415 - English starts without it

    found: dict[str, tuple[str, ...]] = {}
    for path in sorted((Path(__file__).parent / "locale" / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if isinstance(message.id, str) and message.id:
                    found[message.id] = (str(message.string),)
                elif message.id:
                    found[message.id[0]] = tuple(map(str, message.string or ()))
    return found


def say(text: str, language: str = "en", /, **values: object) -> str:
    """Return a sentence of the product in `language`, its `{names}` filled in.

    A value that is `Words` speaks the language too. A sentence without Italian comes back in
    English; the house test `languages` keeps that from being shipped.

    >>> say("{n} rows", "en", n=3)
    '3 rows'
    """
    found = catalogue(language).get(text, ("",))[0] if language != "en" else ""
    spoken = {k: v.get(language) if isinstance(v, Words) else v for k, v in values.items()}
    return (found or text).format(**spoken)


def say_n(one: str, many: str, n: int, language: str = "en", /, **values: object) -> str:
    """Return the singular or the plural sentence for `n`; `{n}` is filled in.

    >>> say_n("{n} unit", "{n} units", 1), say_n("{n} unit", "{n} units", 2)
    ('1 unit', '2 units')
    """
    forms: tuple[str, ...] = (one, many)
    if language != "en":
        found = catalogue(language).get(one, ())
        forms = found if len(found) == 2 and all(found) else forms
    return (forms[0] if n == 1 else forms[1]).format(n=n, **values)
