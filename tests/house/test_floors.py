"""A room may only look down, and no file, function or class outgrows the house."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "anello"
FILES = sorted(SOURCE.rglob("*.py"))
NAMES = [str(path.relative_to(SOURCE)) for path in FILES]


def functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
    body = node.body
    if ast.get_docstring(node) is not None and len(body) > 1:
        body = body[1:]
    return (node.end_lineno or 0) - body[0].lineno + 1


def test_every_import_looks_down():
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_no_file_is_longer_than_400_lines(path):
    assert len(path.read_text("utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_no_function_is_longer_than_50_lines_and_no_class_than_150(path):
    tree = ast.parse(path.read_text("utf-8"))
    long = [f.name for f in functions(tree) if body_lines(f) > 50]
    classes = [n for n in ast.walk(tree) if isinstance(n, ast.ClassDef)]
    assert long + [c.name for c in classes if body_lines(c) > 150] == []


def test_most_functions_fit_on_a_hand():
    lengths = sorted(
        body_lines(f) for path in FILES for f in functions(ast.parse(path.read_text("utf-8")))
    )
    assert lengths[len(lengths) // 2] <= 8
    assert lengths[int(len(lengths) * 0.9)] <= 30


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_own_imports_stand_at_the_top(path):
    tree = ast.parse(path.read_text("utf-8"))
    inside = [
        node.lineno
        for function in functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.ImportFrom)
        and (node.level > 0 or (node.module or "").startswith("anello"))
    ]
    assert inside == []


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_no_room_is_a_drawer_for_everything(path):
    drawers = {"utils", "util", "helpers", "common", "core", "misc", "manager", "service"}
    assert not drawers & set(path.relative_to(SOURCE).with_suffix("").parts)


def test_only_the_gate_makes_something_released():
    makers = [
        str(path.relative_to(SOURCE))
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name | ast.Attribute)
        and (node.func.id if isinstance(node.func, ast.Name) else node.func.attr) == "Released"
    ]
    assert set(makers) == {str(Path("protect") / "release.py")}


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_every_public_function_says_what_it_is_for(path):
    tree = ast.parse(path.read_text("utf-8"))
    assert ast.get_docstring(tree) is not None
    silent = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
        and not any("command" in ast.unparse(d) for d in node.decorator_list)
    ]
    assert silent == []
