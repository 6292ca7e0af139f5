"""The same chain on Spark: two workers hold the answers, and only sums leave them."""

import shutil
from pathlib import Path

import pytest

from anello.run import analyse

sql = pytest.importorskip("pyspark.sql", reason='needs Spark: pip install -e ".[spark]"')
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="needs Java 17, on which Spark runs"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]

PRETEND = Path(__file__).parents[2] / "examples" / "pretend"
MASTER = "local-cluster[2,1,1024]"


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """A cluster of its own, started here and stopped here."""
    builder = sql.SparkSession.builder.master(MASTER).appName("anello")
    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("spark")),
    }
    for key, value in settings.items():
        builder = builder.config(key, value)
    started = builder.getOrCreate()
    yield started
    started.stop()


def test_answers_in_spark_give_the_evidence_of_the_files(session, tmp_path):
    shutil.copytree(PRETEND, tmp_path / "pretend")
    chain = tmp_path / "pretend" / "chain.yaml"
    here = analyse(chain, ledger=tmp_path / "ledger")
    text = chain.read_text("utf-8")
    for name in ("employees", "customers", "money"):
        rows = session.read.csv(str(PRETEND / f"{name}.csv"), header=True, inferSchema=True)
        rows.createOrReplaceTempView(name)
        text = text.replace(f"path: {name}.csv", f"path: 'spark://{MASTER}', table: {name}")
    chain.write_text(text, "utf-8")
    there = analyse(chain, ledger=tmp_path / "ledger")
    assert there.means == here.means
    assert there.ledger == here.ledger
    for one, other in zip(here.evidence, there.evidence, strict=True):
        assert other.verdict == one.verdict
        assert other.n == one.n
        if one.estimate is not None:
            assert other.estimate == pytest.approx(one.estimate, rel=1e-9)
    assert there.withheld == here.withheld
