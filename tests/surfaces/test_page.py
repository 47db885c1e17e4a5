"""The report page: closed, in order, and safe from what people call themselves."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from regard.findings.report import Report
from regard.findings.sections.activity import Activity
from regard.surfaces.pages.filters import printable
from regard.surfaces.pages.page import render

from .parsed import Parsed
from .sample import (
    HOSTILE,
    HOSTILE_TEXTS,
    crowd,
    empty,
    everywhere,
    organisation,
    people,
    personal,
    questions,
    sample,
    with_data,
)

GOLDEN = Path(__file__).parent / "golden"
STYLE = Path(sys.modules[render.__module__].__file__ or "").with_name("style.css")
ORDER = ["sentences", "waits", "plane", "cooling", "activity", "response", "unseen", "method", "people"]


def _without_style(page: str) -> str:
    return re.sub(r"(?s)<style>.*?</style>", "<style></style>", page)


@pytest.mark.parametrize(
    ("name", "report"), [("report", sample()), ("empty", empty()), ("personal", personal()), ("organisation", organisation())]
)
def test_the_page_is_the_golden_one(name: str, report: Report) -> None:
    """REGARD_GOLDEN=rewrite writes the golden pages anew; look at the difference before you keep it."""
    golden = GOLDEN / f"{name}.html"
    page = _without_style(render(report))
    if os.environ.get("REGARD_GOLDEN") == "rewrite":
        golden.write_text(page, encoding="utf-8")
    assert page == golden.read_text(encoding="utf-8")


def test_the_same_report_is_the_same_page() -> None:
    assert render(crowd(50)) == render(crowd(50))


@pytest.mark.parametrize("report", [sample(), personal(), organisation(), empty(), crowd(30)])
def test_the_file_asks_the_network_for_nothing_and_runs_nothing(report: Report) -> None:
    page = render(report).replace("http-equiv", "").lower()
    for word in ("http", "src=", "url(", "@import", "<script", "://", "xmlns", "javascript:", "<iframe", "<form", "@font-face"):
        assert word not in page, word
    assert not [name for _, attributes in Parsed(page).elements for name in attributes if name.startswith("on")]


def test_the_policy_forbids_everything_but_the_style() -> None:
    (policy,) = [attributes["content"] for _, attributes in Parsed(render(sample())).elements if "http-equiv" in attributes]
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    assert "script-src" not in policy


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_hostile_words_are_text_and_make_no_element_or_attribute(text: str) -> None:
    page = Parsed(render(everywhere(text)))
    assert page.shape() == Parsed(render(everywhere("Ann"))).shape()
    assert page.text.count(printable(text)) > 80


def test_hostile_names_show_as_they_are() -> None:
    page = render(with_data(sample(), "people", cards=(replace(people(sample())[0], name=HOSTILE),)))
    assert "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;" in page
    assert HOSTILE in Parsed(page).text


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_every_page_can_be_written_as_utf_8(text: str) -> None:
    assert "\x00" not in render(everywhere(text)).encode("utf-8").decode("utf-8")


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "//evil.example/x",
        "/relative",
        " https://ok.example/",
        "https://ok.example/\nx",
        "https://ok.example@evil.example/",
        "https://",
        "http://[bad",
        "ftp://ok.example/",
        "file:///etc/passwd",
        HOSTILE,
    ],
)
def test_an_unsafe_address_is_text(link: str) -> None:
    question = replace(questions()[0], link=link)
    page = Parsed(render(with_data(sample(), "unanswered", questions=(question,))))
    assert all(address.startswith("#") or address == "data:," for address in page.values("href"))
    assert link in page.text


@pytest.mark.parametrize("link", ["https://ok.example/t/1?a=1&b=2#c", "http://ok.example", 'https://ok.example/"onmouseover="x'])
def test_a_safe_address_is_a_link_that_tells_nothing_and_names_its_host(link: str) -> None:
    question = replace(questions()[0], link=link)
    page = Parsed(render(with_data(sample(), "unanswered", questions=(question,))))
    assert [attributes for tag, attributes in page.elements if tag == "a" and not str(attributes["href"]).startswith("#")] == [
        {"href": link, "rel": "noreferrer nofollow"}
    ]
    assert "Open at ok.example" in page.text


def test_a_thousand_people_with_ties_and_acts_stay_under_three_megabytes() -> None:
    page = render(crowd(1000))
    assert len(page.encode("utf-8")) < 2_500_000
    assert page.count("<article") == 1000
    assert page.count("<q ") == 3000


def test_letters_of_three_bytes_stay_under_three_megabytes_too() -> None:
    cards = tuple(replace(card, acts=tuple(replace(act, words="語" * 120) for act in card.acts)) for card in people(crowd(1000)))
    assert len(render(with_data(sample(), "people", cards=cards)).encode("utf-8")) < 3_000_000


@pytest.mark.parametrize("report", [sample(), personal(), empty()])
def test_the_sections_stand_in_their_order(report: Report) -> None:
    page = Parsed(render(report))
    # What opens on demand has its anchor inside, so that a link to it opens it.
    sections = [attributes.get("id") or str(attributes["aria-labelledby"])[2:] for tag, attributes in page.elements if tag == "section"]
    assert sections == (ORDER if people(report) else ORDER[:-1])
    assert set(sections) <= set(page.values("id"))


@pytest.mark.parametrize("report", [sample(), personal(), organisation(), empty(), crowd(20), everywhere(HOSTILE)])
def test_the_page_holds_together_for_a_screen_reader(report: Report) -> None:
    page = Parsed(render(report))
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    targets = [address[1:] for address in page.values("href") if address.startswith("#")]
    labels = [label for value in page.values("aria-labelledby") for label in value.split()]
    assert set(targets + labels) <= set(ids)
    tags = [tag for tag, _ in page.elements]
    assert tags.count("caption") == tags.count("table")
    assert all("scope" in attributes for tag, attributes in page.elements if tag == "th")
    assert ("html", {"lang": "en"}) in page.elements


@pytest.mark.parametrize("report", [sample(), personal(), crowd(20)])
def test_every_drawing_is_named_or_hidden(report: Report) -> None:
    drawings = [chain for chain in Parsed(render(report)).chains if chain[-1][0] == "svg" and "svg" not in [tag for tag, _ in chain[:-1]]]
    assert len(drawings) >= 3
    for chain in drawings:
        named = {"aria-label", "aria-labelledby"} & set(chain[-1][1])
        assert named or any(attributes.get("aria-hidden") == "true" for _, attributes in chain), chain


def test_people_stand_by_name_wherever_they_are_listed() -> None:
    page = render(sample())
    names = sorted(card.name for card in people(sample()))
    assert re.findall(r'<tr><th scope="row"><a href="#person-\d+"><bdi>([^<]+)', page) == names
    assert re.findall(r"<h3><bdi>([^<]+)", page) == names
    assert re.findall("<title>\u2068([^\u2069]+)\u2069:", page) == names


def test_a_dot_tells_its_numbers_and_opens_its_card() -> None:
    page = render(sample())
    assert '<a href="#person-1" class="w n"><title>\u2068Mara Okafor\u2069: 154 reached, 38 kept (30 to 46)</title>' in page
    assert '<article id="person-1" tabindex="-1">' in page
    assert "<b>38</b> kept (30–46): likely to do so again in the next 28 days. In the last 28 days, 41 did." in page
    assert "<b>1,240</b> reached: 312 people who have written or reacted to them; 1,204 followers." in page
    assert "<bdi>Hana Ito</bdi> very likely, 93 % <small>41 times, on 21 days, last on 13 Mar 2025, both ways</small>" in page
    assert '<small><time datetime="2025-03-13">13 Mar 2025</time>, <bdi>message 881</bdi></small>' in page


def test_who_waits_says_what_since_when_and_where() -> None:
    text = Parsed(render(sample())).text
    assert "1 more of 31 questions" in text
    assert "Asked everybody in #lending on 8 Mar 2025, 21:12 UTC: no reply in its thread; never got an answer before." in text
    assert (
        "Asked Hana Ito, Nils Haas on 10 Mar 2025, 09:12 UTC: nothing back from the person it names; got an answer 5 times before." in text
    )
    assert "no reply in its thread; seen by 4." in text
    assert "Not listed: 12 answered beside the thread, as far as one can tell; 3 closed by the asker; 2 marked as done;" in text
    assert "The record holds no words of it." in text


def test_a_period_that_is_not_over_is_hollow() -> None:
    page = render(sample())
    assert page.count('<circle class="part"') == 2
    assert "Mar 2025: 64 people active, so far" in page


def test_an_empty_report_says_so_in_every_section() -> None:
    text = Parsed(render(empty())).text
    for words in (
        "Too little to tell.",
        "No question is known to wait.",
        "there is nobody to place.",
        "No relationship is going cold.",
        "Too little to draw a line over time.",
        "Too few people to compare.",
        "Nothing is known to be missing",
        "The record holds no month of interactions.",
        "No measure was needed.",
    ):
        assert words in text, words


def test_one_period_has_its_table_and_no_line() -> None:
    page = render(with_data(sample(), "activity", periods=sample().data(Activity).periods[:1]))
    assert "One period makes no line over time" in page
    assert '<time datetime="2023-10-01">Oct 2023</time>' in page
    assert "Activity: people active" not in page


def test_a_plane_of_one_person_is_drawn_and_too_few_are_not() -> None:
    page = render(with_data(sample(), "people", cards=people(sample())[:1]))
    assert re.findall('href="#person-[0-9]+"', page) == ['href="#person-1"'] * 2  # the dot and the row of the table
    assert "Too few people for a plane." in render(with_data(sample(), "people", cards=()))


def test_a_made_up_community_says_so_at_the_top_in_the_title_and_at_the_foot() -> None:
    page = render(sample())
    assert page.count("A made-up community: nobody here is real.") == 2
    assert "<title>The Weir Street tool library (made up) – Regard</title>" in page
    assert "made up" not in render(personal()) + render(organisation())
    assert "made-up" not in render(personal()) + render(organisation())


def test_a_personal_report_speaks_of_your_ties() -> None:
    text = Parsed(render(personal())).text
    assert "The ties of Mara Okafor." in text
    assert [
        heading
        for heading in ("Your ties: who waits for your answer", "Your relationships going cold", "Your activity and value")
        if heading not in text
    ] == []
    assert ">You</text>" in render(personal())
    assert ">You</text>" not in render(sample())
    # The tie is named by the other's name alone.
    assert "Dora Berg and Mara Okafor" in Parsed(render(sample())).text
    assert "Dora Berg and Mara Okafor" not in text


def test_an_organisation_sees_figures_and_what_is_withheld() -> None:
    page = Parsed(render(organisation()))
    assert "Nobody is named here, and no figure is exact" in page.text
    assert "About 1,240 people (1,180 to 1,300) took part in Jan to Mar 2025, about as many as the quarter before." in page.text
    assert "Quarters that are over, up to 31 Mar 2025." in page.text
    assert page.text.count("withheld") > 5
    assert [str(attributes["id"]) for tag, attributes in page.elements if tag == "section"] == [
        "sentences", "quarters", "channels", "unseen", "method",
    ]  # fmt: skip
    assert "Nobody is named here" not in Parsed(render(sample())).text


def _luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(text: str, ground: str) -> float:
    light, dark = sorted((_luminance(text), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_measured_as_the_guideline_does() -> None:
    assert _contrast("#ffffff", "#000000") == pytest.approx(21)
    assert _contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_text_stands_out_in_every_scheme(scheme: str) -> None:
    blocks = re.findall(r":root \{(.*?)\}", STYLE.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(blocks) == 3
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", blocks[["light", "dark", "print"].index(scheme)]))
    assert set(colours) == {"paper", "card", "tint", "ink", "soft", "accent", "rule"}
    for text in ("ink", "soft", "accent"):
        for ground in ("paper", "card", "tint"):
            assert _contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


def test_the_style_sheet_names_every_colour_once_and_cannot_end_early() -> None:
    style = STYLE.read_text(encoding="utf-8")
    assert "</" not in style
    rest = re.sub(r"(?s):root \{.*?\}", "", style)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;, ])", rest) == ["#0003"]


def test_the_template_engine_is_loaded_only_to_render() -> None:
    code = "import sys, regard.surfaces.pages.page; assert 'jinja2' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
