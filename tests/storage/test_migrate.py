"""The migrations make what the models say, on both databases."""

from __future__ import annotations

import re

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from app.storage import Storage
from app.storage.models import Base, DraftBase

from .conftest import make_response


def test_migrations_and_models_agree(addresses: tuple[str, str]) -> None:
    versions = {"responses_version", "drafts_version"}
    tables = set(Base.metadata.tables) | set(DraftBase.metadata.tables) | versions
    for url, models in zip(addresses, (Base, DraftBase), strict=True):
        engine = create_engine(url)
        own = set(models.metadata.tables)

        def is_ours(
            thing: object, name: str | None, kind: str, *_more: object, own: set[str] = own
        ) -> bool:
            # Both sets may share one PostgreSQL database; a partition is no model.
            table = name if kind == "table" else getattr(getattr(thing, "table", None), "name", "")
            if re.fullmatch(r"response_\d\d", str(table)):
                return False
            return kind != "table" or name in own or name not in tables

        with engine.connect() as connection:
            options = {"include_object": is_ours, "compare_server_default": True}
            context = MigrationContext.configure(connection, opts=options)
            assert compare_metadata(context, models.metadata) == []
        engine.dispose()


@pytest.mark.parametrize("addresses", ["postgresql"], indirect=True)
class TestOnPostgreSQL:
    def test_drafts_are_in_no_log(self, addresses: tuple[str, str]) -> None:
        engine = create_engine(addresses[1])
        with engine.connect() as connection:
            found = text("SELECT relpersistence FROM pg_class WHERE relname = 'draft'")
            assert connection.scalar(found) == "u"
        engine.dispose()

    def test_after_compacting_transaction_numbers_do_not_tell_the_order(
        self, addresses: tuple[str, str], storage: Storage
    ) -> None:
        for _ in range(40):
            storage.keep_response("internet-safer", make_response())

        storage.compact()

        engine = create_engine(addresses[0])
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT count(DISTINCT xmin::text) FROM response")) == 1
            lie = text("SELECT tableoid, id FROM response ORDER BY tableoid, ctid")
            stored = [tuple(row) for row in connection.execute(lie)]
        engine.dispose()
        assert stored == sorted(stored)
        assert len({partition for partition, _ in stored}) > 4
