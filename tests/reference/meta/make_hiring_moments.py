"""Store what may be stored of two reviews about hiring and health: moments and estimates, no rows.

ANELLO_REFERENCE_DATA=... python tests/reference/meta/make_hiring_moments.py
"""

import json
import os
from pathlib import Path

from hiring import estimates, moments, rows

HERE = Path(__file__).parent

if __name__ == "__main__":
    folder = Path(os.environ["ANELLO_REFERENCE_DATA"])
    found = {
        name: {"moments": moments(*rows(folder, name)), "estimates": estimates(*rows(folder, name))}
        for name in ("mcdaniel1994", "molloy2014")
    }
    (HERE / "hiring_moments.json").write_text(json.dumps(found, indent=1) + "\n")
