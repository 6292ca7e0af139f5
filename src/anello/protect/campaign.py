"""One campaign as a folder: opened with its keys, closed once, and unreadable after its last day.

`keys/` holds what opens and what signs, for the worker alone and for no backup; beside it lie the
promise, the public halves of the keys, which are all that taking answers needs, the sealed answers,
the book of those invited and the register of cards. What is destroyed
is destroyed in an order that a crash cannot turn: calling the same verb again finishes it.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from anello.model.errors import OutputError, RefusedError
from anello.model.promise import Promise, Secrecy

from . import answers_file, promise, retention
from .retention import Kept, Keys, Proof
from .seal.files import forget, replace_private, sync_folder, write_private
from .seal.store import SealedStore, opened, settle
from .tokens import key as signing
from .tokens.blind_rsa import PublicKey
from .tokens.issue import IssueBook
from .tokens.register import Register

Today = Callable[[], date]
PROMISE, KEYS, ANSWERS, BOOK = "promise.json", "keys", "answers", "book"
REGISTER, SIGNING, OPENED, CLOSED = "register", "signing.pem", "answers.csv", "closed.json"
PUBLIC = "public.json"


@dataclass(frozen=True, slots=True)
class Opened:
    """A campaign that takes answers; `hash` is what every invitation and poster shows."""

    folder: Path
    promise: Promise
    seal: str
    hash: str


@dataclass(frozen=True, slots=True)
class Closed:
    """A campaign that is over: how many answered, and their file, or why there is none."""

    campaign: str
    day: date
    answers: int
    file: Path | None
    reason: RefusedError | None = None


def open_(folder: Path, sealed: Path, today: Today = date.today) -> Opened:
    """Make a campaign's folder with its keys, all of it or nothing; never over another.

    The hash is that of the key that signs tokens, or without tokens of the key that answers are
    sealed to. Raises `OutputError` when the folder exists, `RefusedError` for a broken promise or
    a last day that is over.
    """
    promised, seal, _ = promise.read(sealed)
    if os.path.lexists(folder):
        raise OutputError(
            "{folder} exists already; name a new folder for the campaign.", folder=folder
        )
    part: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        _fill(part, promised, sealed.read_bytes(), today)
        os.rename(part, folder)
        sync_folder(folder.parent)
    except OSError as error:
        raise OutputError(
            "{file} cannot be written: {reason}.", file=folder, reason=error.strerror or error
        ) from None
    finally:
        if part is not None and part.exists():
            shutil.rmtree(part)
    return Opened(folder, promised, seal, _printed(folder, promised, today))


def _fill(part: Path, promised: Promise, sealed: bytes, today: Today) -> None:
    (part / KEYS).mkdir(mode=0o700)
    keys = Keys(part / KEYS, today)
    public = keys.create(promised.campaign, promised.ends)
    keys.release_file()
    halves = {"answers": public.hex()}
    if promised.secrecy is Secrecy.TOKEN:
        key = signing.new_key()
        signing.save(key, part / KEYS / SIGNING)
        halves |= {"n": f"{key.public.n:x}", "e": f"{key.public.e:x}"}
    write_private(part / PUBLIC, json.dumps(halves, sort_keys=True).encode())
    write_private(part / PROMISE, sealed)
    SealedStore(part / ANSWERS, promised.campaign, public).release_file()


def _printed(folder: Path, promised: Promise, today: Today) -> str:
    if promised.secrecy is Secrecy.TOKEN:
        return signing.key_hash(signing.load(folder / KEYS / SIGNING).public)
    digest = _kept(folder, promised, today).key_id
    return " ".join(digest[i : i + 4] for i in range(0, 64, 4))


def read(folder: Path) -> Promise:
    """Return the promise of a campaign's folder; raises `RefusedError` for any other folder."""
    if not (folder / KEYS).is_dir() or not (folder / PROMISE).is_file():
        raise RefusedError("{folder} is no folder of a campaign.", folder=folder)
    return promise.read(folder / PROMISE)[0]


def store(folder: Path, today: Today = date.today) -> SealedStore:
    """Return the store that takes answers; refused once the campaign is closed or over.

    Neither it nor `register` and `book` opens `keys/`: a process that takes answers can neither
    read nor sign any.
    """
    promised = _taking(folder, today)
    return SealedStore(
        folder / ANSWERS, promised.campaign, bytes.fromhex(_halves(folder)["answers"])
    )


def register(folder: Path, today: Today = date.today) -> Register:
    """Return the register of what may answer; refused once the campaign is closed or over."""
    promised = _taking(folder, today)
    return Register(folder / REGISTER, promised.campaign, _signing(folder, promised))


def book(folder: Path, eligible: Iterable[str], today: Today = date.today) -> IssueBook:
    """Return the book of those who may draw a token; refused without tokens and after the close."""
    key = _signing(folder, _taking(folder, today))
    if key is None:
        raise RefusedError("This survey is answered with cards, not with tokens.")
    return IssueBook(folder / BOOK, key, eligible)


