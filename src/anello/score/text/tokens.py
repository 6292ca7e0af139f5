"""From a comment to words: folded, with contractions opened and ends of clauses kept."""

import re
import unicodedata

END = "."
"""The token that stands for the end of a clause."""

LONGEST = 20_000
"""Letters of one comment that are read; what comes after them changes nothing."""

_PARTS = re.compile(r"[^\W_]+|['.,;:!?()\n…]|[\U0001F300-\U0001FAFF\u2600-\u27BF]")
_NOT = re.compile(r"\b(ca|wo|sha|[a-z]+)n't\b")
_OPENED = {"ca": "can not", "wo": "will not", "sha": "shall not"}
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'"})


def tokens(text: str) -> list[str]:
    """Return the words of a comment in small letters without accents, `.` where a clause ends.

    `n't` becomes `not`; an Italian article is cut off at its apostrophe. Control characters and
    direction marks are dropped. Never raises.

    >>> tokens("L'attesa è lunga, ma NON c'è male!")
    ['l', 'attesa', 'e', 'lunga', '.', 'ma', 'non', 'c', 'e', 'male', '.']
    >>> tokens("They weren’t rude")
    ['they', 'were', 'not', 'rude']
    """
    opened = _NOT.sub(_open, plain(text))
    found = (END if not _wordlike(part) else part for part in _PARTS.findall(opened) if part != "'")
    return list(found)


def plain(text: str) -> str:
    """Return a comment in small letters, accents folded, without signs that nobody sees."""
    text = unicodedata.normalize("NFKC", text[:LONGEST]).translate(_APOSTROPHES).casefold()
    folded = unicodedata.normalize("NFD", text)
    return "".join(
        c for c in folded if unicodedata.category(c) not in ("Mn", "Cc", "Cf") or c == "\n"
    )


def _open(match: re.Match[str]) -> str:
    return _OPENED.get(match[1], f"{match[1]} not")


def _wordlike(part: str) -> bool:
    return part[0].isalnum() or ord(part[0]) >= 0x2600
