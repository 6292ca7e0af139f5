"""A shop owner with a till and a staff list answers seven questions and has a live link."""

import json
import os
import pty
import subprocess
import sys

CODE = "from anello.cli import main; main()"


def write_files(folder, shops=6, months=8):
    rows = [
        (f"S{i}", f"2024-{m:02d}", i, m) for i in range(1, shops + 1) for m in range(1, months + 1)
    ]
    till = [f"{s},{w},{900 + 25 * i + (i * m) % 11 * 9}" for s, w, i, m in rows]
    staff = [f"{s},{w},{2 + i / 4 + (i * m) % 3 / 2}" for s, w, i, m in rows]
    (folder / "till.csv").write_text("shop,month,sales\n" + "\n".join(till) + "\n")
    (folder / "staff.csv").write_text("shop,month,mood\n" + "\n".join(staff) + "\n")


def asked(folder, answers, *words):
    """Run `anello` on a terminal of its own, answering each question with a line."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, *words],
        cwd=folder,
        stdin=follower,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "ANELLO_LANG": "it"},
    )
    os.close(follower)
    os.write(leader, ("\n".join(answers) + "\n").encode())
    out, err = process.communicate(timeout=120)
    os.close(leader)
    return process.returncode, out, err


def test_the_questions_come_in_italian_and_the_answers_count(tmp_path):
    write_files(tmp_path)
    answers = ["", "", "mood", "", "", "sales", "sales ~ mood"]
    code, out, err = asked(tmp_path, answers, "init", "staff.csv", "till.csv")
    assert code == 0, err
    assert "Quale colonna dice dove" in err
    text = (tmp_path / "chain.yaml").read_text("utf-8")
    assert "sales ~ mood" in text
    assert "Poi: anello check chain.yaml" in out


def test_six_shops_are_described_and_never_judged(tmp_path):
    write_files(tmp_path)
    words = ["init", "staff.csv", "till.csv", "--employee", "mood", "--money", "sales", "--yes"]
    assert (
        subprocess.run([sys.executable, "-c", CODE, *words], cwd=tmp_path, check=False).returncode
        == 0
    )
    done = subprocess.run(
        [sys.executable, "-c", CODE, "run", "chain.yaml", "--json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["evidence"]
    assert {row["verdict"] for row in rows} == {"described_only"}
    assert all(row["low"] is None and row["high"] is None for row in rows)
    between = next(row for row in rows if row["level"] == "between")
    assert between["needs"]["units"] == 4
    assert between["estimate"] is not None
