from __future__ import annotations

from typing import Any

import pytest

from app.consultation import DefinitionErrors
from app.consultation.ages import age_spans, consent_texts
from tests.complete import COMPLETE, with_blocks
from tests.definitions import CHOOSING, SMALLEST, load

LAST_AGE = 120


def spans_of(audience: str) -> list[tuple[str, bool]]:
    definition = load(with_blocks(f"audience: {audience}\n", SMALLEST))
    return [(span.value, span.inside) for span in age_spans(definition.audience)]


@pytest.mark.parametrize(
    ("audience", "spans"),
    [
        ("{from_age: 13, to_age: 24}", []),
        (
            "{from_age: 13, to_age: 17, bands: [{from_age: 13, to_age: 17}]}",
            [("-12", False), ("13-17", True), ("18-", False)],
        ),
        (
            "{from_age: 18, bands: [{from_age: 16, to_age: 17}, {from_age: 18}]}",
            [("-15", False), ("16-17", False), ("18-", True)],
        ),
        (
            "{from_age: 6, to_age: 9, bands: [{from_age: 6, to_age: 9}, {from_age: 10}]}",
            [("6-9", True), ("10-", False)],
        ),
    ],
)
@pytest.mark.requirement("R17", "R18")
def test_every_age_has_a_span_of_its_own(audience: str, spans: list[tuple[str, bool]]) -> None:
    assert spans_of(audience) == spans


@pytest.mark.requirement("R17")
def test_no_age_is_in_two_spans_and_none_is_forgotten() -> None:
    spans = age_spans(load(CHOOSING).audience)

    for age in range(LAST_AGE):
        fitting = [
            span
            for span in spans
            if (span.low is None or span.low <= age) and (span.high is None or age <= span.high)
        ]
        assert [span.inside for span in fitting] == [13 <= age <= 24], age


@pytest.mark.parametrize(
    ("age", "texts"),
    [
        ("13-17", ["These are words for young people."]),
        ("18-24", ["These are words for adults."]),
        ("", ["These are words for young people.", "These are words for adults."]),
        ("0-99", ["These are words for young people.", "These are words for adults."]),
    ],
)
def test_r13_each_span_reads_the_text_for_its_age(age: str, texts: list[str]) -> None:
    assert [text.text["en"] for text in consent_texts(load(CHOOSING), age)] == texts


def test_r13_adults_words_are_for_adults_where_children_have_their_own() -> None:
    young, adult = consent_texts(load(CHOOSING))

    assert (young.from_age, young.to_age) == (13, 17)
    assert (adult.from_age, adult.to_age) == (18, 24)


@pytest.mark.parametrize(
    ("bands", "said"),
    [
        ("[{from_age: 13, to_age: 13}, {from_age: 14, to_age: 24}]", "less than two years wide"),
        ("[{from_age: 13, to_age: 16}, {from_age: 16, to_age: 24}]", "begins at 17"),
        ("[{from_age: 13, to_age: 16}, {from_age: 18, to_age: 24}]", "begins at 17"),
        ("[{from_age: 18, to_age: 24}, {from_age: 13, to_age: 17}]", "begins at 25"),
        ("[{from_age: 13}, {from_age: 18, to_age: 24}]", "Only the last band"),
        ("[{from_age: 12, to_age: 17}, {from_age: 18, to_age: 24}]", "begin at 13"),
        ("[{from_age: 13, to_age: 17}, {from_age: 18, to_age: 25}]", "end at 24"),
        ("[{from_age: 13, to_age: 17}, {from_age: 18}]", "end at 24"),
    ],
)
@pytest.mark.requirement("R17", "R18")
def test_bands_that_leave_a_doubt_are_refused(bands: str, said: str) -> None:
    audience = f"audience: {{from_age: 13, to_age: 24, bands: {bands}}}\n"

    with pytest.raises(DefinitionErrors) as refused:
        load(with_blocks(audience, COMPLETE))

    assert [f.rule for f in refused.value.findings if said in f.message] == ["age-bands"]


def test_r17_an_audience_without_end_has_a_band_without_end() -> None:
    audience = "audience: {from_age: 18, bands: [{from_age: 18, to_age: 24}]}\n"

    with pytest.raises(DefinitionErrors) as refused:
        load(with_blocks(audience, SMALLEST))

    assert ["no to_age" in finding.message for finding in refused.value.findings] == [True]


@pytest.mark.parametrize("right", [[True, True], [False, False]])
@pytest.mark.requirement("R15")
def test_a_check_where_all_is_meant_or_nothing_is_refused(right: list[Any]) -> None:
    choices = [f"{{label: This, right: {str(each).lower()}}}" for each in right]
    check = f"    - {{label: What?, explanation: That., choices: [{', '.join(choices)}]}}\n"
    consent = SMALLEST.partition("consent:")[2].partition("thanks:")[0]

    with pytest.raises(DefinitionErrors) as refused:
        load(with_blocks(f"consent:{consent}  understanding:\n{check}", SMALLEST))

    assert [finding.rule for finding in refused.value.findings] == ["understanding"]
