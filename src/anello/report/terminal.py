"""A release as lines on a terminal: the verdict table and what to do next."""

from dataclasses import asdict
from math import isfinite
from typing import Any

from anello.model.words import say, say_n

from .folder import Folder
from .invariance_words import sentence
from .study_terminal import study_header, study_rows

WORDS = {
    "holds": "Holds",
    "goes_together": "Go together",
    "breaks": "Breaks",
    "cannot_tell_yet": "Cannot tell yet",
    "cannot_be_told": "Cannot be told this way",
    "described_only": "Described only",
}
LEVELS = {"between": "between {units}", "within": "within, over time"}
LINK_COLUMNS = (
    "link",
    "units",
    "waves",
    "rows",
    "partial",
    "reliability",
    "response",
    "between",
    "within",
)
QUALITY_COLUMNS = (
    "measure",
    "wave",
    "units",
    "n",
    "mean",
    "SD",
    "alpha",
    "omega",
    "ICC(1)",
    "ICC(2)",
    "rWG(J)",
    "withheld",
)
READY = {
    "judged": "can be judged",
    "not_yet": "two waves: cannot tell yet",
    "described": "fewer than 10 units: described only",
    "none": "no data",
}


def lines(found: Folder, language: str, *, reused: bool) -> list[str]:
    """Return the verdict table of a release, where its pages lie, and what to try next."""
    page = "report.it.html" if language == "it" else "report.html"
    board = "board.it.pdf" if language == "it" else "board.pdf"
    head = [found.manifest["title"][language], ""]
    rows = [_row(row, found.manifest, language) for row in found.evidence]
    tail = [
        "",
        *([_tried(found, language)] if found.manifest["tried"] else []),
        say("Two things that go together are no proof of a cause.", language),
        "",
        _where(found, language, reused=reused),
        f"  {found.path / page}",
        f"  {found.path / board}",
        say("Next: open the page; change worth_acting_on in the chain file; run again.", language),
    ]
    studied = study_rows(found, language)
    links = table(_header(language), rows) if rows or not studied else []
    gap = [""] if links and studied else []
    studies = table(study_header(language), studied) if studied else []
    return [*head, *links, *gap, *studies, *tail]


def _tried(found: Folder, language: str) -> str:
    return say_n(
        "{n} estimate was tried.", "{n} estimates were tried.", found.manifest["tried"], language
    )


def _where(found: Folder, language: str, *, reused: bool) -> str:
    if reused:
        return say("Nothing changed, so the release made before is shown:", language)
    return say("The release:", language)


def _header(language: str) -> list[str]:
    names = ("link", "level", "verdict", "effect in SD", "95 %", "units", "n")
    return [say(name, language) for name in names]


def _row(row: dict[str, Any], manifest: dict[str, Any], language: str) -> list[str]:
    labels, claim = manifest["labels"], row["claim"]
    lag = f" (+{claim['lag']})" if claim["lag"] else ""
    link = f"{labels[claim['source']][language]} → {labels[claim['target']][language]}{lag}"
    units = manifest["units"][language]
    return [
        link,
        say(LEVELS[row["level"]], language, units=units),
        say(WORDS[row["verdict"]], language),
        _number(row["standardised"], language),
        _limits(row, language),
        str(row["units"]),
        row["n_band"] or str(row["n"]),
    ]


def _number(value: float | None, language: str) -> str:
    if value is None:
        return "-"
    text = f"{value:+.2f}".replace("-", "−")
    return text.replace(".", ",") if language == "it" else text


def _limits(row: dict[str, Any], language: str) -> str:
    estimate, standardised = row["estimate"], row["standardised"]
    if not estimate or standardised is None or row["low"] is None:
        return "-"
    scale = standardised / estimate
    low, high = (_number(row[key] * scale, language) for key in ("low", "high"))
    return f"{low} {say('to', language)} {high}"


