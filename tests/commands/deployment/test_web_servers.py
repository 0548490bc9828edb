"""`heard doctor --in-front`: what nginx and Caddy log, and what they write to disk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.commands import main
from app.commands.deployment.caddy import caddy_notes
from app.commands.deployment.nginx import NotNginx, nginx_notes

GOOD_NGINX = """\
# As deploy/nginx.conf, in two files.
http {
    access_log off;
    error_log /dev/null emerg;
    server_tokens off;
    include sites/*.conf;
    server {  # another site of the same machine
        server_name elsewhere.example;
        access_log "/var/log/nginx/else where.log" combined;
        location / { root /var/www; }
    }
}
"""
GOOD_SITE = """\
server {
    listen 80;
    server_name heard.example;
    return 301 https://$host$request_uri;
}
server {
    listen 443 ssl;
    server_name heard.example;
    ssl_protocols TLSv1.2 TLSv1.3;
    client_max_body_size 600k;
    client_body_buffer_size 600k;
    location / {
        proxy_pass http://127.0.0.1:8000;
        proxy_pass_header Server;
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_max_temp_file_size 0;
    }
}
"""


def nginx(folder: Path, main_file: str = GOOD_NGINX, site: str = GOOD_SITE) -> Path:
    (folder / "sites").mkdir(exist_ok=True)
    (folder / "sites" / "heard.conf").write_text(site, encoding="utf-8")
    path = folder / "nginx.conf"
    path.write_text(main_file, encoding="utf-8")
    return path


def wrong(path: Path) -> str:
    notes = nginx_notes(path) if path.name == "nginx.conf" else caddy_notes(path)
    return "\n".join(note.message for note in notes if note.state == "wrong")


def test_nginx_that_is_well(tmp_path: Path) -> None:
    notes = list(nginx_notes(nginx(tmp_path)))

    assert [note.state for note in notes] == ["well", "well"]
    assert all("logs nothing and writes nothing" in note.message for note in notes)


HTTP = "http {\n    access_log off;\n    error_log /dev/null emerg;"
NGINX = {
    "an access log by itself": ("    access_log off;\n", "", "keeps an access log when nothing"),
    "an access log": ("access_log off", "access_log /var/log/a.log", "an access log keeps who"),
    "a log of errors by itself": (
        "    error_log /dev/null emerg;\n",
        "",
        "the log of errors holds addresses",
    ),
    "a loud log of errors": (
        "error_log /dev/null emerg",
        "error_log /var/log/e.log warn",
        "Write: error_log /dev/null emerg;",
    ),
    "its version": ("server_tokens off", "server_tokens on", "nginx tells its version"),
}
SITE = {
    "a log of one place": (
        "proxy_set_header Host $host;",
        "access_log /dev/stdout;",
        "an access log keeps who came",
    ),
    "bodies on disk": ("client_body_buffer_size 600k;", "", "writes long forms to disk"),
    "bodies too large for memory": (
        "client_body_buffer_size 600k",
        "client_body_buffer_size 64k",
        "client_max_body_size 600k; client_body_buffer_size 600k;",
    ),
    "bodies without a limit": (
        "client_max_body_size 600k",
        "client_max_body_size 0",
        "writes long forms to disk",
    ),
    "bodies in files": (
        "client_max_body_size 600k;",
        "client_max_body_size 600k; client_body_in_file_only clean;",
        "writes long forms to disk",
    ),
    "pages on disk": ("proxy_max_temp_file_size 0;", "", "writes long pages to disk"),
    "a cache": ("proxy_max_temp", "proxy_cache all; proxy_max_temp", "proxy_cache keeps"),
    "a mirror": ("location / {", "location / { mirror /other;", "mirror keeps or copies"),
    "forms that come slowly": (
        "client_body_buffer_size 600k;",
        "proxy_request_buffering off;",
        "forms that come slowly hold Heard up",
    ),
    "old encryption": ("TLSv1.2 TLSv1.3", "TLSv1 TLSv1.2", "old TLS can be broken"),
}


@pytest.mark.parametrize(("old", "new", "words"), NGINX.values(), ids=NGINX)
def test_each_fault_of_nginx_is_named(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in GOOD_NGINX
    assert words in wrong(nginx(tmp_path, GOOD_NGINX.replace(old, new, 1)))


@pytest.mark.parametrize(("old", "new", "words"), SITE.values(), ids=SITE)
def test_each_fault_of_a_site_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    assert old in GOOD_SITE
    found = wrong(nginx(tmp_path, site=GOOD_SITE.replace(old, new, 1)))

    assert words in found
    assert found.startswith(f"{tmp_path / 'sites' / 'heard.conf'}:")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("client_body_buffer_size 600k;", "client_body_temp_path /dev/shm/nginx;"),
        ("client_body_buffer_size 600k;", "client_body_buffer_size 1m;"),
        ("proxy_max_temp_file_size 0;", "proxy_buffering off;"),
        ("proxy_max_temp_file_size 0;", "proxy_temp_path /run/nginx;"),
    ],
)
def test_each_way_to_write_nothing_is_known(tmp_path: Path, old: str, new: str) -> None:
    assert wrong(nginx(tmp_path, site=GOOD_SITE.replace(old, new))) == ""


def test_what_tells_a_flood_apart_waits_for_the_operator(tmp_path: Path) -> None:
    for_all = "http {\n proxy_set_header X-Forwarded-For $remote_addr;"
    own = GOOD_SITE.replace("proxy_set_header X-Forwarded-For $remote_addr;", "")
    none = own.replace("proxy_set_header Host $host;", "")
    above = GOOD_NGINX.replace("http {", for_all)

    def waits(main_file: str, site: str) -> str:
        notes = nginx_notes(nginx(tmp_path, main_file, site))
        return "".join(note.message for note in notes if note.state == "waits")

    assert "set HEARD_PROXIES=1" in waits(GOOD_NGINX, own)
    assert waits(above, none) == ""
    # A block that sets a header of its own inherits none (nginx.org, proxy_set_header).
    assert "set HEARD_PROXIES=1" in waits(above, own)


SETS = "proxy_set_header X-Forwarded-For $remote_addr;"


@pytest.mark.parametrize(
    ("written", "proxies", "state", "words"),
    [
        (SETS, 1, "", ""),
        (SETS, 0, "wrong", "HEARD_PROXIES is 0"),
        (SETS, 2, "wrong", "HEARD_PROXIES is 2, and there is one entry"),
        ("", 0, "waits", "set HEARD_PROXIES=1"),
        ("", 1, "wrong", "what a browser says of where it is passes unchanged"),
        (SETS.replace("$remote_addr", "$http_x_forwarded_for"), 1, "wrong", "may be anything"),
        (SETS.replace("$remote_addr", "$proxy_add_x_forwarded_for"), 0, "wrong", "is 0"),
        (SETS.replace("$remote_addr", "$proxy_add_x_forwarded_for"), 2, "waits", "right when 1"),
        (SETS.replace("$remote_addr", '""'), 1, "", ""),
    ],
)
def test_what_nginx_says_of_places_and_what_heard_believes_agree(
    tmp_path: Path, written: str, proxies: int, state: str, words: str
) -> None:
    notes = nginx_notes(nginx(tmp_path, site=GOOD_SITE.replace(SETS, written)), proxies)
    unwell = [note for note in notes if note.state != "well"]

    assert [note.state for note in unwell] == ([state] if state else [])
    assert all(words in note.message for note in unwell)


@pytest.mark.parametrize(
    ("trusts", "proxies", "state"),
    [
        ("", 1, ""),
        ("", 0, "wrong"),
        ("", 2, "wrong"),
        ("trusted_proxies 192.0.2.1", 2, "waits"),
    ],
)
def test_what_caddy_says_of_places_and_what_heard_believes_agree(
    tmp_path: Path, trusts: str, proxies: int, state: str
) -> None:
    text = GOOD_CADDY.replace("request_buffers", f"{trusts}\n        request_buffers")
    notes = caddy_notes(caddy(tmp_path, text), proxies)

    assert [note.state for note in notes if note.state != "well"] == ([state] if state else [])


def test_the_way_to_https_may_not_log_either(tmp_path: Path) -> None:
    site = GOOD_SITE.replace("listen 80;", "listen 80; access_log /var/log/plain.log;")

    assert "heard.conf:2: an access log" in wrong(nginx(tmp_path, site=site))


@pytest.mark.parametrize(
    "text", ["http {", "http { server { listen 80 } }", "}", 'a "b', "http { ; }", "example {\n a"]
)
def test_what_is_no_configuration_of_nginx_is_said(tmp_path: Path, text: str) -> None:
    with pytest.raises(NotNginx):
        list(nginx_notes(nginx(tmp_path, text)))


def test_a_file_that_includes_itself_ends(tmp_path: Path) -> None:
    found = wrong(nginx(tmp_path, "include nginx.conf;\ninclude sites/*.conf;\n"))

    assert "keeps an access log when nothing is said" in found


GOOD_CADDY = """\
{
    log {
        exclude http.log.error
    }
}
heard.example {
    header -Server
    reverse_proxy 127.0.0.1:8000 {
        request_buffers 600KiB
    }
}
"""


def caddy(folder: Path, text: str) -> Path:
    path = folder / "Caddyfile"
    path.write_text(text, encoding="utf-8")
    return path


DEPLOY = Path(__file__).parents[3] / "deploy"


def test_the_files_for_operators_are_well() -> None:
    for notes in (nginx_notes(DEPLOY / "nginx.conf"), caddy_notes(DEPLOY / "Caddyfile")):
        assert {note.state for note in notes} == {"well"}


def test_caddy_that_is_well(tmp_path: Path) -> None:
    assert [note.state for note in caddy_notes(caddy(tmp_path, GOOD_CADDY))] == ["well"]
    silent = GOOD_CADDY.replace("exclude http.log.error", "output discard")
    assert wrong(caddy(tmp_path, silent)) == ""
    assert wrong(caddy(tmp_path, GOOD_CADDY.replace("http.log.error", "http"))) == ""
    slow = caddy(tmp_path, GOOD_CADDY.replace("request_buffers 600KiB", ""))
    assert "forms that come slowly" in list(caddy_notes(slow))[-1].message
    older = caddy(tmp_path, GOOD_CADDY.replace("request_buffers", "buffer_requests"))
    assert [note.state for note in caddy_notes(older)] == ["well"]


CADDY = {
    "an access log": ("header -Server", "log", "Caddyfile:7: an access log keeps who came"),
    "an access log in a file": (
        "header -Server",
        "log {\n output file /var/log/a\n }",
        "Caddyfile:7: an access log keeps who came",
    ),
    "a log of errors": ("exclude http.log.error", "level INFO", "Caddy's log of errors holds"),
    "cookies in the log": (
        "    log {",
        "    servers {\n log_credentials\n }\n    log {",
        "adds to",
    ),
    "old encryption": ("header -Server", "tls {\n protocols tls1.0\n }", "old TLS"),
}


@pytest.mark.parametrize(("old", "new", "words"), CADDY.values(), ids=CADDY)
def test_each_fault_of_caddy_is_named(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in GOOD_CADDY
    assert words in wrong(caddy(tmp_path, GOOD_CADDY.replace(old, new, 1)))


def test_a_site_without_braces_and_what_is_imported(tmp_path: Path) -> None:
    plain = caddy(tmp_path, "heard.example\nreverse_proxy 127.0.0.1:8000\nimport other\nlog\n")
    notes = list(caddy_notes(plain))

    assert "Caddyfile:4: an access log" in wrong(plain)
    assert "Caddyfile:3: what is imported was not looked at" in notes[-1].message


def test_the_command_reads_both_kinds_and_refuses_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARD_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("HEARD_DRAFTS_URL", f"sqlite:///{tmp_path / 'drafts.sqlite3'}")
    monkeypatch.setenv("HEARD_EXIT_TO", "https://weather.example/")
    loud = nginx(tmp_path, GOOD_NGINX.replace("access_log off", "access_log /a"))
    both = ["--in-front", str(loud), "--in-front", str(caddy(tmp_path, GOOD_CADDY))]
    result = CliRunner().invoke(main, ["doctor", "--json", *both])
    found = [note["message"] for note in json.loads(result.output)]
    assert result.exit_code == 1
    assert any("an access log keeps who came" in message for message in found)
    assert any("Caddy logs no request" in message for message in found)
    (tmp_path / "other.conf").write_text("<VirtualHost>\n}", encoding="utf-8")
    (tmp_path / "other").write_text("a {\n", encoding="utf-8")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    for name in ("other.conf", "other", "bytes"):
        refused = CliRunner().invoke(main, ["doctor", "--in-front", str(tmp_path / name)])
        assert refused.exit_code == 2, refused.output
