"""The paper questionnaire: all that the definition says is on it, and nothing leads astray."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from app.consultation import Definition, choices_of
from app.consultation.questions import Matrix, Note, Scale
from app.consultation.references import PIPED
from app.paper import MissingSentence, PrintedForm, Unprintable, print_form
from tests.definitions import BRANCHING, SMALLEST, load

from .conftest import TODAY, form_of, help_for, page_with, sample
from .definitions import everything
from .reading import PageRead, read

SAMPLES = [
    ("childrens-insights", "en"),
    ("internet-safer", "en"),
    ("internet-safer", "fr"),
    ("internet-safer", "ar"),
    ("survivors-perspectives", "en"),
    ("survivors-perspectives", "es"),
]
MADE_UP = [("children-know-better", "ne"), ("children-know-better", "bn")]


def texts(definition: Definition, language: str) -> Iterator[str]:
    """Every text that a person has to find on paper, without the signs of Markdown."""
    yield definition.public_name[language]
    yield definition.title[language]
    yield from definition.about[language].replace("- ", "").split("\n\n")
    yield from (statement.label[language] for statement in definition.consent.statements)
    if definition.limits:  # R71
        yield definition.limits[language]
    if definition.participation:
        yield definition.participation.audience.promise[language]
    for page in definition.pages:
        yield from (text[language] for text in (page.title, page.content_warning) if text)
    for question in definition.questions.values():
        said = [question.label, question.hint, question.why]
        said += [choice.label for choice in choices_of(question)]
        said += [row.label for row in question.rows] if isinstance(question, Matrix) else []
        said += question.labels.values() if isinstance(question, Scale) else []
        for text in said:
            if text:
                yield from PIPED.split(text[language].replace("**", ""))[::2]
    yield definition.thanks.what_happens_next[language]


def everything_is_there(definition: Definition, language: str, pdf: bytes) -> None:
    pages = read(pdf)
    lines = [line for text in texts(definition, language) for line in text.split("\n") if line]
    assert len(lines) > 60
    missing = [line for line in lines if not any(page.shows(line) for page in pages)]
    assert missing == []
    assert len(lines) / 10 < len(pages) < len(lines) / 3


@pytest.mark.in_turn(3)
@pytest.mark.parametrize(("name", "language"), SAMPLES)
def test_every_text_of_the_definition_is_on_paper(name: str, language: str) -> None:
    definition = sample(name)

    form = form_of(definition, language)

    everything_is_there(definition, language, form.pdf)


@pytest.mark.in_turn(2)
@pytest.mark.parametrize(("name", "language"), MADE_UP)
def test_every_text_is_there_in_scripts_that_heard_does_not_speak_yet(
    name: str, language: str, catalogue_of: Callable[[str], Path]
) -> None:
    definition, catalogues = sample(name), catalogue_of(language)

    help_ = help_for(definition, "NP")
    form = print_form(definition, language, help_, TODAY, catalogues=catalogues)

    everything_is_there(definition, language, form.pdf)


def test_a_text_that_is_not_there_would_be_missed(pages: list[PageRead]) -> None:
    assert not any(page.shows("Which weather do you hate?") for page in pages)


@pytest.mark.parametrize(("name", "language"), SAMPLES)
def test_the_file_says_its_language_and_a_neutral_title(name: str, language: str) -> None:  # R9
    definition = sample(name)

    reader = PdfReader(io.BytesIO(form_of(definition, language).pdf))

    assert reader.metadata
    assert reader.metadata.title == definition.public_name[language]
    assert reader.metadata.author is None
    assert reader.metadata.subject is None
    root: Any = reader.root_object
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"]
    outline = [item.title for item in reader.outline if not isinstance(item, list)]
    assert definition.title[language] not in outline


def test_the_same_form_is_the_same_file(every_type: PrintedForm) -> None:
    """Nothing in the file says when it was made."""
    assert form_of(everything()).pdf == every_type.pdf


def test_the_first_page_says_who_asks_and_that_it_is_a_choice(pages: list[PageRead]) -> None:  # R2
    first = pages[0]

    assert first.shows("Asked by Somebody. somebody@example.org")
    assert first.shows("It takes about 5 minutes. There are about 15 questions.")
    assert first.shows("It is your choice. You can skip any question and stop at any time.")
    assert not first.shows("Code")


def test_nothing_asks_for_a_name_and_the_limits_are_said(pages: list[PageRead]) -> None:  # R69, R72
    how = pages[page_with(pages, "How you can answer on these sheets") - 1]
    assert how.shows("Please do not write your name or the name of anybody else.")
    assert how.shows("Handwriting can show who wrote something.")
    assert how.shows("So nobody can send help because of what you write here.")
    for question in ("In your words?", "In one line?"):
        asked = pages[page_with(pages, question) - 1]
        assert asked.shows("Please write no names, places or telephone numbers. Nobody reads this")


def test_consent_is_a_page_of_its_own_with_each_decision(pages: list[PageRead]) -> None:  # R11
    choice = pages[page_with(pages, "Your choice") - 1]

    assert choice.shows("I want to answer")
    assert choice.shows("My words may be quoted (You can leave this one out.)")
    assert choice.shows("hand the sheets back empty. That is fine.")
    assert not choice.shows("How you can answer")


@pytest.mark.requirement("R58")
def test_there_is_no_exit_and_nothing_of_a_screen(pages: list[PageRead]) -> None:
    for words in ("Exit", "Continue", "button", "this page works"):
        assert not any(page.shows(words) for page in pages), words


def test_questions_are_numbered_in_order(pages: list[PageRead]) -> None:
    asked = [q for q in everything().questions.values() if not isinstance(q, Note)]
    for number, question in enumerate(asked[2:-1], 3):
        text = f"{number}.{question.label['en']}"
        assert any(page.shows(text) for page in pages), text


def test_what_nobody_answers_is_not_printed(pages: list[PageRead], every_type: PrintedForm) -> None:
    assert not any(page.shows("Nobody sees this") for page in pages)
    assert "Not printed, because nobody is to answer it: never." in every_type.notes


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("1. Which weather do you like?", "Tick one circle."),
        ("1. Which weather do you like?", "Why we ask this We want to know."),
        ("1. Which weather do you like?", "Picture: A sky with clouds"),
        ("1. Which weather do you like?", "I prefer not to say"),
        ("2. What do you like about", "… (your answer to question 1)?"),
        ("2. What do you like about", "Think of … (your answer to question 1) alone."),
        ("2. What do you like about", "The sound What is said in the recording Drops fall."),
        ("2. What do you like about", "You can tick more than one square."),
        ("2. What do you like about", "Nothing If you tick this one, leave the others empty."),
        ("3. How many days?", "Write a whole number. From 0 to 31."),
        ("4. How many hours?", "It can have a decimal part. It can be 0.5 or more."),
        ("5. How many at most?", "Write a whole number. It can be 5 or less."),
        ("6. Which comes first?", "Write 1 in the box of the one that comes first, then 2"),
        ("7. How much?", "012345678910 Not at all Altogether 5: Half"),
        ("8. How is it?", "123 Bad Middling Good"),
        ("9. What do you think of these?", "The first row Disagree a lot Disagree Neither of them"),
        ("9. What do you think of these?", "I do not know I prefer not to say"),
        ("10. Is this so?", "Yes No The third row The fourth row"),
        ("13. When was it?", "The year alone is enough. Month Year"),
        ("14. In which year?", "Year"),
        ("15. In which country?", "Write the name of the country."),
    ],
)
def test_each_type_has_its_place_and_says_what_to_do(
    pages: list[PageRead], question: str, words: str
) -> None:
    assert pages[page_with(pages, question) - 1].shows(words)


class TestBranches:
    def test_a_page_says_for_whom_it_is_and_where_others_go_on(self, pages: list[PageRead]) -> None:
        here = pages[page_with(pages, "3. How many days?") - 1]
        goal = page_with(pages, "6. Which comes first?")

        assert here.shows(
            "Numbers Only if one or more of these are so: • you answered “Rain” to question 1 "
            "• you ticked at least 2 squares in question 2 "
            f"If not, go to question 6 on page {goal}."
        )

    def test_a_question_says_it_too(self, pages: list[PageRead]) -> None:
        here = pages[page_with(pages, "5. How many at most?") - 1]

        assert here.shows("Only if you wrote more than 3 in question 3. If not, go to question 6")

    def test_whoever_goes_on_at_a_warning_comes_to_the_warning_first(self) -> None:
        """Given a question behind a warning, then its page is the warning's, not its own."""
        pages = read(form_of(load(BRANCHING)).pdf)
        warning = page_with(pages, "The next questions are about storms.")

        assert any(
            page.shows(
                "Only if you answered “Yes” to question 1. "
                f"If not, go to question 4 on page {warning}."
            )
            for page in pages
        )
        assert page_with(pages, "4. Was it loud?") > warning

    def test_at_the_end_the_others_go_to_the_last_page(self) -> None:
        pages = read(form_of(load(BRANCHING)).pdf)
        end = page_with(pages, "This is the end. Thank you.")

        assert pages[page_with(pages, "How much snow?") - 1].shows(
            "Only if all of these are so: • you ticked “Winter” in question 8"
        )
        assert any(page.shows(f"If not, go to page {end}.") for page in pages)


