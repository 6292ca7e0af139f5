"""A release as lines on a terminal: the verdict table and what to do next."""

from typing import Any

from anello.model.words import say, say_n

from .folder import Folder

WORDS = {
    "holds": "Holds",
    "goes_together": "Go together",
    "breaks": "Breaks",
    "cannot_tell_yet": "Cannot tell yet",
    "cannot_be_told": "Cannot be told this way",
    "described_only": "Described only",
}
LEVELS = {"between": "between {units}", "within": "within, over time"}
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
        _tried(found, language),
        say("Two things that go together are no proof of a cause.", language),
        "",
        _where(found, language, reused=reused),
        f"  {found.path / page}",
        f"  {found.path / board}",
        say("Next: open the page; change worth_acting_on in the chain file; run again.", language),
    ]
    return [*head, *_table(_header(language), rows), *tail]


def _tried(found: Folder, language: str) -> str:
    return say_n("{n} estimate was tried.", "{n} estimates were tried.", found.manifest["tried"], language)


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


def _table(header: list[str], rows: list[list[str]]) -> list[str]:
    everything = [header, *rows]
    widths = [max(len(row[i]) for row in everything) for i in range(len(header))]
    numbers = range(3, len(header))
    out = []
    for row in everything:
        cells = (
            cell.rjust(width) if i in numbers else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        out.append("  ".join(cells).rstrip())
    return [out[0], "  ".join("-" * width for width in widths), *out[1:]]


def readiness_lines(rows: tuple[Any, ...], language: str) -> list[str]:
    """Return what each link has and what can be judged, before anything is fitted."""
    names = ("link", "units", "waves", "rows", "partial", "reliability", "response", "between", "within")
    body = [
        [
            row.formula,
            str(row.units),
            str(row.waves),
            str(row.rows),
            str(row.partial),
            _pair(row.reliability),
            _pair(row.response),
            say(READY[row.between], language),
            say(READY[row.within], language),
        ]
        for row in rows
    ]
    header = [say(name, language) for name in names]
    if not body:
        return [say("The chain has no links yet: add one under `links`.", language)]
    return _table(header, body)


def _pair(values: tuple[float | None, float | None]) -> str:
    return " / ".join("-" if v is None else f"{v:.2f}" for v in values)


def fit_lines(fitted: dict[str, Any]) -> list[str]:
    """Return a fitted model as lines: scalars first, then each table."""
    out = []
    for key, value in fitted.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            header = list(value[0])
            out += ["", *_table(header, [[_plain(row[name]) for name in header] for row in value])]
        elif not isinstance(value, list):
            out.append(f"{key}: {_plain(value)}")
    return out


def _plain(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
