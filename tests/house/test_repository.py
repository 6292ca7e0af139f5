"""The repository keeps to itself: no machine, no host, no secret, and every document is true."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = {".py", ".md", ".yaml", ".yml", ".toml", ".po", ".R", ".html", ".css", ".typ", ".txt", ""}


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_no_file_names_a_machine_or_its_folders():
    pattern = re.compile(r"(?<![\w.:/])/(work|root|home|opt|tmp)/\w")
    found = {
        f"{path.relative_to(ROOT)}: {line.strip()[:80]}"
        for path in tracked()
        if path.suffix in TEXT and path.name not in {"LICENSE", Path(__file__).name}
        for line in path.read_text("utf-8", errors="replace").splitlines()
        if pattern.search(line)
    }
    assert found == set()


def test_no_two_files_of_tests_have_the_same_name():
    """The second would not be collected."""
    names = [path.name for path in tracked() if path.match("test_*.py")]
    assert len(names) > 100
    assert sorted(names) == sorted(set(names))


def test_every_room_stands_in_the_architecture():
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    rooms = {
        path.name
        for path in (ROOT / "src" / "anello").iterdir()
        if path.name != "__pycache__" and (path.is_dir() or path.suffix == ".py")
    } - {"__init__.py"}
    block = text.split("## The rooms")[1].split("```")[1]
    drawn = {line.split()[0].rstrip("/") for line in block.strip().splitlines()}
    assert drawn == rooms


def test_the_architecture_draws_the_floors_that_are_enforced():
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    contract = (ROOT / "pyproject.toml").read_text("utf-8").split("layers = [")[1].split("]")[0]
    for floor in re.findall(r'"(.+?)"', contract):
        assert f"| {floor.replace(' | ', ', ').replace(' : ', ', ')} |" in text, floor


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_links_between_documents_lead_somewhere(name):
    text = (ROOT / name).read_text("utf-8")
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text)
    assert [t for t in targets if not (ROOT / t).exists()] == []


def test_links_inside_the_docs_lead_somewhere():
    broken = [
        f"{path.relative_to(ROOT)} -> {target}"
        for path in (ROOT / "docs").rglob("*.md")
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", path.read_text("utf-8"))
        if not (path.parent / target).exists()
    ]
    assert broken == []


def test_every_noun_of_the_model_stands_in_the_glossary():
    glossary = (ROOT / "GLOSSARY.md").read_text("utf-8")
    nouns = set()
    for path in (ROOT / "src" / "anello" / "model").glob("*.py"):
        nouns |= set(re.findall(r"^class (\w+)", path.read_text("utf-8"), flags=re.MULTILINE))
    nouns = {n for n in nouns if not n.endswith("Error")}
    assert {n for n in nouns if f"`{n}`" not in glossary} == set()