class TestWarnings:
    def test_a_warning_is_alone_on_the_front_of_a_sheet(self, pages: list[PageRead]) -> None:  # R20
        number = page_with(pages, "Before you go on")
        warning = pages[number - 1]

        assert number % 2 == 1
        assert warning.shows("The next questions are about storms.")
        assert not warning.shows("In your words?")
        assert not pages[number - 2].shows("In your words?")
        assert pages[number].shows("11. In your words?")

    def test_it_offers_each_choice_with_a_page(self, pages: list[PageRead]) -> None:  # R21, R22
        warning = pages[page_with(pages, "Before you go on") - 1]
        after, help_ = (
            page_with(pages, "13. When was it?"),
            page_with(pages, "You can take these sheets with you."),
        )

        assert warning.shows("the next 2 questions. Each of them has a box to write in.")
        assert warning.shows("Go on: turn over.")
        assert warning.shows(f"Leave these questions out: go to question 13 on page {after}.")
        assert warning.shows("Take a pause: put the sheets away. Come back if you like.")
        assert warning.shows(f"Find someone to talk to: go to page {help_}.")

    def test_it_says_for_whom_the_questions_are(self, pages: list[PageRead]) -> None:
        warning = pages[page_with(pages, "Before you go on") - 1]

        assert warning.shows(
            "Only if all of these are so: • you did not tick “Nothing” in question 2 "
            "• you wrote more than 3 in question 3"
        )

    def test_the_page_before_it_is_empty_and_says_so(self, pages: list[PageRead]) -> None:
        number = page_with(pages, "Before you go on")

        assert pages[number - 2].shows("This page is empty.")
        empty = [n for n, page in enumerate(pages, 1) if page.shows("This page is empty.")]
        assert all(page % 2 == 0 for page in empty)

    def test_on_one_side_no_page_is_empty(self) -> None:
        pages = read(form_of(everything(), one_sided=True).pdf)

        assert not any(page.shows("This page is empty.") for page in pages)
        warning = pages[page_with(pages, "Before you go on") - 1]
        assert not warning.shows("In your words?")

    def test_after_the_questions_a_new_page_begins(self) -> None:
        """R20: who leaves them out does not see them beside the next question."""
        definition = sample("internet-safer")
        pages = read(form_of(definition).pdf)
        following = pages[page_with(pages, "9. Where would people your age look for help?") - 1]

        assert not following.shows("What would make it easier to report this?")


