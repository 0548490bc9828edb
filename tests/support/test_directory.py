"""Loading the folder, and what a person in one country is shown."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from app.support import DirectoryErrors, load_directory

TODAY = dt.date(2026, 11, 21)

GLOBAL = """
services:
  - {name: Everywhere, kind: general, url: "https://example.org", source: x, seen: 2026-04-22}
"""

TESTLAND = """
country: "NO"
emergency: {numbers: ["0112"], source: x, seen: 2026-04-22}
services:
  - {name: Anyone, kind: general, for: [anyone], phones: ["1"], source: x, seen: 2026-04-22}
  - {name: Abuse, kind: abuse, for: [survivors], phones: ["2"], source: x, seen: 2026-04-22}
  - {name: Men, kind: abuse, ages: {from: 25}, phones: ["3"], source: x, seen: 2026-04-22}
  - {name: Child, kind: child, for: [children], phones: ["4"], source: x, seen: 2026-04-22}
  - {name: Back then, kind: child, for: [adults], phones: ["5"], source: x, seen: 2026-04-22}
  - {name: Old, kind: child, for: [children], phones: ["6"], source: x, seen: 2024-11-20}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "global.yaml").write_text(GLOBAL, encoding="utf-8")
    (tmp_path / "no.yaml").write_text(TESTLAND, encoding="utf-8")
    return tmp_path


def names(folder: Path, from_age: int, to_age: int | None, today: dt.date = TODAY) -> list[str]:
    listing = load_directory(folder).for_country("NO", today, from_age, to_age)
    return [service.name for service in listing.services]


def test_for_young_people_lines_for_children_come_first(folder: Path) -> None:
    assert names(folder, 13, 24) == ["Child", "Back then", "Abuse", "Anyone"]


def test_for_adults_lines_for_children_come_last(folder: Path) -> None:
    assert names(folder, 18, None) == ["Abuse", "Men", "Anyone", "Back then"]


@pytest.mark.requirement("R61")
def test_entries_older_than_24_months_are_hidden_and_come_back_with_the_clock(folder: Path) -> None:
    assert "Old" not in names(folder, 13, 17)
    assert names(folder, 13, 17, dt.date(2026, 11, 20))[:2] == ["Child", "Old"]


@pytest.mark.requirement("R65")
def test_no_more_than_five_entries_with_the_emergency_numbers(folder: Path) -> None:
    listing = load_directory(folder).for_country("NO", dt.date(2026, 11, 20), 13, 30)

    assert listing.emergency is not None
    assert len(listing.services) == 4


def test_numbers_and_countries_stay_the_text_they_are(folder: Path) -> None:
    directory = load_directory(folder)
    listing = directory.for_country("NO", TODAY)

    assert directory.countries == ("NO",)
    assert listing.emergency is not None
    assert listing.emergency.tel_links == (("0112", "tel:0112"),)


@pytest.mark.requirement("R63")
def test_a_country_without_a_visible_service_for_these_people_says_so(folder: Path) -> None:
    directory = load_directory(folder)

    assert not directory.for_country("NO", TODAY, 13, 24).none_known
    assert directory.for_country("NO", dt.date(2030, 1, 1), 13, 24).none_known
    assert directory.for_country("XX", TODAY).none_known


def test_a_line_for_children_does_not_count_as_one_for_adults(folder: Path) -> None:
    child_only = "\n".join(line for line in TESTLAND.splitlines() if "- {" not in line)
    child_only += (
        '\n  - {name: C, kind: child, for: [children], phones: ["4"], source: x, seen: 2026-04-22}'
    )
    (folder / "no.yaml").write_text(child_only, encoding="utf-8")
    listing = load_directory(folder).for_country("NO", TODAY, 18)

    assert listing.none_known
    assert [service.name for service in listing.services] == ["C"]


def test_global_directories_are_hidden_when_old(folder: Path) -> None:
    directory = load_directory(folder)

    assert [entry.name for entry in directory.global_entries(TODAY)] == ["Everywhere"]
    assert directory.global_entries(dt.date(2030, 1, 1)) == ()


@pytest.mark.parametrize(
    ("wrong", "right", "message"),
    [
        ('["4"]', '["CHILD"]', "no.yaml:8:58: Write the number in digits"),
        ("kind: child, for: [children]", "knid: child, for: [children]", "Did you mean “kind”?"),
        ("phones: [", "phone: [", "Did you mean “phones”?"),
        ("for: [adults]", "for: [adult]", "no.yaml:9:"),
        ('country: "NO"', 'country: "SE"', "no.yaml:2:1: The file is called no.yaml"),
        ('country: "NO"', "country: Norway", "Write the two capital letters"),
        ("seen: 2024-11-20", "seen: 2024-13-20", "no such date as 2024-13-20"),
        ("name: Old, ", "", "no.yaml:10:5: “name” is missing here."),
        ("name: Old,", "name: Old, name: New,", "no.yaml:10:17: “name” stands here twice"),
        ("services:", "services: &all", "Anchors and aliases are not used here"),
        ("emergency: {", "emergency: [", "Not YAML"),
    ],
)
def test_a_broken_file_is_told_with_its_place(
    folder: Path, wrong: str, right: str, message: str
) -> None:
    (folder / "no.yaml").write_text(TESTLAND.replace(wrong, right, 1), encoding="utf-8")

    with pytest.raises(DirectoryErrors) as caught:
        load_directory(folder)

    assert any(message in problem for problem in caught.value.problems), caught.value.problems


def test_every_broken_file_is_told_at_once(folder: Path) -> None:
    (folder / "no.yaml").write_bytes(b"\xff")
    (folder / "se.yaml").write_text("", encoding="utf-8")
    (folder / "global.yaml").unlink()

    with pytest.raises(DirectoryErrors) as caught:
        load_directory(folder)

    said = str(caught.value)
    assert "no.yaml:1:1: Not UTF-8" in said
    assert "se.yaml:1:1: “country” is missing" in said
    assert "global.yaml:1:1: This file is missing" in said


def test_what_services_can_be_reached_by_is_public(folder: Path) -> None:
    services = """
country: "NO"
services:
  - name: Line
    kind: child
    phones: ["0800 11 11"]
    sms: [{number: "+47 123-456"}]
    whatsapp: ["+47 99"]
    emails: [Help@Line.example]
    url: "https://www.line.example/Chat/"
    source: x
    seen: 2026-04-22
"""
    (folder / "no.yaml").write_text(services, encoding="utf-8")

    assert load_directory(folder).public_contacts == {
        *("08001111", "47123456", "4799"),
        *("help@line.example", "line.example/chat", "example.org"),
    }
