from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from config import DEFAULT_EXIT, ROOT, ConfigurationError, read_config
from tests.onion import onion_name


def settings(folder: Path, **more: str) -> dict[str, str]:
    """An environment that keeps everything inside `folder`."""
    drafts = f"sqlite:///{folder / 'drafts.sqlite3'}"
    return {"HEARD_INSTANCE": str(folder), "HEARD_DRAFTS_URL": drafts, **more}


def test_without_settings_everything_is_kept_in_the_instance_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    config = read_config({"HEARD_DRAFTS_URL": "sqlite:///elsewhere"})

    assert config.instance == tmp_path / "instance"
    assert config.database_url == f"sqlite:///{tmp_path}/instance/heard.sqlite3"
    assert config.surveys == ROOT / "surveys"
    assert (config.exit_to, config.https, config.demo) == ("", False, False)
    assert DEFAULT_EXIT.startswith("https://")


def test_settings_are_followed(tmp_path: Path) -> None:
    config = read_config(
        settings(
            tmp_path,
            HEARD_DATABASE_URL="postgresql+psycopg://heard@/heard",
            HEARD_SURVEYS=str(tmp_path / "ours"),
            HEARD_SECRET_KEY="ours",
            HEARD_EXIT_TO="https://weather.example/",
            HEARD_HTTPS="on",
        )
    )

    assert config.database_url == "postgresql+psycopg://heard@/heard"
    assert config.drafts_url == f"sqlite:///{tmp_path / 'drafts.sqlite3'}"
    assert config.surveys == tmp_path / "ours"
    assert config.secret_key == "ours"
    assert config.exit_to == "https://weather.example/"
    assert config.https is True
    assert not (tmp_path / "secret-key").exists()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_address_of_an_onion_service_is_taken(tmp_path: Path, scheme: str) -> None:
    address = f"{scheme}://{onion_name(bytes(32))}"
    for word in (address, f"{address}/", f" {address} "):
        assert read_config(settings(tmp_path, HEARD_ONION=word)).onion == address
    assert read_config(settings(tmp_path)).onion == ""


@pytest.mark.parametrize(
    "word",
    [
        onion_name(bytes(32)),
        f"http://{onion_name(bytes(32))}/bc2df3",
        f"http://{onion_name(bytes(32)).upper()}",
        f"http://b{onion_name(bytes(32))[1:]}",  # mistyped: the checksum is another
        "http://expyuzz4wqqyqhjn.onion",  # of the second version, which nobody carries any more
        "http://heard.example",
        "ftp://x.onion",
    ],
)
def test_what_is_no_onion_service_is_refused(tmp_path: Path, word: str) -> None:
    with pytest.raises(ConfigurationError, match="that Tor wrote into the file hostname"):
        read_config(settings(tmp_path, HEARD_ONION=word))


def test_the_file_for_a_watching_program_is_one_that_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / "heard.prom"
    assert read_config(settings(tmp_path)).metrics is None
    assert read_config(settings(tmp_path, HEARD_METRICS=str(path))).metrics == path
    for word in ("heard.prom", str(tmp_path), str(tmp_path / "none" / "heard.prom"), "9100"):
        with pytest.raises(ConfigurationError, match="whole name of a file"):
            read_config(settings(tmp_path, HEARD_METRICS=word))


@pytest.mark.parametrize(("word", "count"), [("", 0), ("0", 0), (" 1 ", 1), ("9", 9)])
def test_servers_in_front_are_counted(tmp_path: Path, word: str, count: int) -> None:
    assert read_config(settings(tmp_path, HEARD_PROXIES=word)).proxies == count


@pytest.mark.parametrize("word", ["-1", "10", "1.5", "on", "²", "127.0.0.1"])
def test_a_count_of_servers_that_is_none_is_refused(tmp_path: Path, word: str) -> None:
    with pytest.raises(ConfigurationError, match="Write a number from 0 to 9"):
        read_config(settings(tmp_path, HEARD_PROXIES=word))


def test_the_folder_that_a_command_names_stands_above_the_environment(tmp_path: Path) -> None:
    config = read_config(settings(tmp_path / "one"), instance=tmp_path / "two")

    assert config.instance == tmp_path / "two"
    assert not (tmp_path / "one").exists()