class TestMaking:
    @pytest.mark.parametrize("size", [14, 18, 24])
    def test_no_type_is_smaller_than_asked_for(self, size: int) -> None:
        pages = read(form_of(everything(), type_size=size).pdf)

        assert min(size for page in pages for size in page.sizes) == size

    def test_a_code_is_printed_only_if_given(self) -> None:
        assert read(form_of(load(SMALLEST), code="bcd2fg").pdf)[0].shows("Code bcd2fg")

    def test_a_draft_says_so_on_every_page(self, pages: list[PageRead]) -> None:
        said = "Draft. Please do not hand it out."

        assert all(page.shows(said) for page in read(form_of(load(SMALLEST), draft=True).pdf))
        assert not any(page.shows(said) for page in pages)

    def test_every_page_has_its_number(self, pages: list[PageRead]) -> None:
        for number, page in enumerate(pages, 1):
            assert page.shows(f"Questions · Page {number} of {len(pages)}")


class TestHelp:
    def test_it_is_on_sheets_of_its_own_at_the_end(self, pages: list[PageRead]) -> None:
        first = page_with(pages, "You can take these sheets with you.")

        assert first % 2 == 1
        assert not any(page.shows("This is the end") for page in pages[first - 1 :])

    def test_every_number_of_every_country_is_there(self) -> None:  # R62
        definition = sample("internet-safer")
        help_ = help_for(definition)
        pages = read(print_form(definition, "en", help_, TODAY).pdf)

        numbers = [
            link.shown
            for listing in help_.listings
            for links in (
                listing.emergency.tel_links if listing.emergency else (),
                *(service.tel_links for service in listing.services),
            )
            for link in links
        ]
        assert len(numbers) > 30
        assert [n for n in numbers if not any(page.shows(n) for page in pages)] == []

    def test_numbers_are_larger_than_words(self, pages: list[PageRead]) -> None:
        shown = [p for page in pages for p in page.pieces if "".join(p.clusters) == "0800 1111"]

        assert [round(piece.size / 14, 1) for piece in shown] == [1.6]

    def test_only_countries_that_were_asked_for_are_listed(self) -> None:
        pages = read(form_of(sample("internet-safer")).pdf)

        assert any(page.shows("United Kingdom") for page in pages)
        assert not any(page.shows("Canada") for page in pages)

    def test_where_no_service_is_known_it_is_said(self) -> None:  # R63
        definition = sample("internet-safer")
        help_ = help_for(definition, "ET")
        form = print_form(definition, "en", help_, TODAY)

        pages = read(form.pdf)
        assert any(page.shows("We do not know a checked service here") for page in pages)
        assert "No service for these people is known in: ET. The sheets say so." in form.notes

    def test_numbers_that_nobody_called_are_counted_for_the_facilitator(
        self, every_type: PrintedForm
    ) -> None:
        assert any(re.match(r"\d+ of \d+ services .* not yet called", n) for n in every_type.notes)


class TestRefusals:
    def test_a_language_that_heard_does_not_speak(self, tmp_path: Path) -> None:  # R75
        definition = sample("children-know-better")

        with pytest.raises(MissingSentence, match=r"cannot print in Nepali \(ne\)"):
            print_form(definition, "ne", help_for(definition), TODAY, catalogues=tmp_path)

    def test_a_sign_that_no_font_has(self) -> None:
        definition = load(SMALLEST.replace("Which colour?", "Which colour? \U0001f600 ሰላም"))

        with pytest.raises(Unprintable, match=r"U\+1F600.*“Which colour") as caught:
            form_of(definition)
        assert "U+1230" in str(caught.value)


def test_the_facilitator_is_told_what_paper_cannot_do(every_type: PrintedForm) -> None:
    notes = " ".join(every_type.notes)

    assert "Question 2: on a screen each person sees the choices in an order of their own" in notes
    assert "Question 2: paper cannot check its constraint (“No more than two, please.”)" in notes
    assert "Question 1: its pictures and sounds are printed as words." in notes
