"""HTML to text: both layouts, the elements left out, and hostile pages, which must cost little time."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.sources.formats.html import MAX_HTML, Outside, html_to_text, links, without_elements


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<" * 200_000 + "end", "<" * 200_000),
        ("<p>&#" + "9" * 5_000 + ";</p>", "&#" + "9" * 5_000 + ";"),
        ("a &amp;amp; b &#xD800;&#0; &lt;i&gt;", "a &amp; b \ufffd\ufffd <i>"),
        ("2 < 3 <i>so</i>", "2 < 3 so"),
        ("<!-- language: py --><code>x</code>", "x"),
        ("a<br>b<BR/>c<br />\nd", "a\nb\nc\n\nd"),
        ("<BR/>c<br >d", "c\nd"),
    ],
    ids=["open signs", "digits", "once", "less", "comment", "breaks", "large breaks"],
)
def test_text_with_the_lines_of_the_source(page: str, text: str) -> None:
    assert html_to_text(page) == text


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>one\ntwo</p><p>three", "one two\nthree"),
        ("<div>a<div>b</div></div>c", "a\nb\nc"),
        ("a <blockquote>hers <blockquote>his</blockquote> hers</blockquote> mine", "a\nmine"),
        ("<title>t</title>a<script>if (1 < 2) {}</script>b<STYLE>p {}</STYLE >c", "abc"),
        ("a<!-- <p>hidden</p> -->b", "ab"),
        ("a &nbsp; &amp;lt; b", "a &lt; b"),
        ("1 < 2 <b", "1 < 2"),
        ("&#" + "9" * 5_000 + ";", "&#" + "9" * 5_000 + ";"),
    ],
    ids=["lines", "blocks", "quotes", "scripts", "comment", "blanks", "unclosed", "digits"],
)
def test_text_with_the_lines_of_a_browser(page: str, text: str) -> None:
    assert html_to_text(page, reflow=True) == text


def test_only_the_beginning_of_a_long_page_is_looked_at() -> None:
    assert len(html_to_text("a" * (MAX_HTML + 5))) == MAX_HTML
    assert html_to_text("abc", reflow=True, longest=2) == "ab"


def test_links_of_one_class_in_order() -> None:
    page = '<a class="m" href="/a"><a class="x" href="/b"><a class="m" href="/c"><a href="/d" class="m"><a class="m" href="">'
    assert links(page, "m") == ["/a", "/c", ""]
    assert links(page, "y") == []


def test_elements_are_left_out_with_all_that_they_hold() -> None:
    page = 'a<aside data-n="1"><p data-n="2">b</p><quote data-n="3">c</quote></aside>d<quote>e</quote>f</quote>g'
    assert without_elements(page, ("aside", "quote")) == Outside("adfg", [{"data-n": "1"}, {}])
    assert without_elements(page, ("table",)) == Outside(page, [])
    assert without_elements("a<aside>never closed", ("aside",)).page == "a"
    assert without_elements("<asides>a</asides>", ("aside",)).page == "<asides>a</asides>"


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<!--",
        "<aside",
        "<aside>",
        "<aside a=",
        'a="',
        "a",
        "&#",
        '<a class="',
        '<a class="m" href="',
        "<blockquote>",
        "<style>",
        "</p",
        "<p ",
    ],
)
def test_hostile_pages_cost_little(piece: str) -> None:
    page = piece * (400_000 // len(piece))
    start = process_time()
    html_to_text(page, longest=len(page))
    html_to_text(page, reflow=True, longest=len(page))
    links(page, "m")
    without_elements(page, ("aside", "blockquote"))
    without_elements("<aside " + page + ">", ("aside",))
    assert process_time() - start < 2


@given(st.text('<>ab/!- \n"=&#;19quote', max_size=80), st.booleans())
def test_any_page_gives_some_text(page: str, reflow: bool) -> None:
    text = html_to_text(page, reflow=reflow)
    assert text == text.strip()
    links(page, "a")
    assert len(without_elements(page, ("aside", "a")).page) <= len(page)
