from __future__ import annotations

import base64
import string
import unicodedata

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from hypothesis import given, settings
from hypothesis import strategies as st

from app.sealing import (
    KeyCost,
    KeyFileError,
    PrivateKey,
    PublicKey,
    describe_key_file,
    lock_private_key,
    public_key_from_text,
    public_key_to_text,
    unlock_private_key,
)

PASSPHRASE = "six quiet words on a kitchen shelf"


@pytest.fixture(scope="module")
def asha(researchers: list[PrivateKey]) -> PrivateKey:
    return researchers[0]


@pytest.fixture(scope="module")
def public_text(asha: PrivateKey) -> str:
    return public_key_to_text(asha.public_key("Asha"))


@pytest.fixture(scope="module")
def private_text(asha: PrivateKey, cheap: KeyCost) -> str:
    return lock_private_key(asha, PASSPHRASE, "Asha", cheap)


def with_line(text: str, line: str, value: str) -> str:
    """Return a key file with another value in one of its named lines."""
    lines = [f"{line}: {value}" if old.startswith(f"{line}: ") else old for old in text.split("\n")]
    return "\n".join(lines)


def one_letter_changed(text: str) -> list[str]:
    return [
        text[:at] + other + text[at + 1 :]
        for at, letter in enumerate(text.rstrip("\n"))
        for other in "9xA="
        if other != letter
    ]


def with_unused_bits(text: str) -> str:
    """Set a bit behind the last byte of the body, which most readers of base64 pass over."""
    letters = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
    at = text.index("==\n") - 1
    return text[:at] + letters[letters.index(text[at]) + 1] + text[at + 1 :]


def lock_by_hand(key: PrivateKey, secret: bytes, said: str) -> str:
    """Write a .key file from the text of its format, with whatever mistake a test asks for."""
    head = (
        "-----BEGIN HEARD PRIVATE KEY-----\nVersion: 1\nName: Asha\n"
        f"Fingerprint: {said}\nLock: argon2id memory=16 iterations=2 lanes=2\n\n"
    )
    salt, nonce = b"s" * 16, b"n" * 12
    lock = Argon2id(salt=salt, length=32, iterations=2, lanes=2, memory_cost=16)
    sealed = AESGCM(lock.derive(PASSPHRASE.encode())).encrypt(nonce, secret, head.encode())
    encoded = base64.b64encode(salt + nonce + sealed).decode()
    return f"{head}{encoded[:64]}\n{encoded[64:]}\n-----END HEARD PRIVATE KEY-----\n"


