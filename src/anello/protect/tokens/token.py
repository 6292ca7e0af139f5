"""What a person keeps: a code of 28 signs, or the whole token as the text of a QR.

The code is the secret. Signed, stored and spent is only its digest, bound to the campaign. The
token carries the code together with the signature, so a page without script can take it from a
form field; the short code alone is enough once the signature has been handed in.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass, field

from anello.model.errors import RefusedError, SourceError

from . import codes
from .blind_rsa import RANDOMIZED, PublicKey, verify

MARK = "ANELLO1"
DIGEST_BYTES = 32
_DOMAIN = b"anello token 1"


@dataclass(frozen=True, slots=True)
class Token:
    """A signed code; `prefix` and `signature` are the RFC's, over the code's digest."""

    code: bytes = field(repr=False)
    prefix: bytes = field(repr=False)
    signature: bytes = field(repr=False)


def digest(campaign: str, code: bytes) -> bytes:
    """Return what stands for a code in every store of one campaign; 32 bytes.

    A code holds 128 random bits, so its digest cannot be turned back by trying codes.
    """
    name = campaign.encode()
    return hashlib.sha256(_DOMAIN + len(name).to_bytes(4) + name + code).digest()


def holds(key: PublicKey, code_digest: bytes, prefix: bytes, signature: bytes) -> bool:
    """Return whether a campaign's key signed the digest of a code.

    Lengths are part of it: else one signature over a long message would pass as several digests.
    """
    lengths = (len(prefix), len(code_digest))
    return lengths == (RANDOMIZED.prefix, DIGEST_BYTES) and verify(
        RANDOMIZED, key, prefix + code_digest, signature
    )


def written(token: Token) -> str:
    """Return a token as the text of a QR: capital letters and digits, some 500 signs."""
    body = base64.b32encode(token.code + token.prefix + token.signature).decode().rstrip("=")
    return f"{MARK}-{body}"


def is_whole(text: str) -> bool:
    """Return whether a text is a whole token rather than a code."""
    return "".join(text.split()).upper().startswith(MARK)


def read(text: str, key: PublicKey, campaign: str) -> Token:
    """Return the token in a text; raise when it is cut off or another campaign's."""
    body = "".join(text.split()).upper().removeprefix(f"{MARK}-")
    try:
        raw = base64.b32decode(body + "=" * (-len(body) % 8))
    except (binascii.Error, ValueError):
        raw = b""
    head = codes.SECRET_BYTES + RANDOMIZED.prefix
    if len(raw) != head + key.size:
        raise SourceError("The token is cut off or has a wrong sign. Copy it whole, or scan it.")
    found = Token(raw[: codes.SECRET_BYTES], raw[codes.SECRET_BYTES : head], raw[head:])
    if not holds(key, digest(campaign, found.code), found.prefix, found.signature):
        raise RefusedError("This token belongs to another survey, or was not issued by this one.")
    return found
