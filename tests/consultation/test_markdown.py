"""What a facilitator's text can become on a page: a few harmless tags, and nothing else."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.consultation import render_inline, render_markdown

HARMLESS = {"p", "strong", "em", "ul", "ol", "li", "a", "br", "h2", "h3"}

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<b onclick=alert(1)>bold</b>",
    "<a href='javascript:alert(1)'>here</a>",
    "[here](javascript:alert(1))",
    "[here](JaVaScRiPt:alert(1))",
    "[here](java&#10;script:alert(1))",
    "[here](data:text/html,<script>alert(1)</script>)",
    "[here](vbscript:x)",
    "[here](file:///etc/passwd)",
    "[here](//elsewhere.example/)",
    "[here](http://elsewhere.example/)",
    "[here](/leave)",
    "[here](https://e.example/'onmouseover='alert(1))",
    '[here](https://e.example/" onclick="x)',
    '[here](https://e.example "a title")',
    "![a picture](https://elsewhere.example/pixel.png)",
    "![][x]\n\n[x]: https://elsewhere.example/pixel.png",
    "<https://e.example/<a href=x>",
    "<iframe src='https://elsewhere.example'></iframe>",
    "<form action='https://elsewhere.example'><input name=q></form>",
    "<style>body{display:none}</style>",
    "<svg/onload=alert(1)>",
    "<!-- --><script>1</script>",
    "`<script>`\n\n```\n<script>\n```",
    "# <script>1</script>\n\n<h1>x</h1>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\x00<scr\x00ipt>",
]


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def seen(html: str) -> _Seen:
    reader = _Seen()
    reader.feed(html)
    reader.close()
    return reader


def assert_harmless(html: str) -> None:
    for tag, attributes in seen(html).tags:
        assert tag in HARMLESS
        assert set(attributes) <= {"href", "rel"} if tag == "a" else not attributes
        if "href" in attributes:
            assert str(attributes["href"]).startswith(("https:", "mailto:", "tel:"))
            assert attributes["rel"] == "noreferrer nofollow"


@pytest.mark.parametrize("source", HOSTILE)
@pytest.mark.parametrize("render", [render_markdown, render_inline])
def test_nothing_harmful_survives(render: object, source: str) -> None:
    assert callable(render)
    assert_harmless(render(source))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *(
                    "<",
                    ">",
                    "a ",
                    " href=",
                    "script",
                    "[x]",
                    "(",
                    ")",
                    "javascript:",
                    "https://e.e",
                ),
                *(
                    "!",
                    "`",
                    "\n",
                    "\n\n",
                    "*",
                    "_",
                    "&#x6a;",
                    "\\",
                    '"',
                    "'",
                    "&lt;",
                    "#",
                    "> ",
                    "1.",
                ),
            ]
        ),
        max_size=14,
    ).map("".join)
)
def test_no_mixture_becomes_harmful(source: str) -> None:
    assert_harmless(render_markdown(source))
    assert_harmless(render_inline(source))


def test_what_a_facilitator_may_use_is_kept() -> None:
    html = render_markdown("# Title\n\nSome **strong** and *soft* words.\n\n- one\n- two\n")

    assert [tag for tag, _ in seen(html).tags] == ["h2", "p", "strong", "em", "ul", "li", "li"]


@pytest.mark.parametrize(
    "address", ["https://example.org/a?b=c&d", "mailto:a@example.org", "tel:+233123"]
)
def test_a_link_leads_where_it_says_and_tells_the_other_site_nothing(address: str) -> None:  # R67
    ((_p, _none), (tag, attributes)) = seen(render_markdown(f"[here]({address})")).tags

    assert tag == "a"
    assert attributes == {"href": address, "rel": "noreferrer nofollow"}


def test_a_label_stays_on_its_line() -> None:
    assert render_inline("Was it *loud*?") == "Was it <em>loud</em>?"


@pytest.mark.parametrize(
    "words", ["<em>raw</em>", "5 < 6 & 7 > 2", "a &amp; b", "ه < و", "<3", "1*2*3"]
)
def test_signs_that_are_no_markup_are_read_as_they_are(words: str) -> None:
    assert seen(render_markdown(words.replace("*", "\\*"))).words.strip() == words.replace(
        "&amp;", "&"
    )
