"""How long raw answers can be read: as long as their key exists, and not a day more.

Each campaign's answers and comments are sealed to a key of their own. At the end date the key is
destroyed, and with it every copy of the answers, the backups included. The record of it is a
journal whose lines are chained by hashes, so that a line cannot be changed or taken out unseen.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from anello.model.errors import RefusedError

from .seal.box import new_pair, public_of
from .seal.files import forget, write_private
from .seal.journal import Journal, read

WHAT = "raw answers and comments"
RECORD = "retention.journal"
_START = "0" * 64


@dataclass(frozen=True, slots=True)
class Kept:
    """A campaign's key: its id (SHA-256 of the public key), its last day, its state."""

    campaign: str
    key_id: str
    public: bytes
    ends: date
    destroyed: date | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """That a key was destroyed: which, what it opened, when it was due and when it happened.

    A proof says what this machine did. It cannot speak for a copy that somebody made before.
    """

    campaign: str
    key_id: str
    what: str
    due: date
    destroyed: date
    hash: str


class Keys:
    """The worker's folder of private keys and its record; no backup takes the folder.

    The last day that the record has seen counts as today when the clock says an earlier one, so a
    clock set back opens nothing again and delays nothing that was due.
    """

    def __init__(self, folder: Path, today: Callable[[], date] = date.today) -> None:
        self.folder, self._clock = folder, today
        self._journal = Journal(folder / RECORD)
        self._kept: dict[str, Kept] = {}
        self._last, self._seen = _START, date.min

    def create(self, campaign: str, ends: date) -> bytes:
        """Make a campaign's key pair and return the public half; `ends` is its last day."""
        with self._journal.turn() as news:
            self._learn(news)
            if campaign in self._kept:
                raise RefusedError("The survey {campaign!r} has a key already.", campaign=campaign)
            if ends < self._today():
                raise RefusedError("The last day {day} is over already.", day=ends)
            private, public = new_pair()
            key_id = hashlib.sha256(public).hexdigest()
            write_private(self._path(key_id), private)
            self._tell("kept", campaign=campaign, public=public.hex(), day=ends.isoformat())
            return public

    def private(self, campaign: str) -> bytes:
        """Return the key that opens a campaign's answers; refused once its last day is over."""
        with self._journal.turn() as news:
            self._learn(news)
            self._see()
            kept = self._of(campaign)
            path = self._path(kept.key_id)
            if kept.destroyed or kept.ends < self._today() or not path.exists():
                raise RefusedError(
                    "The answers of {campaign!r} cannot be read any more: their last day was "
                    "{day}.",
                    campaign=campaign,
                    day=kept.ends,
                )
            private = path.read_bytes()
            if public_of(private) != kept.public:
                raise RefusedError("{file} is not the key of {campaign!r}.", file=path,
                                   campaign=campaign)  # fmt: skip
            return private

    def shorten(self, campaign: str, ends: date) -> None:
        """Bring the last day forward; a promise is never made longer."""
        with self._journal.turn() as news:
            self._learn(news)
            kept = self._of(campaign)
            if ends > kept.ends:
                raise RefusedError(
                    "People were promised {day} as the last day; it can only be brought forward.",
                    day=kept.ends,
                )
            self._tell("shortened", campaign=campaign, day=ends.isoformat())

    def destroy_due(self) -> tuple[Proof, ...]:
        """Destroy every key whose last day is over; return the proofs of this call.

        Call it when the worker starts, so that a day spent switched off is made good, and daily.
        A crash in between is made good by the next call: the key is destroyed before it is
        written down, and a key that is already gone is written down.
        """
        with self._journal.turn() as news:
            self._learn(news)
            today, done = self._see(), []
            for kept in sorted(self._kept.values(), key=lambda k: k.campaign):
                if kept.destroyed is None and kept.ends < today:
                    forget(self._path(kept.key_id))
                    self._tell(
                        "destroyed",
                        campaign=kept.campaign,
                        key_id=kept.key_id,
                        what=WHAT,
                        due=kept.ends.isoformat(),
                        day=today.isoformat(),
                    )
                    done.append(kept.campaign)
        return tuple(p for p in proofs(self.folder) if p.campaign in done)

    def kept(self) -> tuple[Kept, ...]:
        """Return every campaign of the record, by name."""
        with self._journal.turn() as news:
            self._learn(news)
            return tuple(self._kept[c] for c in sorted(self._kept))

    def release_file(self) -> None:
        """Let go of the record; the folder of keys is not used again."""
        self._journal.close()

    def _of(self, campaign: str) -> Kept:
        if campaign not in self._kept:
            raise RefusedError("There is no key of the survey {campaign!r}.", campaign=campaign)
        return self._kept[campaign]

    def _path(self, key_id: str) -> Path:
        return self.folder / f"{key_id[:32]}.key"

    def _today(self) -> date:
        return max(self._clock(), self._seen)

    def _see(self) -> date:
        """Write down the day, if none before was later, and return what counts as today."""
        today = self._today()
        if today > self._seen:
            self._tell("seen", day=today.isoformat())
        return today

    def _tell(self, kind: str, **values: str) -> None:
        payload = _line(self._last, kind, values)
        self._journal.write(payload)
        self._learn([payload])

    def _learn(self, news: list[bytes]) -> None:
        for payload in news:
            record = json.loads(payload)
            if record["kind"] == "seen":
                self._seen = max(self._seen, date.fromisoformat(record["day"]))
            else:
                found = _applied(self._kept.get(record["campaign"]), record)
                self._kept[found.campaign] = found
            self._last = record["hash"]


