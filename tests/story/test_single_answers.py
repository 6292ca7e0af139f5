"""How single answers hang on rows, shops and regions, asked in the chain file; no answer leaves."""

import csv
import re
import sqlite3
from pathlib import Path
from random import Random

import pytest

from anello import run
from anello.model.errors import AnelloError
from anello.protect.ledger import read as ledger_lines
from anello.protect.release import release
from anello.report import compose
from anello.report.reading import Reading
from anello.report.study_board import study_tables
from anello.report.study_terminal import study_rows
from anello.store.fit_glmm import fit_glmm
from anello.store.fit_lmm import fit_lmm

PLACE = Path(__file__).parents[2] / "docs" / "reference"
HEAD = """anello: 1
key: shops
title: {en: Shops, it: Negozi}
units: {column: shop, label: {en: [shop, shops], it: [negozio, negozi]}}
waves: {column: year}
sources:
  staff: {path: staff.csv, grain: person}
"""
MIXED = (
    HEAD
    + """studies:
  service:
    kind: mixed
    title: {en: Service at the desk, it: Servizio al banco}
    roles: {unit: shop, person: person}
    formulas: [service ~ climate + shift + (1 | region/shop)]
    labels:
      climate: {en: Climate, it: Clima}
      shift: {en: Shift, it: Turno}
      night: {en: night, it: notte}
      day: {en: day, it: giorno}
      service: {en: Service, it: Servizio}
"""
)
COUNTED = (
    HEAD
    + """studies:
  stay:
    kind: counted
    title: {en: Who stays, it: Chi resta}
    roles: {unit: shop}
    formulas: [stays ~ climate + (1 | shop)]
"""
)
SLOPE, NIGHT = 0.5, -0.8


def staff(shops=32, people=10, seed=3):
    """Return one answer a person: climate lifts service by half a point, the night lowers it."""
    random, rows = Random(seed), []
    for j in range(shops):
        usual = random.gauss(0, 0.5)
        for i in range(people):
            climate, shift = random.randint(1, 5), random.choice(["day", "night"])
            told = 2 + SLOPE * climate + NIGHT * (shift == "night") + usual
            inclined = -1.5 + SLOPE * climate + usual
            rows.append(
                {
                    "region": f"R{j % 4}", "shop": f"S{j:02}", "person": f"p{j:02}{i:02}",
                    "climate": climate, "shift": shift,
                    "service": round(told + random.gauss(0, 0.7), 2),
                    "stays": "yes" if random.random() < 1 / (1 + 2.718281828**-inclined) else "no",
                    "mood": min(5, max(1, round(1 + SLOPE * climate + usual + random.gauss(0, 1)))),
                    "calls": sum(random.random() < 0.1 + 0.05 * climate for _ in range(6)),
                }
            )  # fmt: skip
    return rows


def write(folder, rows, chain=MIXED):
    with (folder / "staff.csv").open("w", newline="") as file:
        sheet = csv.DictWriter(file, list(rows[0]))
        sheet.writeheader()
        sheet.writerows(rows)
    (folder / "chain.yaml").write_text(chain, "utf-8")
    return folder / "chain.yaml"


def find(path):
    return run.analyse(path, ledger=path.parent / "ledger")


def effect(found, source, name="slope"):
    return next(e for e in found.studies[0].effects if (e.source, e.name) == (source, name))


def lines(folder):
    return [row for row in ledger_lines(folder / "ledger").rows if row.allowed]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("single")


@pytest.fixture(scope="module")
def mixed(place):
    return find(write(place, staff()))


@pytest.fixture(scope="module")
def pages(mixed):
    return compose(release(mixed))


def test_what_was_planted_in_climate_and_night_is_found(mixed):
    for source, truth in (("climate", SLOPE), ("shiftnight", NIGHT)):
        assert effect(mixed, source).low < truth < effect(mixed, source).high


def test_how_many_rows_were_read_of_persons_stands_on_the_page_as_a_band(pages):
    for name in ("report.html", "report.it.html"):
        [line] = re.findall(r"<tr><th[^>]*>staff</th>.*?</tr>", pages[name].decode())
        assert "300–349" in line
        assert "320" not in line


