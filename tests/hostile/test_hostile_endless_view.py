"""A view of a database that never ends can be left with Ctrl-C, and leaves nothing behind."""

import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

CHAIN = """
anello: 1
key: endless
units: {column: shop}
waves: {column: year}
sources:
  till: {path: "sqlite:///till.db", table: sales}
constructs:
  sales: {side: money}
measures:
  sales: {column: amount}
links: []
"""
ENDLESS = """
create view sales as
with recursive n(shop, year, amount) as (
  select 'a', '2024', 1 union all select 'a', '2024', amount + 1 from n
) select * from n
"""


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is another signal on Windows")
def test_an_endless_view_is_left_with_130(tmp_path):
    (tmp_path / "chain.yaml").write_text(CHAIN, "utf-8")
    with sqlite3.connect(tmp_path / "till.db") as db:
        db.execute(ENDLESS)
    words = [sys.executable, "-c", "from anello.cli import main; main()", "run", "chain.yaml"]
    with subprocess.Popen(
        [*words, "--out", "release"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "ANELLO_LANG": "en"},
    ) as running:
        assert "Reading" in running.stderr.readline()
        time.sleep(3)
        assert running.poll() is None
        running.send_signal(signal.SIGINT)
        left = running.stderr.read()
        running.wait(timeout=30)
    assert running.returncode == 130, left
    assert "Traceback" not in left
    assert not (tmp_path / "release").exists()
