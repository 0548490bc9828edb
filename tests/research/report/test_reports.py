"""What is printed, against a count of one's own and against somebody who solves everything."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

import openpyxl
import pytest
from pypdf import PdfReader

from .attacker import ALL, ANSWERED, Attacker, Place
from .conftest import COUNTRIES, Run
from .printed import HIDDEN, SHARE, PrintedTable, base, people, read_page, read_sentences

REASONS = {
    "7": "Left it open",
    "8": "Preferred not to say",
    "6": "Stopped before it",
    "9": "Were not shown it",
    "5": "Had a version without it",
}


def rows_of(run: Run, collector: str | None = None) -> list[dict[str, str]]:
    with (run.data / "responses.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return rows if collector is None else [row for row in rows if row["collector"] == collector]


def recount(run: Run, rows: list[dict[str, str]]) -> dict[str, Counter[str]]:
    """Every closed question again, from the file and its codebook: people by title and label."""
    counted: dict[str, Counter[str]] = {}
    codebook = json.loads((run.data / "codebook.json").read_text("utf-8"))
    for column in codebook["columns"]:
        if "question" not in column or column["type"] == "text":
            continue
        title = re.sub(r"\$\{\w+\}", "…", column["label"]["en"])
        labels = {each["name"]: each["label"]["en"] for each in column.get("choices", [])}
        for point, label in (column.get("labels") or {}).items():
            labels[point] = f"{point}: {label['en']}"
        if "choice" in column:
            labels = {"1": column["choice_label"]["en"], "0": ""}
        table = counted.setdefault(title, Counter())
        first = not table
        for row in rows:
            cell = row[column["column"]]
            if cell not in column["missing"]:
                table[labels.get(cell, cell)] += 1
                table["Answered"] += first
            elif first:
                table[REASONS[cell[-1]]] += 1
    return counted


def true_count(run: Run, place: Place) -> int:
    """How many people a cell of a page is about, hidden or not."""
    page, caption, row, column = place
    title, _, other = caption.partition(" By: ")
    by_country = other == "How people came"
    rows = rows_of(run, (column if by_country else page).lower() or None)
    if other and not by_country:
        rows = [each for each in rows if recount(run, [each])[other][column]]
    return recount(run, rows)[title][row]


def half_up(count: int, of: int) -> int:
    return int((Decimal(100 * count) / of).quantize(Decimal(1), ROUND_HALF_UP))


def simple(html: str) -> list[PrintedTable]:
    return [table for table in read_page(html) if " By: " not in table.caption]


@pytest.mark.requirement("R97")
@pytest.mark.parametrize("collector", [None, *COUNTRIES])
def test_every_number_printed_is_one_counted_again(countries: Run, collector: str | None) -> None:
    page = countries.pages[(collector or "").upper()]
    counted = recount(countries, rows_of(countries, collector))
    seen = 0
    for table in simple(page):
        for row, cells in table.rows.items():
            if table.caption not in counted or people(cells[0]) is None:
                continue
            assert people(cells[0]) == counted[table.caption][row], (table.caption, row)
            if base(cells[0]) is not None:
                assert base(cells[0]) == counted[table.caption]["Answered"]
            seen += 1
    assert seen == 0 if collector == "co" else seen > 3


def test_children_71_in_groups_are_counted_again(children: Run) -> None:
    counted = recount(children, rows_of(children))
    printed = [
        (people(cell), counted[table.caption][row])
        for table in simple(children.pages[""])
        if table.caption in counted
        for row, (cell, *_) in table.rows.items()
        if people(cell) is not None
    ]

    assert len(printed) > 60
    assert all(one == other for one, other in printed)


@pytest.mark.requirement("R97")
@pytest.mark.parametrize("run", ["countries", "children"])
def test_a_share_stands_with_its_base_and_halves_go_up(
    run: str, request: pytest.FixtureRequest
) -> None:
    pages: Run = request.getfixturevalue(run)
    smallest = 10 if run == "countries" else 5
    said = " ".join(text for page in pages.pages.values() for text in read_sentences(page))
    shares = [each for each in SHARE.findall(said) if each != ("83", "35", "42")]  # the example
    assert len(shares) > 40
    for percent, count, of in shares:
        assert int(percent) == half_up(int(count), int(of))
        assert int(of) >= smallest
        assert int(count) == 0 or int(count) >= smallest
        assert int(of) - int(count) == 0 or int(of) - int(count) >= smallest
    weighed = re.sub(r"\d+% \(\d+ of \d+\)", "", said)
    cells = [
        c
        for page in pages.pages.values()
        for t in read_page(page)
        for r in t.rows.values()
        for c in r
    ]
    alone = [cell for cell in cells if re.fullmatch(r"\d+%", cell)]
    assert len(re.findall(r"\d+%", weighed)) == len(alone)


@pytest.mark.requirement("R97")
def test_no_subtraction_reveals_the_sixth_country(countries: Run) -> None:
    attacker = Attacker(countries.pages)
    assert len(attacker.hidden) > 40

    ranges = attacker.ranges()

    narrow = {place: ends for place, ends in ranges.items() if ends[1] - ends[0] < 10 - 1e-6}
    assert not narrow
    assert any(place[0] == "CO" for place in ranges)


@pytest.mark.requirement("R97")
def test_where_it_is_hidden_how_many_answered_no_nought_stands_out(countries: Run) -> None:
    attacker = Attacker(countries.pages)
    assert any(true_count(countries, place) == 0 for place in attacker.of_hidden_size)

    for tables in attacker.tables.values():
        for table in tables:
            sizes = table.rows.get(ALL, table.rows.get(ANSWERED, []))
            for column, size in enumerate(sizes):
                answers = [c for row, c in table.rows.items() if row not in table.totals]
                if people(size) is None:
                    assert "0" not in [cells[column] for cells in answers], table.caption


@pytest.mark.requirement("R97")
def test_what_71_children_said_cannot_be_worked_out(children: Run) -> None:
    attacker = Attacker(children.pages)
    assert attacker.hidden

    assert all(most - least >= 5 - 1e-6 for least, most in attacker.ranges().values())


def test_the_attacker_finds_a_number_that_is_only_left_out(countries: Run) -> None:
    """Leaving out one country's numbers, and nothing else, is no protection."""
    pages = dict(countries.pages)
    counted = recount(countries, rows_of(countries))
    table = next(t for t in simple(pages[""]) if t.caption == "told in English")
    shown = next(cell for row, (cell, *_) in table.rows.items() if row == "no in English")
    assert people(shown) == counted["told in English"]["no in English"]
    share, hidden = f'<td class="share">{shown}</td>', '<td class="hidden">hidden</td>'
    pages[""] = pages[""].replace(share, hidden, 1)

    ranges = Attacker(pages).ranges()

    assert any(most - least < 10 - 1e-6 for least, most in ranges.values())