def test_the_chain_file_and_the_command_line_give_the_same_numbers(mixed, place):
    by_hand = fit_lmm("service ~ climate + shift + (1 | region/shop)", place / "staff.csv", df="kr")
    for row in by_hand["fixed"]:
        name = "intercept" if row["term"] == "(Intercept)" else "slope"
        found = effect(mixed, row["term"], name)
        for key in ("estimate", "se", "df", "p", "low", "high"):
            assert getattr(found, key) == pytest.approx(row[key], rel=1e-9, abs=1e-12), key


def test_from_thirty_shops_on_degrees_of_freedom_are_satterthwaites(place):
    chain = MIXED.replace("region/shop", "shop")
    (place / "many").mkdir()
    found = find(write(place / "many", staff(), chain))
    by_hand = fit_lmm("service ~ climate + shift + (1 | shop)", place / "many" / "staff.csv")
    assert effect(found, "climate").low == pytest.approx(by_hand["fixed"][1]["low"], rel=1e-9)
    assert effect(found, "climate").method == "mixed model, Satterthwaite"


@pytest.mark.parametrize(
    ("family", "outcome", "ratio"),
    [
        ("binomial", "stays", "odds ratio"),
        ("ordinal", "mood", "cumulative odds ratio"),
        ("poisson", "calls", "rate ratio"),
    ],
)
def test_counted_answers_are_those_of_the_command_line(tmp_path, family, outcome, ratio):
    formula = f"{outcome} ~ climate + shift + (1 | shop)"
    chain = COUNTED.replace("stays ~ climate + (1 | shop)", formula)
    chain += f"    settings: {{family: {family}, nodes: 7}}\n"
    found = find(write(tmp_path, staff(), chain))
    by_hand = fit_glmm(formula, tmp_path / "staff.csv", family=family, agq=7)
    assert found.studies[0].refused is None
    for row in by_hand["fixed"][-2:]:
        told = effect(found, row["term"], "log rate" if family == "poisson" else "log odds")
        assert told.estimate == pytest.approx(row["estimate"], rel=1e-9)
        assert (told.low, told.high) == pytest.approx((row["low_t"], row["high_t"]), rel=1e-9)
        times = effect(found, row["term"], ratio)
        assert times.estimate == pytest.approx(2.718281828459045 ** row["estimate"], rel=1e-9)
    planted = {"binomial": SLOPE, "poisson": None, "ordinal": None}[family]
    log = effect(found, "climate", "log rate" if family == "poisson" else "log odds")
    assert log.low > 0
    assert planted is None or log.low < planted < log.high


def test_page_board_and_tables_carry_the_study_in_both_languages(pages):
    en, it = (pages[name].decode() for name in ("report.html", "report.it.html"))
    assert "Service at the desk" in en
    assert re.search(r"Where climate is one higher, service is 0\.\d\d higher on average", en)
    assert "With shift: night, service is lower on average than with shift: day" in en
    assert "Servizio al banco" in it
    assert re.search(r"Dove «Clima» è più alto di uno, «Servizio» è in media più alto di 0,", it)
    assert "Con «Turno: notte», «Servizio» è in media più basso che con «Turno: giorno»" in it
    table = list(csv.DictReader(pages["tables/studies.csv"].decode().splitlines()))
    assert {row["study"] for row in table} == {"service"}
    assert {"climate", "shiftnight"} <= {row["source"] for row in table}


def test_people_shops_and_rows_leave_as_bands_and_no_shop_by_name(pages):
    page = pages["report.html"].decode()
    assert "30–39 units, 300–349 people, 300–349 rows." in page
    for name, data in pages.items():
        if name.endswith((".html", ".json", ".csv", ".svg")):
            assert not re.search(rb"\b(S\d\d|p\d{4}|R\d)\b", data), name
            assert b"320" not in re.sub(rb"[\d.]{5,}|#\w+|[a-f0-9]{16,}", b"", data), name


