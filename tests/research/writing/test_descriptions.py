"""What describes a data set: for people, for archives, for R and Stata, for tools."""

from __future__ import annotations

import csv
import json
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from app.research import FORMATS, Wanted, build_codebook, open_bundle, unseal
from app.research.writing.scripts import stata_script

from ..conftest import KEY, bundle_of, make_definition, make_document, sealed
from .readers import codebook_of

WARNING = {"en": "The next question is about harm.", "fr": "سؤال عن الأذى"}
SAID = 'He said "no" & <b>left</b>, call 07700 900123 or @some_one'
DEFINITION = make_definition(
    [
        {
            "name": "told",
            "type": "select_one",
            "choices": [
                {"name": "yes", "label": {"en": 'Yes, "at once" & $more', "fr": "نعم \u200cفورًا"}},
                {"name": "no", "label": {"en": "No", "fr": "لا"}},
            ],
            "label": {"en": "Told `anyone' about ${places}?", "fr": "هل أخبرت أحدًا؟"},
        },
        {"name": "places", "type": "select_multiple", "choices": ["games", "chat"]},
        {"name": "since", "type": "date", "precision": "month"},
    ],
    [{"name": "words", "type": "text", "label": {"en": "What <else>?", "fr": "ماذا أيضًا؟"}}],
    [{"name": "if", "type": "integer", "from": 0, "to": 90}, {"name": "v2", "type": "country"}],
)
DEFINITION = DEFINITION.model_copy(
    update={
        "pages": [
            DEFINITION.pages[0],
            DEFINITION.pages[1].model_copy(update={"content_warning": WARNING}),
            DEFINITION.pages[2],
        ]
    }
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty-five texts, and answers of every kind; labels are Arabic."""
    place = tmp_path_factory.mktemp("described")
    answers = [{"words": f"{SAID} {number}", "told": "yes", "if": 30} for number in range(44)]
    answers += [{"words": "=1", "places": ["chat"], "since": "2026-11", "v2": "NP"}]
    rows = [sealed(make_document(DEFINITION, answers=each)) for each in answers]
    bundle_of(place / "a.heard", [DEFINITION], rows)
    with open_bundle(place / "a.heard") as bundle:
        unseal([bundle], KEY, place / "set", wanted=Wanted(FORMATS, language="fr"))
    return place / "set"


class Reader(HTMLParser):
    """Every element has its end, and the words are there."""

    VOID = ("meta", "br")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.words: list[str] = []
        self.marked: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if "mark" in self.open:
            self.marked.append(data)


def page(path: Path) -> Reader:
    read = Reader(path.read_text(encoding="utf-8"))
    assert "script" not in read.seen
    assert "link" not in read.seen
    return read


@pytest.mark.requirement("R97")
def test_texts_are_read_twenty_at_a_time_with_the_warning_on_top(folder: Path) -> None:
    text = (folder / "texts.html").read_text(encoding="utf-8")

    read = page(folder / "texts.html")

    parts = re.split(r"<h3>", text)
    assert [part.count("<blockquote") for part in parts] == [0, 20, 20, 5]
    assert all(part.count(WARNING["fr"]) == 1 for part in parts[1:])
    assert [part.count("class='pause'") for part in parts] == [0, 1, 1, 0]
    assert read.marked == ["07700 900123", "@some_one"] * 44
    assert "".join(read.words).count(SAID) == 44
    ids = set(re.findall(r'class="id">([a-z]{16})<', text))
    with (folder / "texts.csv").open(encoding="utf-8-sig", newline="") as file:
        assert ids == {row["id"] for row in csv.DictReader(file)}


def test_the_codebook_for_people_has_every_column_and_answer(folder: Path) -> None:
    read = page(folder / "codebook.html")

    words = "\n".join(read.words)
    for name, column in codebook_of(folder).items():
        assert name in words
        assert column["label"].get("fr", column["label"]["en"]) in words
    assert "نعم \u200cفورًا" in words
    assert "prefer not to say" in words
    assert "What <else>?" not in words  # the language is Arabic
    assert "ماذا أيضًا؟" in words


NAMESPACE = "{ddi:codebook:2_5}"
# DDI-Codebook 2.5, the order of what may stand in a var, of what is used here.
ORDER = ["labl", "qstn", "invalrng", "catgry", "varFormat"]


def test_the_codebook_for_archives_is_in_the_order_of_ddi(folder: Path) -> None:
    root = ET.parse(folder / "codebook.xml").getroot()  # noqa: S314  # our own

    assert root.tag == f"{NAMESPACE}codeBook"
    assert [each.tag.removeprefix(NAMESPACE) for each in root] == [
        "stdyDscr",
        "fileDscr",
        "dataDscr",
    ]
    described = root.find(f"{NAMESPACE}dataDscr")
    assert described is not None
    kinds = [each.tag.removeprefix(NAMESPACE) for each in described]
    assert kinds == sorted(kinds, key=["varGrp", "var"].index)
    variables = {each.get("name"): each for each in described.iter(f"{NAMESPACE}var")}
    assert list(variables) == list(codebook_of(folder))
    ids = [each.get("ID") for each in root.iter() if each.get("ID")]
    assert len(set(ids)) == len(ids)
    for variable in variables.values():
        tags = [each.tag.removeprefix(NAMESPACE) for each in variable]
        assert tags == sorted(tags, key=ORDER.index)
    told = variables["told"]
    assert told.findtext(f"{NAMESPACE}labl") == "هل أخبرت أحدًا؟"
    values = [each.findtext(f"{NAMESPACE}catValu") for each in told.iter(f"{NAMESPACE}catgry")]
    assert values == ["yes", "no", "95", "96", "97", "98", "99"]
    missing = [each.get("VALUE") for each in told.iter(f"{NAMESPACE}item")]
    assert missing == list(codebook_of(folder)["told"]["missing"])
    (group,) = described.iter(f"{NAMESPACE}varGrp")
    assert group.get("type") == "multipleResp"
    assert (group.get("var") or "").split() == [
        variables[name].get("ID") for name in ("places__games", "places__chat")
    ]


def test_the_data_package_describes_the_files_that_are_there(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))

    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    for resource in package["resources"]:
        with (folder / resource["path"]).open(encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file)
        fields = resource["schema"]["fields"]
        assert header == [field["name"] for field in fields]
        for number, field in enumerate(fields):
            missing = {each["value"] for each in field["missingValues"]}
            cells = {row[number] for row in rows} - missing
            listed = {str(each["value"]) for each in field.get("categories", [])}
            assert not listed or cells <= listed
            assert field["type"] != "integer" or all(cell.isdecimal() for cell in cells)


def test_the_codebook_for_excel_has_a_line_for_each_column(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "codebook.xlsx")

    assert [row[0] for row in book["columns"].iter_rows(values_only=True)] == [
        "column",
        *codebook_of(folder),
    ]
    answers = list(book["answers"].iter_rows(values_only=True))
    assert answers[0] == ("column", "in responses.csv", "in SPSS and Stata", "en", "fr")
    assert ("told", "yes", 1, 'Yes, "at once" & $more', "نعم \u200cفورًا") in answers


def test_spss_makes_a_set_of_the_choices(folder: Path) -> None:
    syntax = (folder / "read.sps").read_text(encoding="utf-8")

    assert "GET FILE='responses.sav'.\n" in syntax
    assert "/MDGROUP NAME=$places LABEL='places en français'" in syntax
    assert re.search(r"VARIABLES=places__games\s+places__chat\s+VALUE=1\.", syntax)


def test_stata_code_names_every_column_and_runs_nothing_of_a_label(folder: Path) -> None:
    code = (folder / "read.do").read_text(encoding="utf-8")

    old, new = re.findall(r"rename \(([^)]*)\) ///\s+\(([^)]*)\)", code)[0]
    stata = [column["names"]["stata"] for column in codebook_of(folder).values()]
    assert new.replace("///", " ").split() == stata
    assert old.replace("///", " ").split() == [f"v{number + 1}" for number in range(len(stata))]
    assert 'replace Heard = 1 if told == "yes"' in code
    assert 'replace Heard = .c if told == "97"' in code
    assert "replace Heard = real(subinstr(if_," in code

    # The English labels hold what Stata would put something in for.
    english = stata_script(build_codebook([DEFINITION], "en"))
    assert '1 `"Yes, "at once" & \\$more"\'' in english
    assert "label variable told `\"Told \\`anyone' about [places]?\"'" in english


@pytest.mark.thorough
def test_r_reads_the_table_with_its_labels(folder: Path, tmp_path: Path) -> None:
    """R itself, where it is installed; its script says what it found."""
    show = tmp_path / "show.R"
    show.write_text(
        'source("read.R", encoding = "UTF-8")\n'
        'cat(nrow(responses), sum(responses$told == "نعم \u200cفورًا", na.rm = TRUE),\n'
        '  sum(is.na(responses$told)), attr(responses$told, "label"), responses$if_[1:2] > -1,\n'
        "  as.character(na.omit(responses$v2)), as.character(why$told[is.na(responses$told)]),\n"
        '  sep = "\\n")\n',
        encoding="utf-8",
    )
    try:
        done = subprocess.run(
            ["Rscript", "--vanilla", str(show)],
            cwd=folder, capture_output=True, text=True, check=False,
            env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin:/usr/local/bin"},
        )  # fmt: skip
    except FileNotFoundError:
        assert not Path("/usr/bin/Rscript").exists()
        return

    assert done.returncode == 0, done.stderr
    rows, yes, none, label, *rest = done.stdout.splitlines()
    assert (rows, yes, none, label) == ("45", "44", "1", "هل أخبرت أحدًا؟")
    assert rest[-1] == "skipped: it was shown and left open"
