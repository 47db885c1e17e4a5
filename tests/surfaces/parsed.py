"""A page taken apart, for tests of what it holds."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "link", "br", "img", "input", "hr"}

Attributes = dict[str, str | None]


class Parsed(HTMLParser):
    """A page as a reader's browser takes it apart; fails on tags that do not close in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, Attributes]] = []
        self.texts: list[str] = []
        self.chains: list[list[tuple[str, Attributes]]] = []
        """Each element with all that it stands in."""
        self._open: list[tuple[str, Attributes]] = []
        self.feed(page)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self._open.append(self.elements[-1])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs))
        self.elements.append((tag, dict(attrs)))
        self.chains.append([*self._open, self.elements[-1]])

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] != "style":
            self.texts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def values(self, attribute: str) -> list[str]:
        return [value for _, attributes in self.elements if (value := attributes.get(attribute)) is not None]

    def shape(self) -> list[tuple[str, Attributes]]:
        """All elements, without the classes that say where a name has room."""
        return [(tag, {name: value for name, value in attributes.items() if name != "class"}) for tag, attributes in self.elements]