def test_where_what_is_left_lies_is_told_as_a_share(pages):
    told = re.search(r"by where it lies: shop (\d+) %, region (\d+) %, single answers (\d+) %\.",
                     pages["report.html"].decode())  # fmt: skip
    assert told is not None
    assert sum(map(int, told.groups())) in (99, 100, 101)


@pytest.mark.parametrize("chain", [MIXED, COUNTED], ids=["differences", "ratios"])
def test_the_board_and_the_terminal_have_a_row_for_each_coefficient(tmp_path, chain):
    found = find(write(tmp_path, staff(), chain))
    told = [e for e in found.studies[0].effects if e.name in ("slope", "odds ratio")]
    sign = "× {0:.2f}" if chain == COUNTED else "{0:+.2f}"
    said = [
        f"{sign.format(e.estimate)} [{e.low:.2f}, {e.high:.2f}]".replace("-", "−") for e in told
    ]
    assert len(said) == (1 if chain == COUNTED else 2)
    released = release(found)
    [table] = study_tables(Reading(released.value, released.gate), told=True)
    assert [row["cells"][0] for row in table["rows"]] == said
    done = run.run(tmp_path / "chain.yaml", tmp_path / "out", ledger=tmp_path / "ledger")
    rows = study_rows(done.folder, "en")
    assert [f"{row[3]} {row[4]}" for row in rows] == said


def test_a_ratio_is_drawn_around_one_and_a_difference_around_nought(tmp_path, pages):
    files = compose(release(find(write(tmp_path, staff(), COUNTED))))
    for page, ticks in (
        (files["report.html"], ["× 0.50", "× 1", "× 2"]),
        (pages["report.html"], ["−0.50", "0", "+0.50"]),
    ):
        picture = re.findall(r'<svg[^>]*class="ip study plain".*?</svg>', page.decode(), re.S)[0]
        assert re.findall(r'class="tick"[^>]*>([^<]+)<', picture) == ticks


def test_asking_again_gives_the_same_bytes_under_the_same_line(mixed, pages, place):
    before = ledger_lines(place / "ledger").rows
    again = find(place / "chain.yaml")
    assert compose(release(again)) == pages
    assert again.ledger == mixed.ledger
    assert ledger_lines(place / "ledger").rows == before


@pytest.mark.parametrize("chain", [MIXED, MIXED.replace(", person: person", "")])
def test_a_second_file_with_one_leaver_less_is_refused(tmp_path, chain):
    rows = staff()
    assert find(write(tmp_path, rows, chain)).studies[0].effects
    later = find(write(tmp_path, [r for r in rows if r["person"] != "p0703"], chain))
    assert later.studies[0].effects == ()
    page = compose(release(later))["report.html"].decode()
    assert "speaks of other people than what was released" in page


def test_a_leaver_who_changed_places_with_a_joiner_is_refused(tmp_path):
    chain, rows = MIXED.replace(", person: person", ""), staff()
    assert find(write(tmp_path, rows, chain)).studies[0].effects
    rows[73] |= {"climate": 6 - rows[73]["climate"] or 1, "service": 1.0}
    assert find(write(tmp_path, rows, chain)).studies[0].refused.name == "ledger"


@pytest.mark.parametrize("person", [", person: person", ""])
def test_a_shift_of_three_people_is_refused_with_its_reason_in_both_languages(tmp_path, person):
    rows = staff()
    for i in (5, 101, 250):
        rows[i]["shift"] = "saturday"
    found = find(write(tmp_path, rows, MIXED.replace(", person: person", person)))
    assert found.studies[0].effects == ()
    files = compose(release(found))
    en, it = (files[name].decode() for name in ("report.html", "report.it.html"))
    assert "fewer than 5 people stand behind service ~ climate + shift" in en
    assert "shiftsaturday" in en
    assert "ci sono meno di 5 persone" in it
    for page in (en, it):
        assert "95 %" not in page.split("Service at the desk")[-1].split("</section>")[0]
        assert not re.search(r"[-−+]?\d[.,]\d\d", page.split("<h3>")[1].split("</section>")[0])
    assert files["tables/studies.csv"].decode().count("\n") == 1
    assert lines(tmp_path) == []


