"""What the storage promises its callers, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text

from app.storage import (
    Entry,
    Opened,
    PublishRefused,
    Storage,
    StorageUnavailable,
    StoredDefinition,
    open_storage,
    upgrade,
)

from .conftest import make_definition, make_response


class TestConsultations:
    def test_publishing_opens_with_codes_and_recipients_in_order(self, storage: Storage) -> None:
        definition = make_definition()

        storage.publish(definition, ["key z", "key a"], {"tree": None, "lake": "nepal"})

        assert storage.opened("internet-safer") == Opened(
            "internet-safer", "open", definition.digest
        )
        assert storage.recipients("internet-safer") == ["key z", "key a"]
        assert storage.entry("lake") == Entry("lake", "internet-safer", "nepal")
        assert [entry.code for entry in storage.entries("internet-safer")] == ["lake", "tree"]
        assert storage.definition(definition.digest) == definition

    def test_what_was_never_published_is_not_there(self, storage: Storage) -> None:
        assert storage.opened("nothing") is None
        assert storage.entry("nothing") is None
        assert storage.definition("sha256:nothing") is None
        assert storage.recipients("nothing") == []
        assert storage.definitions("nothing") == []
        assert list(storage.responses("nothing")) == []

    def test_r93_what_came_of_the_answers_is_replaced_and_stays_when_it_is_over(
        self, storage: Storage
    ) -> None:
        storage.publish(make_definition(), ["key"], {"tree": None})
        assert storage.reply("internet-safer") is None

        storage.keep_reply("internet-safer", "first")
        storage.keep_reply("internet-safer", "second")
        storage.set_state("internet-safer", "ended")

        assert storage.reply("internet-safer") == "second"
        assert storage.reply("another") is None

    def test_a_new_version_keeps_the_earlier_one_and_its_codes(self, storage: Storage) -> None:
        storage.publish(make_definition(1), ["first"], {"tree": None})

        storage.publish(make_definition(2), ["second"], {"lake": None, "tree": "nepal"})

        assert [item.version for item in storage.definitions("internet-safer")] == [1, 2]
        assert storage.opened("internet-safer") == Opened(
            "internet-safer", "open", make_definition(2).digest
        )
        assert storage.recipients("internet-safer") == ["second"]
        assert storage.entries("internet-safer") == [
            Entry("lake", "internet-safer", None),
            Entry("tree", "internet-safer", "nepal"),
        ]

    def test_publishing_the_same_again_changes_nothing(self, storage: Storage) -> None:
        for _ in range(2):
            storage.publish(make_definition(), ["key"], {"tree": None})

        assert storage.definitions("internet-safer") == [make_definition()]

    def test_other_content_under_a_published_version_is_refused(self, storage: Storage) -> None:
        storage.publish(make_definition(), ["key"], {})
        changed = replace(make_definition(), digest="sha256:other", document="{}")

        with pytest.raises(PublishRefused, match="Raise “version:”"):
            storage.publish(changed, ["other key"], {})

        assert storage.recipients("internet-safer") == ["key"]

    def test_a_code_of_another_consultation_undoes_the_whole_publication(
        self, storage: Storage
    ) -> None:
        storage.publish(make_definition(), ["key"], {"tree": None})
        other = make_definition(consultation="other")

        with pytest.raises(PublishRefused, match="“tree”"):
            storage.publish(other, ["key"], {"lake": None, "tree": None})

        assert storage.opened("other") is None
        assert storage.definitions("other") == []
        assert storage.entry("lake") is None
        assert storage.entry("tree") == Entry("tree", "internet-safer", None)

    def test_state_changes_and_an_unknown_consultation_is_an_error(self, storage: Storage) -> None:
        storage.publish(make_definition(), ["key"], {})
        storage.publish(make_definition(consultation="another"), ["key"], {})

        storage.set_state("internet-safer", "paused")

        states = [(item.consultation, item.state) for item in storage.all_opened()]
        assert states == [("another", "open"), ("internet-safer", "paused")]
        with pytest.raises(LookupError, match="never started"):
            storage.set_state("nothing", "ended")

    def test_a_document_in_any_script_comes_back_as_it_was(self, storage: Storage) -> None:
        definition = StoredDefinition("sha256:x", "scripts", 1, '{"title":"इन्टरनेट — إنترنت 🌍"}')

        storage.publish(definition, [], {})

        assert storage.definition("sha256:x") == definition


class TestResponses:
    def test_the_same_id_is_kept_once_and_its_first_envelope_stays(self, storage: Storage) -> None:
        response = make_response()

        first = storage.keep_response("internet-safer", response)
        second = storage.keep_response(
            "internet-safer", replace(response, envelope=b"another sealing of the same answers")
        )

        assert (first, second) == (True, False)
        assert list(storage.responses("internet-safer")) == [response]

    def test_a_double_click_in_two_threads_keeps_one(self, storage: Storage) -> None:
        response = make_response()

        with ThreadPoolExecutor(8) as pool:
            kept = list(
                pool.map(lambda _: storage.keep_response("internet-safer", response), range(8))
            )

        assert sorted(kept) == [False] * 7 + [True]
        assert storage.count("internet-safer") == 1

    def test_responses_stream_by_id_and_only_their_own_consultation(
        self, storage: Storage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("app.storage.store.BATCH", 4)
        responses = [make_response() for _ in range(12)]
        for response in responses:
            storage.keep_response("internet-safer", response)
        storage.keep_response("other", make_response())

        streamed = list(storage.responses("internet-safer"))

        assert streamed == sorted(responses, key=lambda response: response.id)
        assert storage.count("internet-safer") == 12

    def test_answering_goes_on_while_responses_are_streamed(self, storage: Storage) -> None:
        storage.keep_response("internet-safer", make_response())
        stream = storage.responses("internet-safer")
        next(stream)

        assert storage.keep_response("internet-safer", make_response())

    def test_a_code_takes_back_its_own_response_and_no_other(self, storage: Storage) -> None:
        mine, other = make_response(), make_response()
        storage.keep_response("internet-safer", mine)
        storage.keep_response("internet-safer", other)
        tags = {"elsewhere": os.urandom(32), "internet-safer": mine.withdrawal_tag}

        assert storage.withdraw(tags) == "internet-safer"
        assert storage.withdraw(tags) is None
        assert list(storage.responses("internet-safer")) == [other]

    def test_a_tag_counts_in_its_own_consultation_only(self, storage: Storage) -> None:
        response = make_response()
        storage.keep_response("internet-safer", response)

        assert storage.withdraw({"elsewhere": response.withdrawal_tag}) is None
        assert storage.withdraw({}) is None
        assert storage.count("internet-safer") == 1

    def test_an_id_of_the_wrong_length_is_never_kept(self, storage: Storage) -> None:
        with pytest.raises(StorageUnavailable):
            storage.keep_response("internet-safer", replace(make_response(), id=b"short"))

        assert storage.count("internet-safer") == 0


class TestDrafts:
    def test_the_last_writing_is_read_back(self, storage: Storage) -> None:
        draft = os.urandom(32)

        storage.write_draft(draft, b"first")
        storage.write_draft(draft, b"second")

        assert storage.read_draft(draft) == b"second"
        assert storage.read_draft(os.urandom(32)) is None

    def test_a_deleted_draft_is_gone_and_deleting_again_is_harmless(self, storage: Storage) -> None:
        draft = os.urandom(32)
        storage.write_draft(draft, b"words")

        storage.delete_draft(draft)
        storage.delete_draft(draft)

        assert storage.read_draft(draft) is None

    def test_sweeps_remove_what_nobody_touched(self, storage: Storage) -> None:
        left, read, written = (os.urandom(32) for _ in range(3))
        for draft in (left, read, written):
            storage.write_draft(draft, b"words")

        assert storage.age_drafts(1) == 0
        storage.read_draft(read)
        storage.write_draft(written, b"more words")

        assert storage.age_drafts(1) == 1
        assert storage.read_draft(left) is None
        assert storage.read_draft(read) == b"words"
        assert storage.read_draft(written) == b"more words"

    def test_r30_many_sweepers_count_no_faster_than_one(self, storage: Storage) -> None:
        """Each server on a database sweeps for itself; in turn, nobody's hour gets shorter."""
        rounds, servers = 10, 4
        storage.write_draft(os.urandom(32), b"words")
        seen = [storage.last_sweep()] * servers

        for _ in range(rounds):
            for server in range(servers):
                seen[server] = storage.sweep_drafts(rounds, seen[server])

        assert storage.age_drafts(rounds) == 1

    def test_another_sweeper_goes_on_when_one_has_gone(self, storage: Storage) -> None:
        limit, lone = 3, os.urandom(32)
        gone = storage.sweep_drafts(limit, storage.last_sweep())
        left = storage.sweep_drafts(limit, None)
        assert left == gone
        storage.write_draft(lone, b"words")

        for _ in range(limit):
            left = storage.sweep_drafts(limit, left)

        assert storage.age_drafts(limit) == 1

    def test_sweepers_begin_anew_when_the_database_was_emptied(self, storage: Storage) -> None:
        """As PostgreSQL does with a table that is in no log, after a crash."""
        seen = storage.sweep_drafts(1, storage.last_sweep())
        with storage._drafts_database.writing() as connection:
            connection.execute(text("DELETE FROM sweep"))

        assert storage.sweep_drafts(1, seen) is None
        assert storage.sweep_drafts(1, None) not in (None, seen)


class TestTheWhole:
    def test_compacting_loses_nothing(self, storage: Storage) -> None:
        responses = [make_response() for _ in range(30)]
        for response in responses:
            storage.keep_response("internet-safer", response)
        storage.write_draft(b"d" * 32, b"words")

        storage.compact()

        assert sorted(storage.responses("internet-safer"), key=lambda r: r.id) == sorted(
            responses, key=lambda r: r.id
        )
        assert storage.read_draft(b"d" * 32) == b"words"
        assert storage.keep_response("internet-safer", make_response())

    def test_upgrading_again_keeps_everything(
        self, storage: Storage, addresses: tuple[str, str]
    ) -> None:
        response = make_response()
        storage.keep_response("internet-safer", response)

        upgrade(*addresses)

        assert list(storage.responses("internet-safer")) == [response]

    def test_a_closed_storage_opens_again(self, storage: Storage) -> None:
        storage.keep_response("internet-safer", make_response())

        storage.close()

        assert storage.count("internet-safer") == 1


def test_an_address_without_a_file_is_refused() -> None:
    with pytest.raises(ValueError, match="in memory keeps nothing"):
        open_storage("sqlite://", "sqlite:///drafts.sqlite3")