def table(
    header: list[str], rows: list[list[str]], plain: tuple[int, ...] = (0, 1, 2)
) -> list[str]:
    """Return a table as lines: words to the left (the columns of `plain`), numbers to the right."""
    everything = [header, *rows]
    widths = [max(len(row[i]) for row in everything) for i in range(len(header))]
    numbers = set(range(len(header))) - set(plain)
    out = []
    for row in everything:
        cells = (
            cell.rjust(width) if i in numbers else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        out.append("  ".join(cells).rstrip())
    return [out[0], "  ".join("-" * width for width in widths), *out[1:]]


def readiness_lines(checked: Any, language: str) -> list[str]:
    """Return what each link and measure has, and what can be judged, before anything is fitted."""
    links = [_link_cells(row, language) for row in checked.links]
    measures = [_quality_cells(row) for row in checked.quality]
    if not links and checked.chain.studies:
        links_lines = [
            say_n(
                "The study {study!r} asks {n} formula of rows of persons.",
                "The study {study!r} asks {n} formulas of rows of persons.",
                len(study.formulas), language, study=study.key,
            )
            for study in checked.chain.studies
        ]  # fmt: skip
    elif not links:
        links_lines = [say("The chain has no links yet: add one under `links`.", language)]
    else:
        links_lines = table([say(name, language) for name in LINK_COLUMNS], links, plain=(0, 7, 8))
    head = [say(name, language) for name in QUALITY_COLUMNS]
    told = [f"  {note.text(language) if hasattr(note, 'text') else note}" for note in checked.notes]
    warned = [warning.text(language) for warning in checked.warnings]
    alike = [_alike(found, checked.chain, language) for found in checked.invariance]
    gap = [""] if alike else []
    reliable = table(head, measures, plain=(0, 1))
    return [*links_lines, "", *reliable, *gap, *alike, "", *told, *warned]


def _alike(found: Any, chain: Any, language: str) -> str:
    """Return whether the means of a measure may be compared over its waves."""
    count = f"{len(found.groups)} {chain.waves.label.many.get(language)}"
    return sentence(found, chain.measure(found.measure).label.get(language), count, language)


def readiness_json(checked: Any) -> dict[str, Any]:
    """Return the same as values; NaN is null."""
    return {
        "links": [_finite(asdict(row)) for row in checked.links],
        "quality": [_finite(asdict(row)) for row in checked.quality],
        "invariance": [asdict(found) for found in checked.invariance],
        "notes": [str(note) for note in checked.notes],
        "warnings": [str(warning) for warning in checked.warnings],
    }


def _finite(row: dict[str, Any]) -> dict[str, Any]:
    return {k: None if isinstance(v, float) and not isfinite(v) else v for k, v in row.items()}


def _link_cells(row: Any, language: str) -> list[str]:
    return [
        row.formula,
        *(str(n) for n in (row.units, row.waves, row.rows, row.partial)),
        _pair(row.reliability),
        _pair(row.response),
        say(READY[row.between], language),
        say(READY[row.within], language),
    ]


def _quality_cells(row: Any) -> list[str]:
    figures = (row.mean, row.sd, row.alpha, row.omega, row.icc1, row.icc2, row.rwg)
    n = "-" if row.n is None else str(row.n)
    return [row.measure, row.wave, str(row.units), n, *map(_plain3, figures), str(row.withheld)]


def _plain3(value: float | None) -> str:
    return "-" if value is None or not isfinite(value) else f"{value:.3g}"


def _pair(values: tuple[float | None, float | None]) -> str:
    return " / ".join("-" if v is None else f"{v:.2f}" for v in values)


def fit_lines(fitted: dict[str, Any]) -> list[str]:
    """Return a fitted model as lines: scalars first, tables after them, groups of figures inset."""
    out: list[str] = []
    for key, value in fitted.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            header = list(value[0])
            out += ["", *table(header, [[_plain(row[name]) for name in header] for row in value])]
        elif isinstance(value, dict):
            out += [f"{key}:", *(f"  {line}" for line in fit_lines(value))]
        else:
            out.append(f"{key}: {_plain(value)}")
    return out


def _plain(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    return f"{value:.6g}" if isinstance(value, float) else str(value)