def test_thirty_rows_of_three_people_are_three_people(tmp_path):
    rows = [r | {"day": d, "service": r["service"] + d % 3} for r in staff(12) for d in range(10)]
    for row in rows:
        if row["person"] in ("p0103", "p0407", "p1102"):
            row["shift"] = "saturday"
    chain = MIXED.replace("region/shop", "shop/person")
    found = find(write(tmp_path, rows, chain))
    assert found.studies[0].refused.name == "ledger"
    assert "shiftsaturday" in dict(found.studies[0].refused.values)["reason"].en


def test_three_people_at_the_level_the_others_are_compared_with_are_refused_too(tmp_path):
    rows = staff()
    for i in (5, 101, 250):
        rows[i]["shift"] = "a saturday"
    assert find(write(tmp_path, rows)).studies[0].refused.name == "ledger"


def test_where_three_people_left_the_odds_of_staying_are_not_told(tmp_path):
    rows = staff()
    for i, row in enumerate(rows):
        row["stays"] = "no" if i in (5, 101, 250) else "yes"
    assert find(write(tmp_path, rows, COUNTED)).studies[0].effects == ()


def test_two_formulas_between_which_one_person_stands_are_refused(tmp_path):
    rows = [r | {"tenure": Random(r["person"]).randint(1, 9)} for r in staff()]
    more = ", service ~ climate + tenure + (1 | shop)]"
    chain = MIXED.replace("(1 | region/shop)]", "(1 | shop)" + more)
    assert find(write(tmp_path, rows, chain)).studies[0].effects
    rows[77]["tenure"] = ""
    (tmp_path / "one").mkdir()
    assert find(write(tmp_path / "one", rows, chain)).studies[0].refused.name == "ledger"


def test_three_people_of_one_region_at_night_are_refused_where_the_formula_parts_them(tmp_path):
    rows = staff()
    for i, row in enumerate(rows):
        if row["region"] == "R2":
            row["shift"] = "night" if i in (20, 61, 103) else "day"
    assert find(write(tmp_path, rows)).studies[0].effects
    chain = MIXED.replace("climate + shift + (1 | region/shop)", "region * shift + (1 | shop)")
    (tmp_path / "apart").mkdir()
    assert find(write(tmp_path / "apart", rows, chain)).studies[0].effects == ()


def test_names_with_blanks_and_signs_are_names(tmp_path):
    rows = [
        {("climate <now> & then" if k == "climate" else k): v for k, v in r.items()}
        | {"shift": "<b>night</b> & day" if r["shift"] == "night" else "day"}
        for r in staff()
    ]
    chain = MIXED.replace("~ climate +", "~ `climate <now> & then` +")
    found = find(write(tmp_path, rows, chain))
    assert effect(found, "`climate <now> & then`").low > 0
    page = compose(release(found))["report.html"].decode()
    assert "<b>night" not in page
    assert "<now>" not in page


def test_rows_of_a_database_need_a_person_by_whom_they_are_known_again(tmp_path):
    with sqlite3.connect(tmp_path / "staff.db") as db:
        rows = staff()
        db.execute(f"create table staff ({', '.join(rows[0])})")
        marks = ", ".join("?" * len(rows[0]))
        db.executemany(f"insert into staff values ({marks})", [tuple(r.values()) for r in rows])
    db.close()
    chain = MIXED.replace("path: staff.csv", "path: sqlite://staff.db, table: staff")
    found = find(write(tmp_path, rows, chain))
    assert effect(found, "climate").low < SLOPE < effect(found, "climate").high
    assert find(tmp_path / "chain.yaml").ledger == found.ledger
    said = fault(tmp_path, chain.replace(", person: person", ""), rows)
    assert "name the column of persons under `roles`" in said
    assert f"line {line(chain, 'roles')}: " in said


def test_of_nine_people_nothing_is_told(tmp_path):
    found = find(write(tmp_path, staff(3, 3)))
    assert "Fewer than 10 people took part" in compose(release(found))["report.html"].decode()


