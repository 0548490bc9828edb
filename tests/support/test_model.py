"""What one entry knows: its links, its age, and whom it is for."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.support import Service, tel_link
from app.support.model import CountryFile, Emergency


def service(**given_fields: Any) -> Service:
    fields = {"name": "A line", "kind": "general", "source": "a page", "seen": "2026-04-22"}
    return Service.model_validate({**fields, "phones": ["0800 1111"], **given_fields})


@given(st.from_regex(r"\A\+?[0-9]([0-9 ()-]{0,12}[0-9])?\Z"))
@pytest.mark.requirement("R62")
def test_the_dialled_digits_are_the_shown_digits(shown: str) -> None:
    link = tel_link(shown)

    assert link.shown == shown
    assert re.sub(r"\D", "", link.href) == re.sub(r"[^0-9]", "", shown)
    assert link.href.startswith("tel:+") == shown.startswith("+")


def test_an_sms_link_carries_the_number_and_the_first_word() -> None:
    given_service = service(
        sms=[{"number": "85258", "keyword": "SHOUT"}, {"number": "+44 7860 039 967"}]
    )

    assert [link.href for link in given_service.sms_links] == [
        "sms:85258?body=SHOUT",
        "sms:+447860039967",
    ]


def test_a_whatsapp_link_has_the_digits_alone() -> None:
    (link,) = service(whatsapp=["+255 624 100 100"]).whatsapp_links

    assert link == ("+255 624 100 100", "https://wa.me/255624100100")


@pytest.mark.parametrize(
    ("today", "flagged", "hidden"),
    [
        (dt.date(2027, 4, 22), False, False),
        (dt.date(2027, 4, 23), True, False),
        (dt.date(2028, 4, 22), True, False),
        (dt.date(2028, 4, 23), True, True),
    ],
)
@pytest.mark.requirement("R61")
def test_an_entry_is_flagged_after_12_and_hidden_after_24_months(
    today: dt.date, flagged: bool, hidden: bool
) -> None:
    seen = service(seen="2026-04-22")

    assert (seen.is_flagged(today), seen.is_hidden(today)) == (flagged, hidden)


def test_an_entry_seen_on_a_leap_day_is_flagged_the_day_after_it_is_a_year_old() -> None:
    leap = service(seen="2028-02-29")

    assert not leap.is_flagged(dt.date(2029, 2, 28))
    assert leap.is_flagged(dt.date(2029, 3, 1))


def test_a_month_without_a_day_counts_from_its_first_day() -> None:
    assert service(seen="2025-06").last_seen == dt.date(2025, 6, 1)


def test_a_check_makes_an_old_entry_fresh() -> None:
    checked = service(seen="2020-01-01", checked={"by": "A. Person", "date": "2026-11-01"})

    assert checked.last_seen == dt.date(2026, 11, 1)
    assert not checked.is_flagged(dt.date(2026, 11, 21))


@pytest.mark.parametrize(
    ("whom", "ages", "child", "young", "adult"),
    [
        (["children"], None, True, True, False),
        (["young_people"], None, True, True, False),
        (["adults"], None, False, True, True),
        (["women"], None, False, True, True),
        (["anyone"], None, True, True, True),
        (["parents"], None, False, False, False),
        ([], None, False, False, False),
        (["children"], {"to": 18}, True, True, False),
        (["adults"], {"from": 25}, False, False, True),
    ],
)
def test_whom_a_service_is_for(
    whom: list[str], ages: dict[str, int] | None, child: bool, young: bool, adult: bool
) -> None:
    given_service = service(**{"for": whom, "ages": ages})

    assert given_service.is_for(10, 17) is child
    assert given_service.is_for(13, 24) is young
    assert given_service.is_for(18, math.inf) is adult


def test_when_nobody_has_said_their_age_a_line_for_children_counts() -> None:
    assert service(**{"for": ["children"]}).is_for(0, math.inf)


def test_only_ages_that_a_source_names_turn_people_away() -> None:
    assert service(ages={"from": 18}).turns_away(13, 17)
    assert not service(ages={"from": 18}).turns_away(13, 24)
    assert not service(**{"for": ["children"]}).turns_away(18, math.inf)


@pytest.mark.parametrize("hours", ["always", [{"days": "sat"}], None])
def test_hours_are_always_or_listed_or_not_known(hours: Any) -> None:
    assert service(hours=hours).always_open is (hours == "always")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phones", ["1-800-4-A-CHILD"]),
        ("phones", ["0800 1111 or 116"]),
        ("phones", []),
        ("sms", [{"number": "SHOUT"}]),
        ("seen", "2026-02-30"),
        ("seen", "last year"),
        ("hours", [{"days": "mon-fri", "from": "09:00"}]),
        ("hours", [{"days": "weekdays"}]),
        ("languages", ["Klingonese"]),
        ("also", ["chat"]),
        ("url", "javascript:alert(1)"),
        ("anonymous", "maybe"),
        ("checked", {"date": "2026-11-01"}),
        ("tel", "tel:123"),
    ],
)
@pytest.mark.requirement("R60")
def test_an_entry_that_could_mislead_is_refused(field: str, value: Any) -> None:
    with pytest.raises(ValidationError):
        service(**{field: value})


def test_a_file_without_services_has_to_say_so_and_one_with_services_must_not() -> None:
    with pytest.raises(ValidationError, match="none_known: true"):
        CountryFile.model_validate({"country": "BA", "services": []})
    with pytest.raises(ValidationError, match="take “none_known” out"):
        CountryFile(country="GB", services=[service()], none_known=True)


def test_at_most_three_emergency_numbers() -> None:
    numbers = ["112", "127", "128", "129"]

    with pytest.raises(ValidationError):
        Emergency(numbers=numbers, source="a page", seen="2026-11-21")
