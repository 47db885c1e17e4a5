"""Links to messages: built from ids and a site, and nothing else can come into them."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.errors import UsageError
from regard.findings.links import link, parse_sites

SOURCES = ("slack", "discourse", "github", "stackexchange", "twitter", "mbox", "table")
SITES = dict.fromkeys(SOURCES, "https://weir.example")


@pytest.mark.parametrize(
    ("source", "item", "path"),
    [
        ("slack", "C061A0WJG:1433562832.000005", "/archives/C061A0WJG/p1433562832000005"),
        ("discourse", "60/4", "/t/60/4"),
        ("github", "weir/gate-1.x#5", "/weir/gate-1.x/issues/5"),
        ("stackexchange", "p51", "/q/51"),
        ("stackexchange", "c51", "/posts/comments/51"),
        ("twitter", "50", "/i/status/50"),
        ("mbox", "a/b@x.org", "/a%2Fb%40x.org"),
        ("table", "m5", None),
        ("slack", "made up", None),
    ],
)
def test_the_address_of_a_message(source: str, item: str, path: str | None) -> None:
    assert link(source, item, SITES) == (None if path is None else f"https://weir.example{path}")


@given(st.sampled_from(SOURCES), st.text(max_size=30))
def test_no_id_leads_elsewhere(source: str, item: str) -> None:
    address = link(source, item, SITES)
    if address is not None and address != item:
        assert (urlsplit(address).scheme, urlsplit(address).netloc) == ("https", "weir.example")
        assert address.isprintable()


def test_an_address_in_the_record_is_the_link() -> None:
    assert link("table", "https://weir.example/5", {}) == "https://weir.example/5"
    assert link("table", "javascript:alert(1)", SITES) is None
    assert link("table", "http://[x", SITES) is None  # no address at all, and no reason to fail
    assert link("table", "https://[x", SITES) == "https://[x"  # the page links nothing without a host


@pytest.mark.parametrize("site", ["weir.example", "javascript:alert(1)", "https://", "https://a@b", "https://a b", "https://[x"])
def test_a_site_that_is_none(site: str) -> None:
    with pytest.raises(UsageError, match="--site takes an address"):
        parse_sites({"slack": site})