@pytest.mark.parametrize("empty", ["HEARD_SECRET_KEY", "HEARD_DATABASE_URL", "HEARD_SURVEYS"])
def test_an_empty_setting_is_no_setting(tmp_path: Path, empty: str) -> None:
    plain = read_config(settings(tmp_path))

    assert read_config(settings(tmp_path, **{empty: ""})) == plain


@pytest.mark.parametrize("written", ["1", "on", "ON", "true", "yes"])
def test_https_is_switched_on(tmp_path: Path, written: str) -> None:
    assert read_config(settings(tmp_path, HEARD_HTTPS=written)).https is True


@pytest.mark.parametrize("written", ["", "0", "off", "false", "no"])
def test_https_is_left_off(tmp_path: Path, written: str) -> None:
    assert read_config(settings(tmp_path, HEARD_HTTPS=written)).https is False


def test_shared_devices_are_switched_on(tmp_path: Path) -> None:
    assert read_config(settings(tmp_path)).kiosk is False
    assert read_config(settings(tmp_path, HEARD_KIOSK="on")).kiosk is True
    with pytest.raises(ConfigurationError, match="HEARD_KIOSK"):
        read_config(settings(tmp_path, HEARD_KIOSK="tablet"))


@pytest.mark.parametrize("written", ["onn", "ja", "https", "2"])
def test_a_switch_that_cannot_be_understood_is_refused(tmp_path: Path, written: str) -> None:
    """Taken as "off", it would send the cookie without `Secure`."""
    with pytest.raises(ConfigurationError, match="HEARD_HTTPS"):
        read_config(settings(tmp_path, HEARD_HTTPS=written))


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("HEARD_HTPS", "HEARD_HTTPS"),
        ("HEARD_DATABASE", "HEARD_DATABASE_URL"),
        ("HEARD_KIOSKS", "HEARD_KIOSK"),
    ],
)
def test_a_misspelt_setting_is_refused_with_a_suggestion(
    tmp_path: Path, wrong: str, meant: str
) -> None:
    with pytest.raises(ConfigurationError, match=meant):
        read_config(settings(tmp_path, **{wrong: "x"}))


def test_the_secret_is_made_once_and_kept_for_the_owner_alone(tmp_path: Path) -> None:
    first, second = read_config(settings(tmp_path)), read_config(settings(tmp_path))
    other = read_config(settings(tmp_path / "other"))

    assert first == second
    assert first.secret_key != other.secret_key
    assert len(bytes.fromhex(first.secret_key)) == 32
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "other").stat().st_mode & 0o777 == 0o700


def test_a_secret_that_was_never_written_whole_is_made_anew(tmp_path: Path) -> None:
    """After a full disk, or a crash at the wrong moment."""
    (tmp_path / "secret-key").write_text("", encoding="ascii")

    config = read_config(settings(tmp_path))

    assert len(bytes.fromhex(config.secret_key)) == 32
    assert read_config(settings(tmp_path)) == config


def test_processes_that_start_together_have_one_secret(tmp_path: Path) -> None:
    read_end, write_end = os.pipe()
    children = []
    for _ in range(8):
        child = os.fork()
        if child == 0:
            try:
                os.write(write_end, read_config(settings(tmp_path)).secret_key.encode() + b"\n")
                os._exit(0)
            except BaseException:
                os._exit(1)
        children.append(child)
    os.close(write_end)

    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 8
    with os.fdopen(read_end, "rb") as told:
        secrets = told.read().split()
    assert len(secrets) == 8
    assert len(set(secrets)) == 1


def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(ConfigurationError, match="HEARD_INSTANCE"):
        read_config(settings(tmp_path / "file" / "instance"))


def test_drafts_stand_in_memory_where_there_is_any(tmp_path: Path) -> None:
    environment = settings(tmp_path)
    del environment["HEARD_DRAFTS_URL"]

    one = read_config(environment)
    other = read_config(environment, instance=tmp_path / "other")

    assert one.drafts_url != other.drafts_url
    folder = Path(one.drafts_url.removeprefix("sqlite:///")).parent
    assert Path("/dev/shm") in folder.parents  # noqa: S108 - the private folder inside it
    assert folder.stat().st_mode & 0o777 == 0o700
    for config in (one, other):
        Path(config.drafts_url.removeprefix("sqlite:///")).parent.rmdir()


def test_a_configuration_cannot_be_changed(tmp_path: Path) -> None:
    config = read_config(settings(tmp_path))

    assert replace(config, demo=True).demo is True
    assert config.demo is False
