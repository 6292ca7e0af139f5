"""RSA blind signatures with appendix: the four variants RSABSSA-SHA384 of RFC 9474.

The signer signs a message that it cannot see; the person takes the blinding off and holds an
ordinary RSA-PSS signature that nobody can lead back to the moment of signing. Letters are the
RFC's: n, e, d, p, q the key, m the encoded message, r the blinding, inv its inverse, z what
travels, s a signature.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from math import gcd

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA384

from anello.model.errors import RefusedError

HASH_BYTES = 48


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant of section 5: bytes of the PSS salt and of the random prefix of the message."""

    name: str
    salt: int
    prefix: int


VARIANTS = {
    v.name: v
    for v in (
        Variant("RSABSSA-SHA384-PSS-Randomized", 48, 32),
        Variant("RSABSSA-SHA384-PSSZERO-Randomized", 0, 32),
        Variant("RSABSSA-SHA384-PSS-Deterministic", 48, 0),
        Variant("RSABSSA-SHA384-PSSZERO-Deterministic", 0, 0),
    )
}
RANDOMIZED = VARIANTS["RSABSSA-SHA384-PSS-Randomized"]
"""What Anello's tokens use; the RFC recommends it."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An RSA public key; `size` is its modulus in bytes."""

    n: int
    e: int

    @property
    def size(self) -> int:
        """Return the bytes of the modulus, and so of each blinded message and signature."""
        return (self.n.bit_length() + 7) // 8


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """An RSA private key; its secret numbers are kept out of what is printed."""

    public: PublicKey
    d: int = field(repr=False)
    p: int = field(repr=False)
    q: int = field(repr=False)


@dataclass(frozen=True, slots=True)
class Blinded:
    """What travels to the signer, and `inv`, which never leaves the person's browser."""

    message: bytes
    inv: bytes = field(repr=False)


def prepare(variant: Variant, message: bytes, prefix: bytes | None = None) -> bytes:
    """Return the message with the variant's random prefix (RFC 9474, 4.1); keep the result."""
    if prefix is None:
        prefix = secrets.token_bytes(variant.prefix)
    if len(prefix) != variant.prefix:
        raise RefusedError("A token's prefix has {n} bytes.", n=variant.prefix)
    return prefix + message


def blind(
    variant: Variant,
    key: PublicKey,
    prepared: bytes,
    *,
    salt: bytes | None = None,
    r: int | None = None,
) -> Blinded:
    """Return the blinded message and the inverse of its blinding (RFC 9474, 4.2).

    `salt` and `r` are drawn afresh; they are given only to repeat published vectors.
    """
    salt = secrets.token_bytes(variant.salt) if salt is None else salt
    m = int.from_bytes(_pss_encoded(prepared, key.n.bit_length() - 1, salt))
    r = secrets.randbelow(key.n - 1) + 1 if r is None else r
    if gcd(m, key.n) != 1 or gcd(r, key.n) != 1:
        raise RefusedError("This key shares a factor with a random number; it is not a sound key.")
    z = m * pow(r, key.e, key.n) % key.n
    return Blinded(z.to_bytes(key.size), pow(r, -1, key.n).to_bytes(key.size))


def blind_sign(key: PrivateKey, blinded: bytes) -> bytes:
    """Return the signature of a blinded message (RFC 9474, 4.3), proven before it leaves.

    The exponentiation runs on a freshly blinded number, so its time says nothing about the key,
    and a faulty result, which would give the key away, is caught.
    """
    n, e = key.public.n, key.public.e
    m = _number(blinded, key.public)
    b = secrets.randbelow(n - 1) + 1
    s = _private_power(key, m * pow(b, e, n) % n) * pow(b, -1, n) % n
    if pow(s, e, n) != m:
        raise RefusedError("The signing went wrong and its result was thrown away; try again.")
    return s.to_bytes(key.public.size)


def finalize(
    variant: Variant, key: PublicKey, prepared: bytes, blind_signature: bytes, inv: bytes
) -> bytes:
    """Return the signature without the blinding (RFC 9474, 4.4); raise when it does not hold."""
    z = _number(blind_signature, key)
    s = (z * _number(inv, key) % key.n).to_bytes(key.size)
    if not verify(variant, key, prepared, s):
        raise RefusedError("The signature is not one of this campaign's key. Draw a new token.")
    return s


def verify(variant: Variant, key: PublicKey, prepared: bytes, signature: bytes) -> bool:
    """Return whether a signature holds: plain RSASSA-PSS, SHA-384, the variant's salt length."""
    if len(signature) != key.size:
        return False
    pss = padding.PSS(padding.MGF1(SHA384()), salt_length=variant.salt)
    try:
        rsa.RSAPublicNumbers(key.e, key.n).public_key().verify(signature, prepared, pss, SHA384())
    except InvalidSignature:
        return False
    return True


def _private_power(key: PrivateKey, m: int) -> int:
    p, q, d = key.p, key.q, key.d
    s1, s2 = pow(m, d % (p - 1), p), pow(m, d % (q - 1), q)
    return s2 + q * ((s1 - s2) * pow(q, -1, p) % p)


def _number(value: bytes, key: PublicKey) -> int:
    number = int.from_bytes(value)
    if len(value) != key.size or not 0 < number < key.n:
        raise RefusedError("A blinded message or signature of this key has {n} bytes.", n=key.size)
    return number


def _pss_encoded(message: bytes, bits: int, salt: bytes) -> bytes:
    """Return EMSA-PSS-ENCODE of RFC 8017, 9.1.1, with SHA-384 and the given salt."""
    length = (bits + 7) // 8
    if length < HASH_BYTES + len(salt) + 2:
        raise RefusedError("This key is too short to sign with.")
    digest = hashlib.sha384(message).digest()
    h = hashlib.sha384(bytes(8) + digest + salt).digest()
    db = bytes(length - len(salt) - HASH_BYTES - 2) + b"\x01" + salt
    mask = _mgf1(h, len(db))
    masked = bytearray(x ^ y for x, y in zip(db, mask, strict=True))
    masked[0] &= 0xFF >> (8 * length - bits)
    return bytes(masked) + h + b"\xbc"


def _mgf1(seed: bytes, length: int) -> bytes:
    blocks = -(-length // HASH_BYTES)
    parts = (hashlib.sha384(seed + i.to_bytes(4)).digest() for i in range(blocks))
    return b"".join(parts)[:length]
