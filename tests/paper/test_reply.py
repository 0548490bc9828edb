"""What was heard and what is asked for, on paper: everything that is approved, and nothing else."""

from __future__ import annotations

import datetime as dt

import pytest

from app.consultation import Definition, load_definition
from app.paper import MissingSentence, print_reply
from tests.complete import with_blocks

from .conftest import page_with
from .reading import PageRead, read, squeezed

DAY = dt.date(2027, 8, 1)
TOLD = """\
languages: [en, ar, ne]
outcomes:
  - heard:
      en: Many of you said that nobody writes back.
      ar: قال كثير منكم إن أحدا لا يرد.
      ne: धेरैले कसैले जवाफ दिँदैन भन्नुभयो।
    child_version:
      en: You wait too long. We asked for an answer within a week.
      ar: تنتظرون طويلا. طلبنا ردا خلال أسبوع.
      ne: तपाईं धेरै कुर्नुहुन्छ। हामीले जवाफ माग्यौं।
    change: {en: An answer within a week., ar: رد خلال أسبوع., ne: एक हप्ताभित्र जवाफ।}
    who: {en: The Ministry, ar: الوزارة, ne: मन्त्रालय}
    by: 2027-07-31
    state: sent
  - heard: {en: Many of you want help at night., ar: مساعدة في الليل., ne: राति सहायता।}
    no_change: {en: The line stays closed., ar: يبقى الخط مغلقا., ne: लाइन बन्द रहन्छ।}
    why: {en: Too few people are trained., ar: المدربون قليلون., ne: मान्छे थोरै छन्।}
    state: answered
  - {heard: {en: A thought of nobody, ar: لا, ne: अ}, change: {en: A lamp, ar: ا, ne: ब}}
"""


@pytest.fixture(scope="module")
def definition() -> Definition:
    return load_definition(with_blocks(TOLD), "small.yaml")


def pages_of(definition: Definition, language: str, today: dt.date = DAY) -> list[PageRead]:
    return read(print_reply(definition, language, today))


@pytest.mark.requirement("R93")
@pytest.mark.parametrize("language", ["en", "ar", "ne"])
def test_everything_that_is_approved_is_on_it_and_no_draft(
    definition: Definition, language: str
) -> None:
    pages = pages_of(definition, language)

    def shown(text: str) -> bool:
        return any(page.shows(text) for page in pages)

    first, second = definition.reply.outcomes
    for text in (first.heard, first.child_version, first.change, first.who):
        assert text is not None
        assert shown(text[language])
    for text in (second.heard, second.no_change, second.why):
        assert text is not None
        assert shown(text[language])
    draft = definition.outcomes[2]
    if language == "en":
        assert not shown(draft.heard[language])
        assert not shown("A lamp")


@pytest.mark.requirement("R94")
def test_childrens_words_stand_before_those_of_adults(definition: Definition) -> None:
    (page, *_) = pages_of(definition, "en")
    text = page.text

    assert text.index(squeezed("You wait too long.")) < text.index(squeezed("Many of you said"))


@pytest.mark.requirement("R93")
@pytest.mark.parametrize(("day", "times"), [(0, 0), (1, 1)])
def test_late_is_said_from_the_day_after(definition: Definition, day: int, times: int) -> None:
    by = dt.date(2027, 7, 31)
    doors = definition.participation
    assert doors is not None
    listener = int(doors.audience.reply_by < by + dt.timedelta(days=day))
    pages = pages_of(definition, "en", by + dt.timedelta(days=day))

    assert sum(page.text.count("Late.") for page in pages) == times + listener


def test_it_says_who_asks_who_listens_and_on_which_day(definition: Definition) -> None:
    pages = pages_of(definition, "en")
    doors = definition.participation
    assert doors is not None

    for text in (
        doors.audience.who["en"],
        definition.organisation.contact,
        "August 1, 2027",
        "What we ask for",
        "The Ministry",
        "July 31, 2027",
        "We asked for this. There is no answer yet.",
    ):
        assert page_with(pages, text) >= 1


def test_the_same_day_gives_the_same_file(definition: Definition) -> None:
    assert print_reply(definition, "ar", DAY) == print_reply(definition, "ar", DAY)


def test_a_language_that_heard_does_not_speak_is_refused(definition: Definition) -> None:
    with pytest.raises(MissingSentence):
        print_reply(definition, "de", DAY)