def kept(folder: Path, today: Today = date.today) -> Kept:
    """Return the key of a campaign's folder: whose it is, its public half, its last day."""
    return _kept(folder, read(folder), today)


def close(folder: Path, today: Today = date.today) -> Closed:
    """Take no more answers, destroy all that knows a person, and write the answers' file.

    Answers are settled first, then signing key, book and register destroyed, then `answers.csv`
    is written: not for fewer people than the promise's floor. A second close is refused.
    """
    promised = read(folder)
    _refuse_closed(folder, promised)
    keys = Keys(folder / KEYS, today)
    private = keys.private(promised.campaign)
    keys.release_file()
    n = settle(folder / ANSWERS, promised.campaign, private)
    _forget_tokens(folder)
    reason: RefusedError | None = None
    try:
        replace_private(folder / OPENED, _table(folder, promised, private, n))
    except RefusedError as refused:
        reason = refused
    day = today()
    told = {"answers": n, "campaign": promised.campaign, "day": day.isoformat()}
    replace_private(folder / CLOSED, json.dumps(told, sort_keys=True).encode())
    return Closed(promised.campaign, day, n, None if reason else folder / OPENED, reason)


def _table(folder: Path, promised: Promise, private: bytes, n: int) -> bytes:
    if n < promised.scores:
        raise RefusedError(
            "only {n} answered and {k} were promised as the fewest; the answers stay sealed.",
            n=n,
            k=promised.scores,
        )
    found = tuple(opened(folder / ANSWERS, promised.campaign, private))
    return answers_file.table(found, promised.campaign)


def end(folder: Path, today: Today = date.today) -> Proof:
    """Destroy the key of the answers once their last day is over, and return the proof.

    Also the opened answers and whatever a close that never came has left. Called again it finishes
    what a crash cut short and returns the same proof. A copy that somebody made of `answers.csv`
    is out of reach. Raises `RefusedError` before the day is over.
    """
    promised = read(folder)
    keys = Keys(folder / KEYS, today)
    keys.destroy_due()
    keys.release_file()
    made = [p for p in retention.proofs(folder / KEYS) if p.campaign == promised.campaign]
    if not made:
        raise RefusedError(
            "The answers of {campaign!r} are kept through {day}; nothing was destroyed.",
            campaign=promised.campaign,
            day=_kept(folder, promised, today).ends,
        )
    if not (folder / CLOSED).exists():
        told = {"campaign": promised.campaign, "day": made[0].destroyed.isoformat()}
        replace_private(folder / CLOSED, json.dumps(told, sort_keys=True).encode())
    _forget_tokens(folder)
    for name in (OPENED, f"{OPENED}.new", ANSWERS, f"{ANSWERS}.closed"):
        forget(folder / name)
    faults = retention.verify(folder / KEYS, made[0].destroyed)
    if faults:
        raise RefusedError("The record of the keys does not hold: {fault}.", fault=faults[0])
    return made[0]


def _forget_tokens(folder: Path) -> None:
    for path in (folder / KEYS / SIGNING, folder / BOOK, folder / REGISTER):
        forget(path)


def _signing(folder: Path, promised: Promise) -> PublicKey | None:
    if promised.secrecy is not Secrecy.TOKEN:
        return None
    halves = _halves(folder)
    return PublicKey(int(halves["n"], 16), int(halves["e"], 16))


def _halves(folder: Path) -> dict[str, str]:
    """Return the public halves of a campaign's keys, in hexadecimal signs."""
    try:
        found = json.loads((folder / PUBLIC).read_bytes())
        return {name: f"{value:s}" for name, value in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        raise RefusedError(
            "{file} is damaged; restore it from a copy.", file=folder / PUBLIC
        ) from None


def _taking(folder: Path, today: Today) -> Promise:
    """Return the promise of a campaign that takes answers; raises when it is closed or over."""
    promised = read(folder)
    _refuse_closed(folder, promised)
    if today() > promised.ends:
        raise RefusedError(
            "The survey {campaign!r} was promised to end on {day}; it takes no more answers.",
            campaign=promised.campaign,
            day=promised.ends,
        )
    return promised


def _kept(folder: Path, promised: Promise, today: Today) -> Kept:
    keys = Keys(folder / KEYS, today)
    found = next((k for k in keys.kept() if k.campaign == promised.campaign), None)
    keys.release_file()
    if found is None:
        raise RefusedError(
            "There is no key of the survey {campaign!r}.", campaign=promised.campaign
        )
    return found


def _refuse_closed(folder: Path, promised: Promise) -> None:
    """Raise when the campaign is closed; a close that a crash cut short may be called again."""
    if (folder / CLOSED).exists():
        raise RefusedError("The survey {campaign!r} is closed already.", campaign=promised.campaign)
