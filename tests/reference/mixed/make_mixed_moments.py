"""Store the moments of published examples, whose rows may not be bundled.

ANELLO_REFERENCE_DATA=... python tests/reference/mixed/make_mixed_moments.py
"""

import os
from pathlib import Path

from stored_moments import EXAMPLES, raw, write

if __name__ == "__main__":
    folder = Path(os.environ["ANELLO_REFERENCE_DATA"])
    for example in EXAMPLES:
        write(example, *raw(example, folder))
