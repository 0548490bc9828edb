"""The sealing room: all cryptography of Heard behind a few names.

What each construction protects against is in docs/decisions/sealing.md.
"""

from __future__ import annotations

from app.sealing.cards import card_tag, new_card_code
from app.sealing.drafts import decrypt_draft, draft_id, encrypt_draft, new_draft_key
from app.sealing.envelope import open_envelope, seal
from app.sealing.errors import DocumentTooLong, KeyFileError, SealedFileError, SealError
from app.sealing.keyfiles import (
    KeyCost,
    KeyFileSummary,
    describe_key_file,
    lock_private_key,
    public_key_from_text,
    public_key_to_text,
    unlock_private_key,
)
from app.sealing.keys import PrivateKey, PublicKey
from app.sealing.padding import LONGEST_DOCUMENT
from app.sealing.pairs import (
    change_passphrase,
    free_pair_paths,
    read_key_file,
    write_key_pair,
    write_new_file,
)
from app.sealing.returning import new_return_words, return_key
from app.sealing.scratch import ScratchKey
from app.sealing.shares import ShareSummary, describe_share, join_shares, split_key
from app.sealing.signing import (
    LONGEST_STATEMENT,
    Signed,
    SigningKey,
    UntrueStatement,
    kept_signing_key,
    read_signed,
    sign_statement,
)
from app.sealing.slots import MOST_RECIPIENTS
from app.sealing.streams import SealedReader, SealedWriter, is_sealed_file
from app.sealing.withdrawal import new_withdrawal_code, withdrawal_tag

__all__ = [
    "LONGEST_DOCUMENT",
    "LONGEST_STATEMENT",
    "MOST_RECIPIENTS",
    "DocumentTooLong",
    "KeyCost",
    "KeyFileError",
    "KeyFileSummary",
    "PrivateKey",
    "PublicKey",
    "ScratchKey",
    "SealError",
    "SealedFileError",
    "SealedReader",
    "SealedWriter",
    "ShareSummary",
    "Signed",
    "SigningKey",
    "UntrueStatement",
    "card_tag",
    "change_passphrase",
    "decrypt_draft",
    "describe_key_file",
    "describe_share",
    "draft_id",
    "encrypt_draft",
    "free_pair_paths",
    "is_sealed_file",
    "join_shares",
    "kept_signing_key",
    "lock_private_key",
    "new_card_code",
    "new_draft_key",
    "new_return_words",
    "new_withdrawal_code",
    "open_envelope",
    "public_key_from_text",
    "public_key_to_text",
    "read_key_file",
    "read_signed",
    "return_key",
    "seal",
    "sign_statement",
    "split_key",
    "unlock_private_key",
    "withdrawal_tag",
    "write_key_pair",
    "write_new_file",
]
