"""A form is read by what is inside the file, within fixed bounds, or refused with good advice."""

from __future__ import annotations

import contextlib
import io
import random
import re
import resource
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from app.consultation.xlsform import FormError, import_form
from app.consultation.xlsform.excel import MAX_UNPACKED_BYTES
from app.consultation.xlsform.reading import read_data, read_workbook

from .making import YES_NO, Rows, imported, told, xlsx

SMALL: dict[str, Rows] = {"survey": [["type", "name", "label"], ["text", "why", "Why?"]]}
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def changed(edit: Callable[[str, bytes], bytes | None]) -> bytes:
    """A good workbook, with each file inside it edited or taken out."""
    stream = io.BytesIO()
    good = zipfile.ZipFile(io.BytesIO(xlsx(SMALL)))
    with good, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in good.namelist():
            content = edit(name, good.read(name))
            if content is not None:
                archive.writestr(name, content)
    return stream.getvalue()


def with_cells(cells: bytes) -> bytes:
    """A good workbook with more XML behind its last row."""
    return changed(
        lambda name, content: (
            content.replace(b"</sheetData>", cells + b"</sheetData>")
            if "sheet1" in name
            else content
        )
    )


def archive_of(name: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, "x")
    return stream.getvalue()


NOISE = random.Random(1).randbytes(3000)  # noqa: S311 - the same noise each time
REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "empty"),
    "white space": (b" \n\n", "empty"),
    "noise": (NOISE, "not a spreadsheet"),
    "a broken archive": (b"PK\x03\x04" + b"x" * 300, "damaged"),
    "half a workbook": (xlsx(SMALL)[:3000], "damaged"),
    "another archive": (archive_of("notes.txt"), "archive"),
    "Word": (archive_of("word/document.xml"), "Word"),
    "old Word": (COMPOUND + "WordDocument".encode("utf-16-le"), "Word"),
    "OpenDocument": (archive_of("content.xml"), "OpenDocument"),
    "binary Excel": (archive_of("xl/workbook.bin"), "Excel Binary"),
    "a locked file": (COMPOUND + "EncryptedPackage".encode("utf-16-le"), "password"),
    "a broken .xls": (COMPOUND, "damaged"),
    "a web page": (b"<html><table></table></html>", "web page"),
    "an XForm": (b'<?xml version="1.0"?><h:html xmlns="http://www.w3.org/2002/xforms">', "XForm"),
    "PDF": (b"%PDF-1.4 \xe2", "PDF"),
    "JSON": (b'{"survey": []}', "JSON"),
    "a doctype": (
        changed(lambda name, c: b"<!DOCTYPE a>" + c if "sheet1" in name else c),
        "damaged",
    ),
    "no list of sheets": (
        changed(lambda name, c: None if "workbook.xml.rels" in name else c),
        "damaged",
    ),
    "broken styles": (changed(lambda n, c: b"<styleSheet" if "styles" in n else c), "damaged"),
    "a far cell": (
        with_cells(b'<row r="1048576"><c r="XFD1048576" t="b"><v>1</v></c></row>'),
        "XFD1048576",
    ),
    "a far cell with nothing in it": (
        with_cells(b'<row r="9"><c r="XFD1048576" t="str"><v></v></c></row>'),
        "XFD1048576",
    ),
    "100,000 columns": (b"type,name,label" + b",x" * 100_000, "column"),
    "200,000 rows": (b"type,name,label\n" + b"text,a,A\n" * 200_000, "row 100000"),
    "6,000 questions": (b"type,name,label\n" + b"text,a,A\n" * 6_000, "5000 rows"),
    "a huge cell": (b'type,name,label\ntext,a,"' + b"x" * 200_000 + b'"', "letters"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_form_is_refused_with_advice(case: str, tmp_path: Path) -> None:
    # Given a file that calls itself a form
    content, word = REFUSED[case]
    path = tmp_path / "form.xlsx"
    path.write_bytes(content)
    # When it is imported, then a sentence says what it is
    with pytest.raises(FormError, match=word):
        import_form(path)


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    # Given a small file that unpacks to four times the limit
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(with_cells(b" " * 4 * MAX_UNPACKED_BYTES))
    assert path.stat().st_size < MAX_UNPACKED_BYTES // 100
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # When it is imported
    with pytest.raises(FormError, match="unpacks to more than"):
        import_form(path)
    # Then it was refused on the way, and memory (KiB) did not grow with it
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert (after - before) * 1024 < MAX_UNPACKED_BYTES


def test_a_missing_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(FormError, match="cannot be read"):
        import_form(tmp_path / "nowhere.xlsx")


def test_a_very_long_list_takes_no_long_time(tmp_path: Path) -> None:
    # Given 40,000 choices, half of them with one name
    path = tmp_path / "form"
    path.mkdir()
    (path / "survey.csv").write_text(
        "type,name,label,choice_filter\nselect_one l,a,A?,k=1\ntext,b,B?,\n"
    )
    rows = "".join(f"l,{n if n % 2 else 'other'},Label {n},{n % 7}\n" for n in range(40_000))
    (path / "choices.csv").write_text("list_name,name,label,k\n" + rows)
    # When they are imported, then it takes seconds, and the question is asked in words
    before = time.process_time()
    found = import_form(path)
    assert time.process_time() - before < 20
    assert found.definition is not None
    assert found.definition.questions["a"].type == "text"


@pytest.mark.parametrize("seed", range(60))
def test_no_damage_breaks_the_import(seed: int) -> None:
    # Given a workbook with some bytes of one of its files changed
    dice = random.Random(seed)  # noqa: S311 - the same damage each time

    def damage(name: str, content: bytes) -> bytes:
        if name != target:
            return content
        broken = bytearray(content)
        for _ in range(dice.choice([1, 3, 10])):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        return bytes(broken)

    with zipfile.ZipFile(io.BytesIO(xlsx(SMALL))) as good:
        target = dice.choice(good.namelist())
    # When it is read, then it is read or refused
    with contextlib.suppress(FormError):
        read_data(changed(damage), "form.xlsx")


SURVEY_MD = """
| survey |
|        | type              | name | label::English (en) | label::Swahili (sw) |
|        | ----------------- | ---- | ------------------- | ------------------- |
|        | select_one yes_no | good | Good \\| well?      | Nzuri?              |
| choices |
|        | list_name | name | label::English (en) | label::Swahili (sw) |
|        | yes_no    | yes  | Yes                 | Ndiyo               |
|        | yes_no    | no   | No                  | Hapana              |
"""


def test_markdown_tables_are_read(tmp_path: Path) -> None:
    path = tmp_path / "form.md"
    path.write_text(SURVEY_MD)
    found = import_form(path)
    assert found.definition is not None
    assert found.languages == ("en", "sw")
    question = found.definition.questions["good"]
    assert question.label == {"en": "Good | well?", "sw": "Nzuri?"}


def test_a_plain_markdown_table_is_a_survey(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text("# Questions\n\n| type | name | label |\n|---|---|---|\n| text | a | Why? |\n")
    assert import_form(path).questions == 1


def test_a_folder_of_csv_files_is_a_form(tmp_path: Path) -> None:
    # Given the sheets of a form as CSV files, one with semicolons, one in Excel's UTF-16
    (tmp_path / "survey.csv").write_text("type;name;label\nselect_one yes_no;good;Good?\n")
    choices = "list_name\tname\tlabel\nyes_no\tyes\tJa\nyes_no\tno\tNein\n"
    (tmp_path / "Choices.csv").write_bytes(choices.encode("utf-16"))
    # When the folder is imported
    found = import_form(tmp_path)
    # Then it is one form
    assert found.definition is not None
    assert "Nein" in found.yaml


def test_choices_in_a_file_beside_the_form_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "form"
    folder.mkdir()
    (folder / "survey.csv").write_text(
        "type,name,label\nselect_one_from_file towns.csv,near,Near?\n"
        "select_one_from_file ../other.csv,outside,Far?\nselect_one_from_file no.csv,none,None?\n"
    )
    (folder / "towns.csv").write_text("name,label\na,A town\nb,B town\n")
    (tmp_path / "other.csv").write_text("name,label\na,Another\nb,And another\n")
    found = import_form(folder)
    assert "A town" in found.yaml
    # A file in another folder is not looked at.
    assert "in another file" in told(found, 3)
    assert "in another file" in told(found, 4)


def test_one_csv_file_may_hold_all_sheets(tmp_path: Path) -> None:
    path = tmp_path / "form.csv"
    path.write_text(
        "survey,,,\n,type,name,label\n,select_one yes_no,good,Good?\nchoices,,,\n"
        ",list_name,name,label\n,yes_no,yes,Yes\n,yes_no,no,No\n"
    )
    assert import_form(path).questions == 1


def test_an_old_encoding_is_guessed_and_said_so(tmp_path: Path) -> None:
    path = tmp_path / "form.csv"
    path.write_bytes("type,name,label\ntext,a,Où êtes-vous né ?\n".encode("cp1252"))
    found = import_form(path)
    assert "Où êtes-vous né ?" in found.yaml
    assert "Windows-1252" in told(found, sheet="form.csv")


def test_a_formula_without_a_result_is_listed(tmp_path: Path) -> None:
    survey: Rows = [
        ["type", "name", "label"],
        ["text", "a", '=CONCATENATE("x","y")'],
        ["text", "b", "B"],
    ]
    found = imported(tmp_path, {"survey": survey})
    assert found.definition is not None
    assert "the cell C2" in told(found, 2)
    assert "CONCATENATE" not in found.yaml


def test_numbers_truths_and_days_are_texts(tmp_path: Path) -> None:
    # A spreadsheet keeps 1 as 1.0, and a name “true” as a truth
    survey: Rows = [["type", "name", "label"], ["select_one l", True, 2024.0], ["text", "b", 1.5]]
    choices: Rows = [["list_name", "name", "label"], ["l", 1.0, "One"], ["l", 2.0, "Two"]]
    found = imported(tmp_path, {"survey": survey, "choices": choices})
    assert found.definition is not None
    assert found.definition.questions["true"].label == {"en": "2024"}
    assert re.search(r'name: 1, label: "One"', found.yaml)


@pytest.mark.parametrize(
    ("survey", "choices"),
    [
        ("survey", "choices"),
        ("Survey ", "CHOICES"),
        ("surveys", "choice"),
        ("Encuesta", "Opciones"),
    ],
)
def test_sheets_are_found_under_other_names(survey: str, choices: str, tmp_path: Path) -> None:
    # Given sheets with other names, and a title above the headings
    rows: Rows = [
        ["My form"],
        [],
        ["Type", " NAME", "Label*"],
        ["select_one yes_no", "good", "Good?"],
    ]
    found = imported(tmp_path, {"Read me": [["Hello"]], survey: rows, choices: YES_NO})
    # When they are imported, then the questions are there, and the other sheet is listed
    assert found.questions == 1
    assert "the whole sheet" in told(found, sheet="Read me")


def test_without_a_survey_the_sheets_are_named(tmp_path: Path) -> None:
    with pytest.raises(FormError, match=r"“Table1”.*type, name and label"):
        imported(tmp_path, {"Table1": [["a", "b"], [1, 2]]})


def test_without_a_question_the_reasons_are_named(tmp_path: Path) -> None:
    survey: Rows = [["type", "name", "label"], ["start", "s", None], ["geopoint", "g", "Where?"]]
    with pytest.raises(FormError, match=r"time of arrival.*where the person is"):
        imported(tmp_path, {"survey": survey})


def test_row_numbers_are_those_of_the_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(xlsx({"survey": [[], ["type", "name", "label"], [], ["text", "a", "A"]]}))
    (sheet,) = read_workbook(path).sheets
    assert [number for number, _ in sheet.rows] == [2, 4]


LAUGHS = "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha" * 10}">' for n in range(12)
).encode()


@pytest.mark.parametrize(
    "entities",
    [LAUGHS, b'<!ENTITY a11 SYSTEM "file:///etc/passwd">', b'<!ENTITY a11 "small">'],
    ids=["a million words from twelve", "another file", "one word"],
)
@pytest.mark.parametrize("part", ["sheet1", "sharedStrings", "workbook.xml", "Content_Types"])
def test_no_entity_of_a_workbook_is_unfolded(tmp_path: Path, entities: bytes, part: str) -> None:
    """Ten to the twelfth words, or a file of this machine, in the place of one name."""

    def edit(name: str, content: bytes) -> bytes:
        if part not in name or name.endswith(".rels"):
            return content
        head, end, rest = content.partition(b"?>")
        kind, sign, inside = rest.partition(b">")
        doctype = b"<!DOCTYPE x [" + entities + b"]>"
        return head + end + doctype + kind + sign + b"&a11;" + inside

    path = tmp_path / "form.xlsx"
    path.write_bytes(changed(edit))

    try:
        said = repr(import_form(path))
        assert part not in ("sheet1", "workbook.xml")
    except FormError as refused:
        said = str(refused)

    assert "root:" not in said
    assert "haha" not in said
    assert len(said) < 100_000
