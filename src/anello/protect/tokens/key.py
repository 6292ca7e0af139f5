"""One signing key per campaign, its hash printed on every invitation and poster.

Who issues tokens could give one person a key of their own and know the answer by it. So the
browser compares the key that it is given with the hash on paper, which is the same for all.
"""

import hashlib
import hmac
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from anello.model.errors import OutputError, RefusedError, SourceError

from ..seal.files import forget, write_private
from .blind_rsa import PrivateKey, PublicKey

BITS = 2048
"""Enough for a key that lives for some weeks; a signature, and so a QR, stays small."""


def new_key(bits: int = BITS) -> PrivateKey:
    """Return a fresh key for one campaign."""
    return _ours(rsa.generate_private_key(65537, bits))


def public_der(key: PublicKey) -> bytes:
    """Return the key as the bytes (SubjectPublicKeyInfo, DER) that browsers import."""
    return (
        rsa.RSAPublicNumbers(key.e, key.n)
        .public_key()
        .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def key_hash(key: PublicKey) -> str:
    """Return what is printed: SHA-256 of `public_der`, 64 hexadecimal signs in groups of four."""
    digest = hashlib.sha256(public_der(key)).hexdigest()
    return " ".join(digest[i : i + 4] for i in range(0, 64, 4))


def check_hash(key: PublicKey, printed: str) -> None:
    """Raise `RefusedError` unless a key is the one whose hash stands on the invitation."""
    told = "".join(printed.split()).lower()
    if not hmac.compare_digest(told.encode(), key_hash(key).replace(" ", "").encode()):
        raise RefusedError(
            "This is not the key printed on the invitation. Draw no token and tell the others."
        )


def save(key: PrivateKey, path: Path) -> None:
    """Write the private key to a new file that only its owner reads; never over another."""
    numbers = rsa.RSAPrivateNumbers(
        p=key.p, q=key.q, d=key.d,
        dmp1=key.d % (key.p - 1), dmq1=key.d % (key.q - 1), iqmp=pow(key.q, -1, key.p),
        public_numbers=rsa.RSAPublicNumbers(key.public.e, key.public.n),
    )  # fmt: skip
    pem = numbers.private_key().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    write_private(path, pem)


def load(path: Path) -> PrivateKey:
    """Return a campaign's private key from its file."""
    try:
        found = serialization.load_pem_private_key(path.read_bytes(), None)
    except OSError as error:
        raise OutputError("The key {file} cannot be read: {reason}.", file=path,
                          reason=error.strerror) from None  # fmt: skip
    except (ValueError, TypeError):
        raise SourceError("{file} is not a signing key.", file=path) from None
    if not isinstance(found, rsa.RSAPrivateKey):
        raise SourceError("{file} is not a signing key.", file=path)
    return _ours(found)


def destroy(path: Path) -> None:
    """Destroy a campaign's signing key at close: from then on nobody can sign another token."""
    forget(path)


def _ours(key: rsa.RSAPrivateKey) -> PrivateKey:
    numbers = key.private_numbers()
    public = PublicKey(numbers.public_numbers.n, numbers.public_numbers.e)
    return PrivateKey(public, numbers.d, numbers.p, numbers.q)
