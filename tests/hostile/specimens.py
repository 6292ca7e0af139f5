"""Files that are sound, to be spoiled; and chains that read them."""

import gzip
import io
import random
import zipfile
from functools import cache
from pathlib import Path

import pandas
import pyarrow.csv
import pyarrow.parquet
import pyreadstat
import xlsxwriter

LSS = Path(__file__).parents[1] / "unit" / "listen" / "specimens" / "limesurvey" / "survey.lss"
HEAD = (
    *("unit", "wave", "person", "day", "shift", "prompt", "y", "x", "z"),
    *("q1", "q2", "q3", "yes", "text", "label"),
)

UNITS = """
anello: 1
key: shops
units: {{column: unit}}
waves: {{column: wave}}
sources: {{till: {{{source}}}}}
constructs: {{sales: {{side: money}}, mood: {{side: employee}}}}
measures: {{sales: {{column: {column}}}, mood: {{column: x}}}}
links: ['sales ~ mood']
"""

PEOPLE = """
anello: 1
key: shops
units: {{column: unit}}
waves: {{column: wave}}
sources: {{survey: {{grain: person, {source}}}}}
constructs: {{mood: {{side: employee}}}}
measures: {{mood: {{items: [q1, q2], low: 1, high: 5, scoring: mean}}}}
links: []
"""


def chain(folder, source, form=UNITS, column="y"):
    """Write a chain that reads a source, and return its path."""
    path = folder / "chain.yaml"
    path.write_text(form.format(source=source, column=column), "utf-8")
    return path


@cache
def table():
    """Return 120 rows of a survey, a diary and a till in one, as texts."""
    dice = random.Random(1)
    rows = [HEAD]
    for i in range(120):
        numbers = (f"{dice.gauss(0, 1):.3f}", f"{dice.gauss(0, 1):.3f}", str(i % 4))
        marks = tuple(str(dice.randint(1, 5)) for _ in "abc")
        rows.append(
            (f"u{i % 10}", str(i // 10 % 3 + 1), f"p{i % 20}", f"2024-01-{i // 20 + 1:02d}",
             str(i % 2), str(i // 20 % 3), *numbers, *marks, str(dice.randint(0, 1)),
             "a good day", "positive")
        )  # fmt: skip
    return tuple(rows)


def delimited(sign):
    return "".join(sign.join(row) + "\n" for row in table()).encode()


@cache
def specimen(kind):
    """Return the bytes of the table as a file of a kind."""
    if kind in ("csv", "tsv"):
        return delimited("," if kind == "csv" else "\t")
    if kind == "csv.gz":
        return gzip.compress(delimited(","), mtime=0)
    if kind == "parquet":
        sink = io.BytesIO()
        pyarrow.parquet.write_table(pyarrow.csv.read_csv(io.BytesIO(delimited(","))), sink)
        return sink.getvalue()
    if kind == "xlsx":
        sink = io.BytesIO()
        with xlsxwriter.Workbook(sink) as book:
            sheet = book.add_worksheet()
            for i, row in enumerate(table()):
                sheet.write_row(i, 0, row)
        return sink.getvalue()
    if kind == "lss":
        return LSS.read_bytes()
    raise KeyError(kind)


def write_sav(path):
    """Write the numbers of the table as an SPSS file."""
    frame = pandas.read_csv(io.BytesIO(delimited(",")))
    pyreadstat.write_sav(frame, path, variable_value_labels={"z": {0: "none", 1: "some"}})


HOSTILE = (
    "=cmd|' /C calc'!A0", "'; DROP TABLE rows; --", 'a"b', "a'b", "a\nb", "\u202egnp.exe",
    "\x1b[31mred\x1b[0m", "../../etc/passwd", "1e999", "-1e400", "nan", "inf", "9" * 400,
    "x" * 70_000,
    "{file}", "{0}", "%s", "[b]", "[/]", "<script>", "0x1f", "1_000", "١٢", "TRUE", "", " ", "-0",
    "2024-13-45", "99999999999999999999", "\ufeff", "\\", "$1", "?", "select", "\u0000", "#panic()",
    "{{ 7 * 7 }}", "${jndi:ldap://x}", "\u2028", "e\u0301" * 50,
)  # fmt: skip
"""What a cell or a name may hold."""


def spoiled(data, dice, text):
    """Return a specimen with bytes cut off, turned, put in, or (a text) cells replaced."""
    kind = dice.random()
    if kind < 0.1:
        return dice.randbytes(dice.randrange(300))
    if kind < 0.3:
        return data[: dice.randrange(len(data) + 1)]
    if kind < 0.4 or (kind < 0.8 and not text):
        turned = bytearray(data)
        for _ in range(dice.choice((1, 2, 5, 30))):
            turned[dice.randrange(len(turned))] ^= 1 << dice.randrange(8)
        return bytes(turned)
    if not text:
        at = dice.randrange(len(data))
        return data[:at] + dice.randbytes(dice.randrange(40)) + data[at:]
    return _cells(data, dice)


def _cells(data, dice):
    lines = data.decode().split("\n")
    sign = "\t" if "\t" in lines[0] else ","
    whole = dice.randrange(len(HEAD)) if dice.random() < 0.3 else None
    value = dice.choice(HOSTILE)
    rows = range(1, len(lines) - 1) if whole is not None else None
    for i in rows or [dice.randrange(len(lines) - 1) for _ in range(dice.choice((1, 1, 3, 40)))]:
        cells = lines[i].split(sign)
        cells[dice.randrange(len(cells)) if whole is None else whole] = (
            dice.choice(HOSTILE) if whole is None else value
        )
        lines[i] = sign.join(cells)
    return "\n".join(lines).encode("utf-8", "replace")


def archive(path, members):
    """Write a zip file of (name, pieces of bytes)."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, pieces in members:
            with packed.open(name, "w", force_zip64=True) as file:
                for piece in pieces:
                    file.write(piece)
