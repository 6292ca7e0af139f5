"""Nowhere in what the package offers is an employee scored or ranked."""

import ast
import dataclasses
import importlib
import inspect
import pkgutil
import re
import typing
from pathlib import Path

import click

import anello
from anello.cli import app
from anello.model.findings import Findings

SOURCE = Path(anello.__file__).parent
PERSON = r"(person|employee|worker|colleague|respondent|individual|people|staff_member|dipendente)"
JUDGED = (
    r"(rank|ranking|score|scoring|rate|rating|grade|appraisal|performance|judge|evaluat\w*|league)"
)
FORBIDDEN = re.compile(
    rf"(^|_){JUDGED}s?_(of_|by_|per_|the_)?{PERSON}s?|(^|_){PERSON}s?_{JUDGED}s?(_|$)"
)
WHO = re.compile(rf"^({PERSON}(_id|_key|_name|_code)?|e_?mail|token|pseudonym|card|login|user)$")


def snake(name):
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def public_names():
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
            if isinstance(node, kinds) and not node.name.startswith("_"):
                yield f"{path.relative_to(SOURCE)}: {node.name}", snake(node.name)


def commands(command, name="anello"):
    yield name
    if isinstance(command, click.Group):
        context = click.Context(command)
        for key in command.list_commands(context):
            yield from commands(command.get_command(context, key), f"{name} {key}")


def parts(kind, seen):
    """Give every dataclass that a type is made of."""
    for inner in typing.get_args(kind):
        parts(inner, seen)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type) and kind not in seen:
        seen.add(kind)
        for hint in typing.get_type_hints(kind).values():
            parts(hint, seen)
    return seen


def names_a_person(kind):
    hints = typing.get_type_hints(kind)
    return [n for n in hints if WHO.match(n) and hints[n] in (str, bytes, tuple[str, ...])]


def test_no_public_function_or_class_scores_or_ranks_a_person():
    names = dict(public_names())
    assert len(names) > 300
    assert [place for place, name in names.items() if FORBIDDEN.search(name)] == []


def test_no_command_scores_or_ranks_a_person():
    found = list(commands(app))
    assert len(found) > 20
    plain = [re.sub(r"\W+", "_", name) for name in found]
    assert [name for name in plain if FORBIDDEN.search(name)] == []


def test_nothing_that_is_released_has_a_place_for_a_person():
    kinds = parts(Findings, set())
    assert len(kinds) > 10
    assert {k.__name__: names_a_person(k) for k in kinds if names_a_person(k)} == {}


def test_no_function_returns_a_mapping_from_persons_to_numbers():
    found = []
    for module in pkgutil.walk_packages(anello.__path__, "anello."):
        if module.name.endswith("__main__"):
            continue
        for name, function in inspect.getmembers(
            importlib.import_module(module.name), inspect.isfunction
        ):
            told = str(inspect.signature(function).return_annotation).lower()
            if not name.startswith("_") and re.search(rf"\b{PERSON}\w*,\s*(float|int)", told):
                found.append(f"{module.name}.{name}")
    assert found == []


def test_the_check_would_find_what_it_is_for():
    for bad in ("rank_employees", "employee_score", "score_per_person", "worker_ranking"):
        assert FORBIDDEN.search(bad), bad
    for good in ("score", "rank_correlation", "persons", "scored_measures", "rate_of_return"):
        assert not FORBIDDEN.search(good), good

    @dataclasses.dataclass
    class Rated:
        employee_id: str
        mean: float

    assert names_a_person(Rated) == ["employee_id"]