def proofs(folder: Path) -> tuple[Proof, ...]:
    """Return the proofs of destruction in a record, oldest first."""
    records = (json.loads(payload) for payload in read(folder / RECORD))
    return tuple(
        Proof(
            r["campaign"],
            r["key_id"],
            r["what"],
            date.fromisoformat(r["due"]),
            date.fromisoformat(r["day"]),
            r["hash"],
        )
        for r in records
        if r["kind"] == "destroyed"
    )


def head(folder: Path) -> str:
    """Return the hash of the record's last line: kept elsewhere, it proves a cut end."""
    lines = read(folder / RECORD)
    return str(json.loads(lines[-1])["hash"]) if lines else _START


def verify(folder: Path, today: date, known_head: str | None = None) -> tuple[str, ...]:
    """Return what speaks against a record, one English sentence each; nothing when it holds.

    Looked at: the chain of hashes, every key that is due, the files of destroyed keys. Give a
    `head` noted earlier to find out that lines were cut off the end.
    """
    faults, last, heads = list[str](), _START, {_START}
    kept: dict[str, Kept] = {}
    for i, payload in enumerate(read(folder / RECORD), start=1):
        record = json.loads(payload)
        told = record.pop("hash")
        if told != _hash(record) or record["last"] != last:
            faults.append(f"line {i} was changed or a line before it is missing")
        last = told
        heads.add(last)
        if record["kind"] != "seen":
            found = _applied(kept.get(record["campaign"]), record)
            kept[found.campaign] = found
    if known_head is not None and known_head not in heads:
        faults.append("the line noted earlier is missing")
    for k in kept.values():
        there = (folder / f"{k.key_id[:32]}.key").exists()
        if k.destroyed and there:
            faults.append(f"the key of {k.campaign} exists although it is said to be destroyed")
        elif not k.destroyed and k.ends < today:
            faults.append(f"the key of {k.campaign} was due on {k.ends} and is not destroyed")
        elif not k.destroyed and not there:
            faults.append(f"the key of {k.campaign} is missing without a proof")
    return tuple(faults)


def _applied(kept: Kept | None, record: dict[str, str]) -> Kept:
    """Return a campaign's state after a line; the last day never moves back."""
    day = date.fromisoformat(record["day"])
    if record["kind"] == "kept" or kept is None:
        public = bytes.fromhex(record.get("public", ""))
        return Kept(record["campaign"], hashlib.sha256(public).hexdigest(), public, day)
    if record["kind"] == "shortened":
        return Kept(kept.campaign, kept.key_id, kept.public, min(day, kept.ends), kept.destroyed)
    return Kept(kept.campaign, kept.key_id, kept.public, kept.ends, day)


def _line(last: str, kind: str, values: dict[str, str]) -> bytes:
    record = {"kind": kind, "last": last, **values}
    return json.dumps({**record, "hash": _hash(record)}, sort_keys=True).encode()


def _hash(record: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()