class TestPublic:
    def test_it_comes_back_with_its_name(self, asha: PrivateKey, public_text: str) -> None:
        assert public_key_from_text(public_text) == asha.public_key("Asha")

    def test_a_person_can_read_name_and_fingerprint(
        self, asha: PrivateKey, public_text: str
    ) -> None:
        lines = public_text.split("\n")
        assert lines[0] == "-----BEGIN HEARD PUBLIC KEY-----"
        assert "Name: Asha" in lines
        assert f"Fingerprint: {asha.public_key('Asha').fingerprint}" in lines
        assert max(map(len, lines)) <= 64

    @pytest.mark.parametrize(
        "travelled",
        [
            lambda text: text.replace("\n", "\r\n"),
            lambda text: "\ufeff" + text,
            lambda text: "\n\n" + text + " \n",
            lambda text: text.rstrip("\n"),
        ],
    )
    def test_what_editors_do_to_a_file_is_forgiven(
        self, asha: PrivateKey, public_text: str, travelled: object
    ) -> None:
        assert callable(travelled)
        assert public_key_from_text(travelled(public_text)).key_id == asha.key_id

    def test_no_letter_can_be_changed_but_in_the_name(self, public_text: str) -> None:
        key = public_key_from_text(public_text)
        for changed in one_letter_changed(public_text):
            try:
                read = public_key_from_text(changed)
            except KeyFileError:
                continue
            assert read.raw == key.raw
            assert read.name != key.name

    def test_the_key_of_another_under_this_fingerprint_is_refused(
        self, researchers: list[PrivateKey], public_text: str
    ) -> None:
        other = public_key_to_text(researchers[1].public_key("Asha"))
        said = public_key_from_text(public_text).fingerprint

        with pytest.raises(KeyFileError, match="fingerprint"):
            public_key_from_text(with_line(other, "Fingerprint", said))

    def test_a_private_key_is_refused_with_a_warning(self, private_text: str) -> None:
        with pytest.raises(KeyFileError, match="away from the server"):
            public_key_from_text(private_text)

    def test_a_later_version_says_to_update(self, public_text: str) -> None:
        with pytest.raises(KeyFileError, match="Update Heard"):
            public_key_from_text(with_line(public_text, "Version", "2"))

    @pytest.mark.parametrize(
        "spell",
        [
            pytest.param(lambda text: text.replace("\n\n", "\n\n\n"), id="a blank line more"),
            pytest.param(lambda text: text[:200] + "\n" + text[200:], id="a line cut in two"),
            pytest.param(lambda text: text[: text.index("-----END")], id="no last line"),
            pytest.param(lambda text: text.replace("END HEARD PUBLIC", "END"), id="another end"),
            pytest.param(with_unused_bits, id="bits that base64 leaves unused"),
        ],
    )
    def test_another_spelling_of_the_same_key_is_refused(
        self, public_text: str, spell: object
    ) -> None:
        assert callable(spell)
        spelt = spell(public_text)
        assert spelt != public_text

        with pytest.raises(KeyFileError):
            public_key_from_text(spelt)

    def test_two_keys_in_one_file_are_refused(self, public_text: str) -> None:
        with pytest.raises(KeyFileError):
            public_key_from_text(public_text + public_text)

    @settings(max_examples=300)
    @given(text=st.text(max_size=300), cut=st.integers(0, 200))
    def test_any_text_is_read_or_refused(self, public_text: str, text: str, cut: int) -> None:
        for attempt in (text, public_text[:cut] + text, text + public_text[cut:]):
            try:
                read = public_key_from_text(attempt)
            except KeyFileError:
                continue
            assert public_key_from_text(public_key_to_text(read)) == read

    @settings(max_examples=100, deadline=None)
    @given(name=st.text(max_size=70))
    def test_every_name_that_a_key_can_have_survives_its_file(
        self, asha: PrivateKey, name: str
    ) -> None:
        try:
            key: PublicKey = asha.public_key(name)
        except KeyFileError:
            return
        assert public_key_from_text(public_key_to_text(key)) == key