def test_equal_weights_agree_with_the_numbers_they_are_made_of(pair: Run) -> None:
    """The share in which each country counts the same, from the countries' own pages."""
    tables = {name: {t.caption: t for t in simple(page)} for name, page in pair.pages.items()}
    seen = 0
    for caption, table in tables[""].items():
        for row, cells in table.rows.items():
            if len(cells) != 2 or not re.fullmatch(r"\d+%", cells[1]):
                continue
            shares = []
            for country in ("AL", "BA"):
                other = tables[country].get(caption)
                if other is None:  # how people came is told on the page of everybody alone
                    continue
                cell = other.rows[row][0]
                of = base(cell)
                if of is None:
                    assert people(cell) == 0
                    continue
                shares.append(Decimal(100 * int(SHARE.fullmatch(cell)[2])) / of)  # type: ignore[index]
            if shares:
                mean = sum(shares, Decimal(0)) / len(shares)
                assert int(mean.quantize(Decimal(1), ROUND_HALF_UP)) == int(cells[1][:-1])
                seen += 1
    assert seen


def test_where_a_country_is_hidden_no_weighed_share_is_printed(countries: Run) -> None:
    hidden_there = {
        (t.caption, row)
        for name, page in countries.pages.items()
        if name
        for t in simple(page)
        for row, cells in t.rows.items()
        if people(cells[0]) is None
    }
    assert hidden_there
    for table in simple(countries.pages[""]):
        for row, cells in table.rows.items():
            if (table.caption, row) in hidden_there and len(cells) == 2:
                assert not cells[1].endswith("%")


