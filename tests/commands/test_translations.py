"""`heard translations`: real files, out to a translator and back."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.commands import main
from app.consultation import load_definition_file
from tests.definitions import SMALLEST

SURVEYS = Path(__file__).parents[2] / "surveys"


@pytest.fixture
def surveys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one small consultation; commands run beside it."""
    folder = tmp_path / "surveys"
    folder.mkdir()
    (folder / "small.yaml").write_text(f"# of a facilitator\n{SMALLEST}")
    monkeypatch.chdir(tmp_path)
    return folder


def heard(surveys: Path, *words: str) -> Result:
    return CliRunner().invoke(main, list(words), env={"HEARD_SURVEYS": str(surveys)})


def exported(surveys: Path) -> str:
    done = heard(surveys, "translations", "export", "small", "--language", "sw", "-o", "sw.po")
    assert done.exit_code == 0, done.output
    return Path("sw.po").read_text("utf-8")


def all_translated(po: str) -> str:
    """What a translator sends back: every text between brackets."""
    return re.sub(r'msgid "(.+)"\nmsgstr ""', r'msgid "\1"\nmsgstr "[\1]"', po)


def bring_back(surveys: Path, po: str, *more: str) -> Result:
    Path("sw.po").write_text(po, "utf-8")
    return heard(surveys, "translations", "import", "sw.po", *more)


def test_out_and_back(surveys: Path) -> None:
    po = exported(surveys)
    assert 'msgctxt "pages/first/questions/colour/choices/red/label"\nmsgid "Red"\nmsgstr ""' in po

    done = bring_back(surveys, all_translated(po))

    assert done.exit_code == 0, done.output
    assert "texts written in sw: 10." in done.output
    definition = load_definition_file(surveys / "small.yaml")
    assert definition.complete_languages == ["en", "sw"]
    assert definition.title == {"en": "A title", "sw": "[A title]"}
    assert (surveys / "small.yaml").read_text().startswith("# of a facilitator\n")
    assert [path.name for path in surveys.iterdir()] == ["small.yaml"]


def test_half_done_is_written_and_told(surveys: Path) -> None:
    po = exported(surveys).replace('"A title"\nmsgstr ""', '"A title"\nmsgstr "Kichwa"')

    done = bring_back(surveys, po)

    assert done.exit_code == 0
    assert "texts written in sw: 1." in done.output
    assert "Still missing in sw: 9 (public_name, " in done.output
    assert load_definition_file(surveys / "small.yaml").title["sw"] == "Kichwa"
    checked = heard(surveys, "check", str(surveys / "small.yaml"))
    assert " gate incomplete-language: " in checked.output


def test_a_half_done_language_cannot_open(surveys: Path) -> None:
    bring_back(surveys, exported(surveys).replace('"A title"\nmsgstr ""', '"A title"\nmsgstr "K"'))

    done = heard(surveys, "start", "small", "--instance", "instance")

    assert done.exit_code == 1
    assert " gate incomplete-language: " in done.output


def test_programs_are_told_too(surveys: Path) -> None:
    po = exported(surveys).replace('"A title"\nmsgstr ""', '"A title"\nmsgstr "Kichwa"')

    told = json.loads(bring_back(surveys, po, "--json").output)

    assert told["language"] == "sw"
    assert told["written"] == ["title"]
    assert len(told["missing"]) == 9


def test_a_fuzzy_translation_is_left_out_and_named(surveys: Path) -> None:
    po = exported(surveys).replace('msgctxt "title"', '#, fuzzy\nmsgctxt "title"')

    done = bring_back(surveys, all_translated(po))

    assert "fuzzy: 1 (title)" in done.output
    assert "sw" not in load_definition_file(surveys / "small.yaml").title


@pytest.mark.parametrize(
    ("before", "after", "status", "said"),
    [
        ('msgid "A title"', 'msgid "An old title"', 1, "title: the text is not the one"),
        ('msgctxt "title"', 'msgctxt "titel"', 1, "“titel” is not a text"),
        ('"[A title]"', '"[${colour}]"', 1, "no placeholder"),
        ("Language: sw", "Language: xx", 2, "Language: xx"),
        ("Language: sw\\n", "", 2, "names no language"),
        ("Language: sw", "Language: en", 2, "Language: en"),
        ("small 1", "other 1", 2, "There is no"),
        ("small 1", "../small 1", 2, "Project-Id-Version"),
        ("msgid ", "message ", 2, "not a PO file"),
    ],
)
def test_what_does_not_fit_writes_nothing(
    surveys: Path, before: str, after: str, status: int, said: str
) -> None:
    path = surveys / "small.yaml"
    old = path.read_bytes()
    po = all_translated(exported(surveys))
    assert before in po

    done = bring_back(surveys, po.replace(before, after))

    assert done.exit_code == status, done.output
    assert said in done.output
    assert path.read_bytes() == old


def test_a_definition_that_cannot_be_read_is_left_alone(surveys: Path) -> None:
    po = all_translated(exported(surveys))
    path = surveys / "small.yaml"
    path.write_text(path.read_text().replace("minutes: 5", "minutes: five"))
    old = path.read_bytes()

    done = bring_back(surveys, po)

    assert done.exit_code == 1
    assert f"{path}:" in done.output
    assert path.read_bytes() == old
    assert heard(surveys, *["translations", "export", "small", "--language", "fr"]).exit_code == 1


def test_line_breaks_a_byte_order_mark_rights_and_a_link_stay(surveys: Path) -> None:
    po = all_translated(exported(surveys))
    path = surveys / "small.yaml"
    real = surveys.parent / "elsewhere.yaml"
    real.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    real.chmod(0o640)
    path.unlink()
    path.symlink_to(real)

    assert bring_back(surveys, po).exit_code == 0

    content = real.read_bytes()
    assert path.is_symlink()
    assert content.startswith(b"\xef\xbb\xbf#")
    assert content.count(b"\n") == content.count(b"\r\n")
    assert b"[A title]" in content
    assert real.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("export small --language en", "first language"),
        ("export small --language english", "not a language tag"),
        ("export large --language sw", "Consultations there: small."),
        ("export ../surveys/small --language sw", "There is no"),
        ("export small", "--language"),
        ("export small --language sw -o nowhere/sw.po", "cannot be written"),
        ("import nothing.po", "cannot be read"),
    ],
)
def test_wrong_use_is_said(surveys: Path, words: str, said: str) -> None:
    done = heard(surveys, "translations", *words.split())

    assert done.exit_code == 2
    assert said in done.output


def test_a_translators_work_is_not_written_over(surveys: Path) -> None:
    Path("sw.po").write_text("the work of a week")

    done = heard(surveys, *["translations", "export", "small", "--language", "sw"])

    assert done.exit_code == 2
    assert Path("sw.po").read_text() == "the work of a week"


@pytest.mark.parametrize("sample", ["internet-safer", "she-leads"])
def test_a_sample_is_what_it_was_after_its_own_translations(surveys: Path, sample: str) -> None:
    path = surveys / f"{sample}.yaml"
    shutil.copy(SURVEYS / path.name, path)

    out = heard(surveys, "translations", "export", sample, "--language", "ar")
    back = heard(surveys, "translations", "import", "ar.po")

    assert (out.exit_code, back.exit_code) == (0, 0), out.output + back.output
    assert "to ar: 0." in out.output
    assert path.read_bytes() == (SURVEYS / path.name).read_bytes()