class TestPrivate:
    def test_it_opens_with_its_passphrase(self, asha: PrivateKey, private_text: str) -> None:
        assert unlock_private_key(private_text, PASSPHRASE) == asha

    @pytest.mark.parametrize("wrong", ["", PASSPHRASE.title(), PASSPHRASE + " ", "x" * 34])
    def test_and_with_no_other(self, private_text: str, wrong: str) -> None:
        with pytest.raises(KeyFileError, match="passphrase"):
            unlock_private_key(private_text, wrong)

    def test_an_empty_passphrase_locks_nothing(self, asha: PrivateKey, cheap: KeyCost) -> None:
        with pytest.raises(KeyFileError, match="empty"):
            lock_private_key(asha, "", "Asha", cheap)

    def test_a_passphrase_that_is_no_text_is_refused(
        self, asha: PrivateKey, cheap: KeyCost
    ) -> None:
        with pytest.raises(KeyFileError, match="UTF-8"):
            lock_private_key(asha, "broken \udcff bytes", "Asha", cheap)

    def test_accents_typed_on_another_system_open_it(
        self, asha: PrivateKey, cheap: KeyCost
    ) -> None:
        typed = {
            form: unicodedata.normalize(form, "où est la clé dérobée") for form in ("NFC", "NFD")
        }
        assert typed["NFC"] != typed["NFD"]

        text = lock_private_key(asha, typed["NFC"], "Asha", cheap)

        assert unlock_private_key(text, typed["NFD"]) == asha

    def test_no_letter_of_the_file_can_be_changed(self, private_text: str) -> None:
        for changed in one_letter_changed(private_text):
            with pytest.raises(KeyFileError):
                unlock_private_key(changed, PASSPHRASE)

    def test_the_head_of_another_file_is_refused(
        self, asha: PrivateKey, private_text: str, cheap: KeyCost
    ) -> None:
        """Given the same key and passphrase under another name, then heads cannot be swapped."""
        other = lock_private_key(asha, PASSPHRASE, "Bina", cheap)
        head, _, _ = other.partition("\n\n")
        _, _, body = private_text.partition("\n\n")

        with pytest.raises(KeyFileError, match="does not open"):
            unlock_private_key(f"{head}\n\n{body}", PASSPHRASE)

    def test_a_file_written_by_hand_opens(self, asha: PrivateKey) -> None:
        said = asha.public_key("Asha").fingerprint
        assert unlock_private_key(lock_by_hand(asha, asha.seed, said), PASSPHRASE) == asha

    def test_the_key_of_another_under_this_fingerprint_is_refused(
        self, researchers: list[PrivateKey], asha: PrivateKey
    ) -> None:
        said = researchers[1].public_key("Bina").fingerprint
        with pytest.raises(KeyFileError, match="fingerprint"):
            unlock_private_key(lock_by_hand(asha, asha.seed, said), PASSPHRASE)

    @pytest.mark.parametrize("length", [0, 16, 31, 33])
    def test_a_secret_of_another_length_is_refused(self, asha: PrivateKey, length: int) -> None:
        said = asha.public_key("Asha").fingerprint
        with pytest.raises(KeyFileError, match="not a key file"):
            unlock_private_key(lock_by_hand(asha, b"s" * length, said), PASSPHRASE)

    def test_the_same_key_locked_twice_looks_different(
        self, asha: PrivateKey, private_text: str, cheap: KeyCost
    ) -> None:
        again = lock_private_key(asha, PASSPHRASE, "Asha", cheap)
        assert again.split("\n\n")[1] != private_text.split("\n\n")[1]

    def test_a_public_key_is_refused_by_name(self, public_text: str) -> None:
        with pytest.raises(KeyFileError, match="which opens nothing"):
            unlock_private_key(public_text, PASSPHRASE)

    @pytest.mark.parametrize(
        "cost",
        [
            "argon2id memory=104857600 iterations=1 lanes=1",  # 100 GiB
            "argon2id memory=2097153 iterations=1 lanes=1",
            "argon2id memory=8 iterations=17 lanes=1",
            "argon2id memory=4096 iterations=1 lanes=17",
            "argon2id memory=8 iterations=4000000000 lanes=1",
            "argon2id memory=7 iterations=1 lanes=1",
            "argon2id memory=8 iterations=1 lanes=2",
        ],
    )
    def test_a_file_cannot_ask_for_more_than_the_limits(self, private_text: str, cost: str) -> None:
        hostile = with_line(private_text, "Lock", cost)

        for read in (
            lambda: unlock_private_key(hostile, PASSPHRASE),
            lambda: describe_key_file(hostile),
        ):
            with pytest.raises(KeyFileError, match="more work than Heard allows"):
                read()

    @pytest.mark.parametrize(
        "cost",
        [
            "argon2id memory=0 iterations=1 lanes=1",
            "argon2id memory=-8 iterations=1 lanes=1",
            "argon2id memory=8 iterations=1",
            "argon2d memory=8 iterations=1 lanes=1",
            "argon2id memory=٨ iterations=1 lanes=1",
            "argon2id memory=99999999999999999999 iterations=1 lanes=1",
            "none",
        ],
    )
    def test_a_lock_of_another_kind_is_refused(self, private_text: str, cost: str) -> None:
        with pytest.raises(KeyFileError):
            unlock_private_key(with_line(private_text, "Lock", cost), PASSPHRASE)

    def test_the_usual_cost_is_far_from_cheap(self, asha: PrivateKey) -> None:
        text = lock_private_key(asha, PASSPHRASE, "Asha")

        assert "Lock: argon2id memory=262144 iterations=3 lanes=4" in text.split("\n")


class TestSummary:
    def test_of_a_public_key(self, asha: PrivateKey, public_text: str) -> None:
        summary = describe_key_file(public_text)

        assert (summary.kind, summary.name) == ("public", "Asha")
        assert summary.fingerprint == asha.public_key("Asha").fingerprint

    def test_of_a_private_key_without_its_passphrase(
        self, asha: PrivateKey, private_text: str
    ) -> None:
        summary = describe_key_file(private_text)

        assert (summary.kind, summary.name) == ("private", "Asha")
        assert summary.fingerprint == asha.public_key("Asha").fingerprint

    @pytest.mark.parametrize("text", ["", "hello", "-----BEGIN PRIVATE KEY-----\n\n"])
    def test_of_anything_else(self, text: str) -> None:
        with pytest.raises(KeyFileError):
            describe_key_file(text)
