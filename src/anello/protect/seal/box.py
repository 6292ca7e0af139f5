"""One answer, one box: X25519, HKDF-SHA256 and AES-256-GCM.

Every box has a key of its own, agreed between a fresh key pair, whose private half is thrown
away at once, and the campaign's public key. Whoever sealed it cannot open it again. Campaign,
token and version are bound to the box: moved elsewhere it does not open.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from anello.model.errors import RefusedError

FORMAT = b"\x01"
KEY_BYTES = 32
BLOCK = 256
"""Boxes grow in steps of this many bytes: a size tells no short comment from none."""
_INFO = b"anello seal 1"
_NONCE = bytes(12)
"""The key of a box is used once, so its nonce may be the same in all."""


def new_pair() -> tuple[bytes, bytes]:
    """Return a private and a public key, 32 bytes each."""
    key = X25519PrivateKey.generate()
    return key.private_bytes_raw(), key.public_key().public_bytes_raw()


def public_of(private: bytes) -> bytes:
    """Return the public half of a private key."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal(
    public: bytes, answer: bytes, campaign: str, token: bytes = b"", version: int = 0
) -> bytes:
    """Return an answer in a box that only the campaign's private key opens.

    The same answer sealed twice gives two different boxes. Sizes are rounded up to `BLOCK`.
    """
    fresh = X25519PrivateKey.generate()
    told = fresh.public_key().public_bytes_raw()
    try:
        shared = fresh.exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError:
        raise RefusedError("This is no key of a campaign; nothing is sealed to it.") from None
    padded = answer + b"\x80" + bytes(-(len(answer) + 1) % BLOCK)
    box = AESGCM(_key(shared, told, public)).encrypt(
        _NONCE, padded, _bound(campaign, token, version)
    )
    return FORMAT + told + box


def unseal(
    private: bytes, sealed: bytes, campaign: str, token: bytes = b"", version: int = 0
) -> bytes:
    """Return the answer in a box; raise `RefusedError` when key, place or a single bit is wrong."""
    try:
        if sealed[:1] != FORMAT:
            raise ValueError("format")
        key = X25519PrivateKey.from_private_bytes(private)
        told = sealed[1 : 1 + KEY_BYTES]
        shared = key.exchange(X25519PublicKey.from_public_bytes(told))
        public = key.public_key().public_bytes_raw()
        padded = AESGCM(_key(shared, told, public)).decrypt(
            _NONCE, sealed[1 + KEY_BYTES :], _bound(campaign, token, version)
        )
    except (InvalidTag, ValueError):
        raise RefusedError(
            "A sealed answer does not open: it was changed, moved, or sealed to another key."
        ) from None
    return padded[: padded.rindex(b"\x80")]


def _key(shared: bytes, told: bytes, public: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=told + public, info=_INFO).derive(shared)


def _bound(campaign: str, token: bytes, version: int) -> bytes:
    parts = (FORMAT, campaign.encode(), token, version.to_bytes(8))
    return b"".join(len(p).to_bytes(4) + p for p in parts)