def test_eight_shops_are_described_without_interval(tmp_path):
    found = find(write(tmp_path, staff(8, 30), MIXED.replace("region/shop", "shop")))
    climate = effect(found, "climate")
    assert climate.estimate == pytest.approx(SLOPE, abs=0.2)
    assert climate.low is climate.high is climate.p is None
    assert "Of fewer than 10 units this only describes" in (
        compose(release(found))["report.html"].decode()
    )


def test_several_rows_of_a_person_that_nothing_holds_together_are_a_warning(tmp_path):
    rows = [r | {"service": r["service"] + d} for r in staff(30, 5) for d in (0.1, 0.2)]
    [study] = find(write(tmp_path, rows, MIXED.replace("region/shop", "shop"))).studies
    assert "repeated" in {c.name for c in study.doubts}
    [study] = find(
        write(tmp_path, rows, MIXED.replace("(1 | region/shop)", "(1 | shop) + (1 | person)"))
    ).studies
    assert "repeated" not in {c.name for c in study.doubts}


def test_a_spread_of_zero_is_said(tmp_path):
    rows = staff()
    for row in rows:
        row["service"] = round(SLOPE * row["climate"] + Random(row["person"]).gauss(0, 1), 2)
    [study] = find(write(tmp_path, rows)).studies
    assert "singular" in {c.name for c in study.doubts}


def fault(tmp_path, chain, rows=None):
    path = write(tmp_path, rows or staff(4), chain)
    with pytest.raises(AnelloError) as error:
        run.analyse(path)
    assert error.value.text("it") != str(error.value)
    return str(error.value)


def line(chain, text):
    return next(i for i, row in enumerate(chain.splitlines(), 1) if text in row)


def test_a_misspelt_column_is_shown_with_the_line_of_the_chain_and_the_nearest_name(tmp_path):
    chain = MIXED.replace("~ climate", "~ climat")
    said = fault(tmp_path, chain)
    assert f"chain.yaml, line {line(chain, 'climat +')}: staff.csv has no column 'climat'" in said
    assert "did you mean 'climate'?" in said
    chain = MIXED.replace("person: person", "person: persn")
    assert f"line {line(chain, 'persn')}: " in fault(tmp_path, chain)


@pytest.mark.parametrize(
    ("find_", "put", "said"),
    [
        ("+ shift + (1 | region/shop)", "+ shift", "The formula has no group"),
        ("climate + shift +", "climate + * shift +", "'*' cannot stand here"),
        ("region/shop", "region", "as if they had nothing in common; add (1 | shop)"),
        ("~ climate + shift +", "~ 0 +", "asks for no coefficient"),
    ],
)
def test_a_fault_in_a_formula_points_at_its_line(tmp_path, find_, put, said):
    chain = MIXED.replace(find_, put)
    told = fault(tmp_path, chain)
    assert said in told
    assert f"chain.yaml, line {line(chain, 'formulas')}: " in told


@pytest.mark.parametrize(
    ("find_", "put", "said"),
    [
        ("{unit: shop}", "{person: person}", "which column is its 'unit'"),
        ("{unit: shop}", "{units: shop}", "has no 'units' under `roles`"),
        ("+ (1 | shop)]", "+ (1 | shop)]\n    settings: {family: normal}", "cannot be 'normal'"),
        ("+ (1 | shop)]", "+ (1 | shop)]\n    settings: {nodes: many}", "a number from 1 to 100"),
    ],
)
def test_a_role_or_setting_that_is_not_known_is_one_sentence(tmp_path, find_, put, said):
    assert said in fault(tmp_path, COUNTED.replace(find_, put))


def test_two_studies_know_the_people_of_the_same_rows_by_one_column(tmp_path):
    both = MIXED + COUNTED.split("studies:\n")[1]
    assert "know people by 'person' and 'shop'" in fault(tmp_path, both)
    both = both.replace("{unit: shop}", "{unit: shop, person: person}")
    assert len(find(write(tmp_path, staff(), both)).ledger) == 2


