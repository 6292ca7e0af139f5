"""The stores of what people gave and what left of it, each as one that keeps facts and shows them.

`store_faults.py` sends them through every fault.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from anello.model.promise import Promise, Secrecy
from anello.protect import ledger, retention
from anello.protect.retention import Keys
from anello.protect.seal import journal
from anello.protect.seal.box import new_pair
from anello.protect.seal.store import SealedStore
from anello.protect.tokens import codes
from anello.protect.tokens.blind_rsa import PublicKey
from anello.protect.tokens.issue import IssueBook
from anello.protect.tokens.register import Register
from anello.protect.tokens.token import digest

PUBLIC = new_pair()[1]
SIGNING = PublicKey((1 << 2047) | 1, 65537)
ENDS = date(2040, 1, 1)
TODAY = date(2030, 6, 1)
PROMISE = Promise("2030", Secrecy.CARD, ENDS)

Add = Callable[[str], str]


@dataclass(frozen=True)
class Store:
    """A store: its name in both languages, its file, how it is opened and what it holds.

    `opened` gives a function that keeps a fact and returns its mark, once it is on the disk.
    """

    key: str
    en: str
    it: str
    file: str
    opened: Callable[[Path, date], Add]
    kept: Callable[[Path], set[str]]


def _answers(folder: Path, day: date) -> Add:
    store = SealedStore(folder / "answers", "2030", PUBLIC)

    def add(name: str) -> str:
        token = digest("2030", name.encode())
        store.put(token, b"answer of " + name.encode())
        return token.hex()

    return add


def _answered(folder: Path) -> set[str]:
    return {payload[:32].hex() for payload in journal.read(folder / "answers")}


def _register(folder: Path, day: date) -> Add:
    register = Register(folder / "register", "2030")
    return lambda name: digest("2030", codes.read(register.print_cards(1)[0])).hex()


def _registered(folder: Path) -> set[str]:
    return {payload.hex() for payload in journal.read(folder / "register")}


class _Everybody(frozenset[str]):
    def __contains__(self, person: object) -> bool:
        return True


def _book(folder: Path, day: date) -> Add:
    book = IssueBook(folder / "book", SIGNING, ())
    book._eligible = _Everybody()

    def add(name: str) -> str:
        blinded = b"\0" + secrets.token_bytes(255)
        book.ask(name, blinded)
        return blinded.hex()

    return add


def _asked(folder: Path) -> set[str]:
    book = IssueBook(folder / "book", SIGNING, ())
    with book._journal.turn() as news:
        book._learn(news)
    book._journal.close()
    return {blinded.hex() for blinded in book._asked.values()}


def _keys(folder: Path, day: date) -> Add:
    keys = Keys(folder, lambda: day)
    return lambda name: keys.create(name, ENDS).hex()


def _keyed(folder: Path) -> set[str]:
    keys = Keys(folder, lambda: TODAY)
    found = keys.kept()
    for kept in found:
        keys.private(kept.campaign)
    keys.release_file()
    assert retention.verify(folder, TODAY) == ()
    return {kept.public.hex() for kept in found}


def _ledger(folder: Path, day: date) -> Add:
    def add(name: str) -> str:
        cut = ledger.Candidate(
            name, ledger.ATOMS, "means", name, atoms=name, atom=np.arange(30) // 5
        )
        return ledger.gate(folder, [cut], PROMISE, day)[0].hash

    return add


def _released(folder: Path) -> set[str]:
    rows = ledger.read(folder).rows
    assert ledger.faults(folder) == ()
    assert [r.day for r in rows] == sorted(r.day for r in rows)
    return {row.hash for row in rows}


STORES = (
    Store("answers", "sealed answers", "risposte sigillate", "answers", _answers, _answered),
    Store("register", "cards and tokens", "cartoncini e gettoni", "register", _register,
          _registered),
    Store("book", "book of those invited", "libro degli invitati", "book", _book, _asked),
    Store("keys", "keys and their last days", "chiavi e ultimi giorni", retention.RECORD, _keys,
          _keyed),
    Store("ledger", "ledger of releases", "registro delle pubblicazioni", "ledger.jsonl", _ledger,
          _released),
)  # fmt: skip
