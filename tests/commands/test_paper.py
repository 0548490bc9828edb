"""`heard print`, `heard poster` and `heard cards`: files that can be handed out, or a reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.commands.paper import cards, poster, print_form
from app.sealing import card_tag
from app.storage import Entry, FoundCard, Storage, StoredDefinition, open_storage, upgrade
from config import read_config
from tests.definitions import HEAD, PAGES, load
from tests.paper.reading import read

SURVEYS = Path(__file__).parents[2] / "surveys"
ADDRESS = "https://questions.example.org"
CARD = re.compile(r"(?:[a-z0-9]{4}-){3}[a-z0-9]{4}")
CLOSED_GROUP = HEAD + PAGES + "access: single_use_code\n"
TWO = "collectors: [{name: north, label: North}, {name: south, label: South}]\n"


@pytest.fixture
def surveys(tmp_path: Path) -> Path:
    """A folder with one small consultation and the support directory of this repository."""
    folder = tmp_path / "surveys"
    folder.mkdir()
    (folder / "small.yaml").write_text(HEAD + PAGES, encoding="utf-8")
    (folder / "support").symlink_to(SURVEYS / "support")
    return folder


@pytest.fixture
def environment(tmp_path: Path, surveys: Path) -> dict[str, str | None]:
    return {
        "HEARD_SURVEYS": str(surveys),
        "HEARD_INSTANCE": str(tmp_path / "instance"),
        "HEARD_DRAFTS_URL": f"sqlite:///{tmp_path / 'drafts.sqlite3'}",
        "HEARD_DATABASE_URL": None,
    }


def run(command: object, environment: dict[str, str | None], *arguments: str | Path) -> Result:
    words = [str(argument) for argument in arguments]
    return CliRunner().invoke(command, words, env=environment)  # type: ignore[arg-type]


def open_(environment: dict[str, str | None], text: str, **codes: str) -> None:
    """Open a consultation as `heard start` does, with codes by collector (`all`: no collector)."""
    config = read_config({k: v for k, v in environment.items() if v})
    upgrade(config.database_url, config.drafts_url)
    storage = open_storage(config.database_url, config.drafts_url)
    definition = load(text)
    stored = StoredDefinition(
        definition.digest, definition.consultation, definition.version, definition.canonical_json()
    )
    named = {code: None if name == "all" else name for name, code in codes.items()}
    storage.publish(stored, ["a public key"], named)
    storage.close()


def storage_of(environment: dict[str, str | None]) -> Storage:
    """What a command left."""
    config = read_config({k: v for k, v in environment.items() if v})
    return open_storage(config.database_url, config.drafts_url)


class TestPrint:
    def test_it_writes_a_form(self, environment: dict[str, str | None], tmp_path: Path) -> None:
        output = tmp_path / "form.pdf"

        result = run(print_form, environment, "small", "-o", output)

        assert result.exit_code == 0, result.output
        assert f"{output} is ready to print on A4." in result.stdout
        assert any(page.shows("Which colour?") for page in read(output.read_bytes()))

    def test_the_usual_name_of_the_file_is_neutral(
        self, environment: dict[str, str | None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)

        assert run(print_form, environment, "small").exit_code == 0
        assert (tmp_path / "form-en.pdf").exists()

    def test_what_could_not_open_is_a_draft(
        self, environment: dict[str, str | None], tmp_path: Path
    ) -> None:
        """R95: given a consultation without duties, then every page says not to hand it out."""
        output = tmp_path / "form.pdf"

        result = run(print_form, environment, "small", "-o", output)

        assert "Note: small cannot open yet" in result.stdout
        assert "heard check" in result.stdout
        for page in read(output.read_bytes()):
            assert page.shows("Draft. Please do not hand it out.")

    def test_settings_reach_the_paper(
        self, environment: dict[str, str | None], tmp_path: Path
    ) -> None:
        output = tmp_path / "form.pdf"
        settings = ("--type-size", "20", "--code", "bcd2fg", "--country", "NP", "--one-sided")

        assert run(print_form, environment, "small", "-o", output, *settings).exit_code == 0

        pages = read(output.read_bytes())
        assert pages[0].shows("bcd2fg")
        assert min(size for page in pages for size in page.sizes) == 20
        assert any(page.shows("Nepal") for page in pages)
        assert not any(page.shows("This page is empty.") for page in pages)

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (("missing",), "There is no "),
            (("small", "--language", "xx"), "small is not in “xx”. Choose one of: en."),
            (("small", "--country", "XX"), "There is no help listed for “XX”."),
            (("small", "--type-size", "9"), "14<=x<=24"),
            (("small", "-o", "no/such/folder/form.pdf"), "cannot be written"),
        ],
    )
    def test_what_cannot_work_is_refused(
        self, environment: dict[str, str | None], arguments: tuple[str, ...], message: str
    ) -> None:
        result = run(print_form, environment, *arguments)

        assert result.exit_code == 2
        assert message in result.stderr

    def test_a_language_that_heard_does_not_speak_is_refused_by_name(
        self, environment: dict[str, str | None], surveys: Path, tmp_path: Path
    ) -> None:
        text = (HEAD + PAGES).replace("languages: [en]", "languages: [am]")
        (surveys / "small.yaml").write_text(text, encoding="utf-8")

        result = run(print_form, environment, "small", "-o", tmp_path / "form.pdf")

        assert result.exit_code == 2
        assert "Heard cannot print in Amharic (am) yet" in result.stderr
        assert not (tmp_path / "form.pdf").exists()


class TestPosterAndCards:
    def test_a_poster(self, environment: dict[str, str | None], tmp_path: Path) -> None:
        open_(environment, HEAD + PAGES, all="bcd2fg")
        output = tmp_path / "poster.pdf"

        result = run(poster, environment, "small", "--address", ADDRESS + "/", "-o", output)

        assert result.exit_code == 0, result.output
        (page,) = read(output.read_bytes())
        assert page.shows("questions.example.org")
        assert page.shows("bcd2fg")
        assert page.shows("999 112")

    def test_cards(self, environment: dict[str, str | None], tmp_path: Path) -> None:
        open_(environment, HEAD + PAGES, all="bcd2fg")
        output = tmp_path / "cards.pdf"

        result = run(
            cards, environment, "small", "--count", "9", "--address", ADDRESS, "-o", output
        )

        assert result.exit_code == 0, result.output
        first, second = read(output.read_bytes())
        assert (first.text.count("bcd2fg"), second.text.count("bcd2fg")) == (8, 1)

    def test_each_collector_has_its_code(
        self, environment: dict[str, str | None], tmp_path: Path
    ) -> None:
        open_(environment, HEAD + TWO + PAGES, north="bcd2fg", south="hjk3mn")
        output = tmp_path / "poster.pdf"
        settings = ("--address", ADDRESS, "-o", output)

        result = run(poster, environment, "small", *settings, "--collector", "south")

        assert result.exit_code == 0, result.output
        (page,) = read(output.read_bytes())
        assert page.shows("hjk3mn")
        assert not page.shows("South")
        asked = run(poster, environment, "small", *settings)
        assert asked.exit_code == 2
        assert "Say whose: --collector NAME, of north, south." in asked.stderr
        unknown = run(poster, environment, "small", *settings, "--collector", "east")
        assert "There is no collector “east”. Collectors: north, south." in unknown.stderr

    def test_a_collector_is_refused_where_there_is_one_code(
        self, environment: dict[str, str | None]
    ) -> None:
        open_(environment, HEAD + PAGES, all="bcd2fg")

        result = run(poster, environment, "small", "--address", ADDRESS, "--collector", "east")

        assert result.exit_code == 2
        assert "Leave out --collector" in result.stderr

    @pytest.mark.parametrize("command", [poster, cards])
    def test_what_is_not_open_has_no_code(
        self, environment: dict[str, str | None], command: object
    ) -> None:
        count = ("--count", "8") if command is cards else ()

        result = run(command, environment, "small", "--address", ADDRESS, *count)

        assert result.exit_code == 2
        assert "small was not opened here, so it has no code yet." in result.stderr

    @pytest.mark.requirement("R8")
    def test_in_a_closed_group_each_card_has_a_code_that_works(
        self, environment: dict[str, str | None], tmp_path: Path
    ) -> None:
        open_(environment, CLOSED_GROUP, all="bcd2fg")
        output = tmp_path / "cards.pdf"
        settings = ("--count", "9", "--address", ADDRESS, "-o", output)

        results = [run(cards, environment, "small", *settings) for _ in range(2)]

        assert [result.exit_code for result in results] == [0, 0], results[0].output
        assert "Shuffle the cards" in results[0].stdout
        assert output.stat().st_mode & 0o777 == 0o600
        codes = CARD.findall("".join(page.text for page in read(output.read_bytes())))
        assert len(set(codes)) == 9
        storage = storage_of(environment)
        for code in codes:
            found = storage.cards.find(card_tag(code) or b"")
            assert found == FoundCard(Entry("bcd2fg", "small", None), "free")
        assert storage.cards.counts("small") == (18, 0)
        storage.close()

    @pytest.mark.requirement("R8")
    def test_a_card_leads_to_its_collector(
        self, environment: dict[str, str | None], tmp_path: Path
    ) -> None:
        open_(environment, CLOSED_GROUP + TWO, north="bcd2fg", south="hjk3mn")
        output = tmp_path / "cards.pdf"
        settings = ("--count", "1", "--address", ADDRESS, "-o", output, "--collector", "south")

        result = run(cards, environment, "small", *settings)

        assert result.exit_code == 0, result.output
        (code,) = CARD.findall(read(output.read_bytes())[0].text)
        storage = storage_of(environment)
        found = storage.cards.find(card_tag(code) or b"")
        assert found is not None
        assert found.entry.collector == "south"
        storage.close()

    def test_cards_that_cannot_be_written_are_not_made(
        self, environment: dict[str, str | None], tmp_path: Path
    ) -> None:
        open_(environment, CLOSED_GROUP, all="bcd2fg")
        nowhere = tmp_path / "no" / "folder.pdf"
        settings = ("--count", "8", "--address", ADDRESS, "-o", nowhere)

        result = run(cards, environment, "small", *settings)

        assert result.exit_code == 2
        storage = storage_of(environment)
        assert storage.cards.counts("small") == (0, 0)
        storage.close()

    def test_a_poster_for_a_closed_group_is_refused(
        self, environment: dict[str, str | None]
    ) -> None:
        open_(environment, CLOSED_GROUP, all="bcd2fg")

        result = run(poster, environment, "small", "--address", ADDRESS)

        assert result.exit_code == 2
        assert "heard cards small --count N" in result.stderr

    @pytest.mark.parametrize(
        "address",
        [
            "questions.example.org",
            "http://questions.example.org",
            "https://questions.example.org/abc",
            "https://user@questions.example.org",
            "https://questions example.org",
        ],
    )
    def test_an_address_that_leads_nowhere_safe_is_refused(
        self, environment: dict[str, str | None], address: str
    ) -> None:
        result = run(poster, environment, "small", "--address", address)

        assert result.exit_code == 2
        assert "is not the address of a site" in result.stderr

    def test_the_address_is_never_guessed(self, environment: dict[str, str | None]) -> None:
        result = run(poster, environment, "small")

        assert result.exit_code == 2
        assert "--address" in result.stderr

    @pytest.mark.parametrize("count", ["0", "801", "many"])
    def test_the_number_of_cards_has_limits(
        self, environment: dict[str, str | None], count: str
    ) -> None:
        result = run(cards, environment, "small", "--count", count, "--address", ADDRESS)

        assert result.exit_code == 2
