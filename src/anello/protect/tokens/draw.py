"""Drawing a token: what the person's browser does, and what a test does in its place."""

from dataclasses import dataclass, field

from . import codes
from .blind_rsa import RANDOMIZED, Blinded, PublicKey, blind, finalize, prepare
from .key import check_hash
from .token import Token, digest


@dataclass(frozen=True, slots=True)
class Drawn:
    """A code whose signature is still awaited; only `blinded.message` leaves the browser."""

    code: bytes = field(repr=False)
    prepared: bytes = field(repr=False)
    blinded: Blinded


def draw(key: PublicKey, printed_hash: str, campaign: str) -> Drawn:
    """Return a fresh code and its blinded digest; refuse a key that is not the printed one."""
    check_hash(key, printed_hash)
    code = codes.new_secret()
    prepared = prepare(RANDOMIZED, digest(campaign, code))
    return Drawn(code, prepared, blind(RANDOMIZED, key, prepared))


def finish(key: PublicKey, drawn: Drawn, blind_signature: bytes) -> Token:
    """Return the token once the issuer has signed; raise when the signature does not hold."""
    signature = finalize(RANDOMIZED, key, drawn.prepared, blind_signature, drawn.blinded.inv)
    return Token(drawn.code, drawn.prepared[: RANDOMIZED.prefix], signature)