def test_a_word_in_a_column_of_numbers_is_shown_with_its_row(tmp_path):
    rows = staff(4)
    rows[6]["climate"] = "good"
    said = fault(tmp_path, MIXED, rows)
    assert "staff.csv, row 8, column 'climate': 'good' is not a number" in said


def test_what_one_person_wrote_is_in_no_refusal(tmp_path):
    rows = staff()
    words = {1: "bad", 2: "poor", 3: "fair", 4: "good", 5: "great"}
    for row in rows:
        row["mood"] = words[row["mood"]]
    chain = COUNTED.replace("stays ~", "mood ~")
    assert "say their order under `settings`" in fault(
        tmp_path, chain + "    settings: {family: ordinal}\n", rows
    )
    order = "    settings: {family: ordinal, answers: 'bad, poor, fair, good, great'}\n"
    assert effect(find(write(tmp_path, rows, chain + order)), "climate", "log odds").low > 0
    rows[40]["mood"] = "ask Anna"
    [study] = find(write(tmp_path, rows, chain + order)).studies
    assert "was not fitted" in study.refused.sentence
    assert "Anna" not in compose(release(run.analyse(tmp_path / "chain.yaml")))[
        "report.html"].decode()  # fmt: skip


def test_rows_that_cannot_be_fitted_are_counted_in_bands(tmp_path):
    rows = staff()
    for wrong, said in ((3, "fewer than 10 rows"), (77, "70 or more rows")):
        for i, row in enumerate(rows):
            row["calls"] = -1 if i < wrong else i % 4
        chain = COUNTED.replace("stays ~", "calls ~") + "    settings: {family: poisson}\n"
        (tmp_path / str(wrong)).mkdir()
        found = find(write(tmp_path / str(wrong), rows, chain))
        assert said in compose(release(found))["report.html"].decode()


def test_numbers_that_are_names_enter_by_their_levels_when_the_formula_says_so(tmp_path):
    rows = [r | {"floor": 1 + i % 3} for i, r in enumerate(staff())]
    chain = MIXED.replace("+ shift", "+ factor(floor)")
    found = find(write(tmp_path, rows, chain))
    names = {e.source for e in found.studies[0].effects}
    assert {"factor(floor)2", "factor(floor)3"} <= names


def test_answers_that_are_missing_leave_their_row_out(tmp_path):
    rows = staff()
    for i in range(0, 320, 16):
        rows[i]["climate"] = ""
    found = find(write(tmp_path, rows))
    by_hand = fit_lmm("service ~ climate + shift + (1 | region/shop)", tmp_path / "staff.csv",
                      df="kr")  # fmt: skip
    assert found.studies[0].answers == by_hand["n"] == 300
    assert effect(found, "climate").se == pytest.approx(by_hand["fixed"][1]["se"], rel=1e-9)


@pytest.mark.parametrize("name", ["mixed.md", "mixed.it.md", "glmm.md", "glmm.it.md"])
def test_the_example_of_the_page_runs_and_says_what_the_page_says(tmp_path, name):
    page = (PLACE / name).read_text("utf-8")
    [block] = re.findall(r"```yaml\n(studies:.*?)```", page, re.DOTALL)
    files = compose(release(find(write(tmp_path, staff(), HEAD + block))))
    report = files["report.it.html" if ".it." in name else "report.html"].decode()
    plain = " ".join(page.split())
    said = re.search(r"\((?:95 % interval|intervallo al 95 %) [^)]*\d\)", plain)
    assert said is not None
    assert said[0] in report


def test_a_chain_without_studies_knows_nothing_of_them(tmp_path):
    chain = HEAD.replace("column: year", "column: region") + (
        "constructs: {climate: {side: employee}, mood: {side: employee}}\n"
        "measures:\n"
        "  climate: {column: climate, scoring: mean, low: 1, high: 5}\n"
        "  mood: {column: mood, scoring: mean, low: 1, high: 5}\n"
        "links: ['mood ~ climate']\n"
    )
    files = compose(release(find(write(tmp_path, staff(), chain))))
    assert "single answers" not in files["report.html"].decode()
    assert files["tables/studies.csv"].decode().count("\n") == 1
