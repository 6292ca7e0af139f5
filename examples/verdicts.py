"""Print the verdict table of a chain as Markdown, as the tutorials show it.

python examples/verdicts.py examples/nhs/chain.yaml [it]
"""

import sys
from pathlib import Path

from anello import run
from anello.model.findings import Findings
from anello.protect.release import release
from anello.report.verdicts import terminal_rows


def table(findings: Findings, language: str = "en") -> list[str]:
    """Return the lines of the table: a heading, a rule, and two rows for each link."""
    head, *rows = terminal_rows(release(findings), language)
    cells = [head, ("---",) * len(head), *rows]
    return ["| " + " | ".join(row) + " |" for row in cells]


if __name__ == "__main__":
    language = sys.argv[2] if len(sys.argv) > 2 else "en"
    print("\n".join(table(run.analyse(Path(sys.argv[1])), language)))
