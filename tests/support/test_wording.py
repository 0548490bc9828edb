"""What is said of a service: everything that is known, and what is not."""

from __future__ import annotations

import datetime as dt

import pytest

from app.support import Service, Wording

TODAY = dt.date(2026, 11, 21)


def english(sentence: str, **values: object) -> str:
    return sentence % values if values else sentence


def service(**more: object) -> Service:
    plain = {
        "name": "A line",
        "kind": "child",
        "for": ["children"],
        "source": "x",
        "seen": "2026-10",
    }
    return Service.model_validate({**plain, "url": "https://www.line.example/help/", **more})


SAY = Wording(english, "en")


def test_who_it_is_for() -> None:
    assert SAY.for_whom(service()) == "children"
    ages = {"from": 6, "to": 12}
    assert SAY.for_whom(service(**{"for": ["children", "families"]}, ages=ages)) == (
        "children, families (age 6 to 12)"
    )


@pytest.mark.requirement("R62")
def test_what_is_shown_is_what_is_dialled() -> None:
    ways = SAY.ways(
        service(
            phones=["0800 1111"],
            sms=[{"number": "85258", "keyword": "HELP"}],
            emails=["help@line.example"],
            cost="free",
            also=["chat", "app"],
        )
    )

    assert [(way.kind, way.label, way.link.shown) for way in ways] == [
        ("call", "Call (free)", "0800 1111"),
        ("sms", "Text the word HELP to", "85258"),
        ("mail", "Email", "help@line.example"),
        ("web", "Website (chat, an app)", "line.example/help"),
    ]


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (None, ""),
        ("always", "every day, day and night"),
        (
            [{"days": "mon-fri", "from": "08:00", "to": "24:00"}, {"days": "sat"}],
            "Monday – Friday from 8:00\u202fAM to 12:00\u202fAM; Saturday (hours not known)",
        ),
    ],
)
def test_when_it_answers(hours: object, said: str) -> None:
    assert SAY.hours(service(hours=hours)) == said


def test_languages_are_named_by_themselves_where_they_have_a_name() -> None:
    found = service(languages=["ne", "lg"], more_languages=True)

    assert SAY.languages(found) == "नेपाली, Luganda, and others"
    assert SAY.languages(service(more_languages=True)) == "several languages"


@pytest.mark.requirement("R60")
def test_what_no_source_says_is_said() -> None:
    assert SAY.doubts(service(), TODAY) == (
        "We do not know: when they answer, in which languages, what it costs, if they ask your "
        "name. Seen in a public source in October 2026. None of us has checked it yet."
    )


@pytest.mark.requirement("R61")
def test_what_was_checked_says_by_whom_and_what_is_old_says_so() -> None:
    known = {"hours": "always", "languages": ["en"], "cost": "free", "anonymous": "yes"}
    checked = service(**known, seen="2025-01", checked={"by": "A. Rivera", "date": "2025-01-10"})

    assert SAY.checked(checked) == "Checked on January 10, 2025 by A. Rivera"
    assert SAY.doubts(checked, dt.date(2025, 2, 1)) == ""
    assert SAY.doubts(checked, TODAY) == "This entry is old: it may have changed."


def test_days_and_lists_are_written_as_the_language_does() -> None:
    arabic = Wording(lambda sentence, **_: "، " if sentence == ", " else sentence, "ar")

    assert arabic.languages(service(languages=["en", "fr"])) == "English، Français"
    assert arabic.hours(service(hours=[{"days": "sun"}])).startswith("الأحد")
