"""Print the verdict table of a chain as Markdown, as the tutorials show it.

python examples/verdicts.py examples/nhs/chain.yaml [it]
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from anello import run
from anello.model.findings import Findings
from anello.protect.release import release
from anello.report.verdicts import terminal_rows


def table(findings: Findings, language: str = "en") -> list[str]:
    """Return the lines of the table: a heading, a rule, and two rows for each link."""
    head, *rows = terminal_rows(release(findings), language)
    cells = [head, ("---",) * len(head), *rows]
    return ["| " + " | ".join(row) + " |" for row in cells]


def findings(chain: Path) -> Findings:
    """Return what a chain found, under a secret that everybody knows.

    A ledger draws its own secret, and with another one other groups stand at an end of the scale,
    which moves the second digit of a few effects; the tutorials show one of them.
    """
    with TemporaryDirectory() as ledger:
        secret = Path(ledger) / "private" / "seed"
        secret.parent.mkdir()
        secret.write_bytes(bytes(32))
        return run.analyse(chain, ledger=Path(ledger))


if __name__ == "__main__":
    language = sys.argv[2] if len(sys.argv) > 2 else "en"
    print("\n".join(table(findings(Path(sys.argv[1])), language)))