def test_what_is_hidden_is_hidden_in_the_pdf_and_the_workbook_too(countries: Run) -> None:
    for ending in ("", *(f"-{name}" for name in COUNTRIES)):
        page = read_page((countries.folder / f"report{ending}.html").read_text("utf-8"))
        printed = [cell for table in page for cells in table.rows.values() for cell in cells]
        book = openpyxl.load_workbook(countries.folder / f"tables{ending}.xlsx")
        lines = list(book["numbers"].iter_rows(min_row=2, values_only=True))
        assert [line[3] or "" for line in lines] == printed
        for _table, _answer, _column, said, count, of, percent in lines:
            if HIDDEN[0] in str(said or "") or said == HIDDEN[1]:
                assert (count, of, percent) == (None, None, None)
            elif said:
                share = SHARE.fullmatch(str(said))
                assert (count, of, percent) == (
                    (int(share[2]), int(share[3]), int(share[1]))
                    if share
                    else (None, None, int(str(said)[:-1]))
                    if str(said).endswith("%")
                    else (int(str(said)), None, None)
                )
        text = " ".join(
            each.extract_text()
            for each in PdfReader(countries.folder / f"report{ending}.pdf").pages
        )
        flat = re.sub(r"\s+", " ", text)
        wanted = Counter(
            SHARE.findall(
                " ".join(
                    read_sentences((countries.folder / f"report{ending}.html").read_text("utf-8"))
                )
            )
        )
        assert set(SHARE.findall(flat)) <= set(wanted)
        assert set(wanted) <= set(SHARE.findall(flat)) | {("83", "35", "42")}


def test_the_workbook_says_itself_how_to_read_it(countries: Run) -> None:
    book = openpyxl.load_workbook(countries.folder / "tables.xlsx")
    about = [row[0] for row in book["about"].iter_rows(values_only=True)]
    tables = [row[0] for row in book["tables"].iter_rows(values_only=True)]

    assert about[:2] == ["Text", "The answers of everybody together"]
    assert any("Hidden are all numbers from 1 to 9" in str(line) for line in about)
    start = tables.index("apps in English")
    assert tables[start + 1 : start + 4] == [
        "About apps.",
        "People could choose several answers.",
        "Answer",
    ]


def test_a_group_of_whom_nothing_may_be_told_is_told_so(countries: Run) -> None:
    said = read_sentences(countries.pages["CO"])

    assert said.count("No share can be shown here, so that nobody can be singled out.") > 4
    assert not any(text.startswith("Here is what they said") for text in said)
    assert "<svg" not in countries.pages["CO"]


def test_skipped_and_declined_stand_under_each_table(countries: Run) -> None:
    table = next(t for t in simple(countries.pages[""]) if t.caption == "age_band in English")

    assert {"Answered", "Left it open", "Preferred not to say"} <= table.totals


def test_one_group_has_tables_of_one_question_only(countries: Run) -> None:
    """With the country, a table of two questions would be one of three (R97)."""
    assert any(" By: " in table.caption for table in read_page(countries.pages[""]))
    for name, page in countries.pages.items():
        assert not name or not any(" By: " in table.caption for table in read_page(page))


def test_a_warning_comes_before_the_questions_it_was_about(countries: Run) -> None:
    for page in countries.pages.values():
        said = read_sentences(page)
        for start in (i for i, text in enumerate(said) if text == "apps in English"):
            before = said[:start]
            assert "About apps." in before


def test_an_area_nobody_asked_about_says_so(countries: Run) -> None:
    said = read_sentences(countries.pages[""])

    after = {said[i + 1] for i, text in enumerate(said) if text == "Information and advice"}
    assert "We did not ask about this." in after


def test_nothing_that_people_wrote_is_in_a_report(countries: Run) -> None:
    assert "own words" in " ".join(countries.pages.values())
    for path in countries.folder.glob("*.html"):
        assert "Something in my own words" not in path.read_text("utf-8")


def test_most_from_one_link_is_said(pair: Run, countries: Run) -> None:
    said = " ".join(read_sentences(pair.pages[""]))

    assert "More than half of all answers came through “AL”." in said
    assert "More than half" not in " ".join(read_sentences(countries.pages[""]))
