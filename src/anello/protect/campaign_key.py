"""The key of a campaign as the key of its private ledger: both end on the same day."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from . import campaign
from .campaign import KEYS, PROMISE, Today
from .retention import Keys
from .seal.box import seal, unseal

BOUND = b"ledger"
"""What a record of the ledger is bound to, so that it is never taken for an answer."""


@dataclass(frozen=True, slots=True)
class CampaignKey:
    """Closes the weights of what was released to a campaign's public key.

    Whoever writes needs the public half alone. The private half opens until the campaign's last
    day; once it is destroyed nobody reads the weights again, and nothing more of those answers
    leaves. Raises `RefusedError` where the private half is gone.
    """

    folder: Path
    campaign: str
    public: bytes
    today: Today = date.today

    def close(self, data: bytes) -> bytes:
        """Return data in a box that only the campaign's private key opens."""
        return seal(self.public, data, self.campaign, BOUND)

    def open(self, data: bytes) -> bytes:
        """Return what `close` was given, while the key is there."""
        keys = Keys(self.folder / KEYS, self.today)
        try:
            return unseal(keys.private(self.campaign), data, self.campaign, BOUND)
        finally:
            keys.release_file()


def of_promise(promise: Path, today: Today = date.today) -> CampaignKey | None:
    """Return the key of the campaign in whose folder a promise lies, None for any other promise."""
    folder = promise.parent
    if promise.name != PROMISE or not (folder / KEYS).is_dir():
        return None
    kept = campaign.kept(folder, today)
    return CampaignKey(folder, kept.campaign, kept.public, today)
