"""The trees of conversations: which tweet answers which, by the `structure.json` of a conversation's folder."""

from __future__ import annotations

from typing import Final

from regard.sources.formats.bundle import Bundle
from regard.sources.formats.json_stream import values

STRUCTURE: Final = "structure.json"


class ReplyTrees:
    """The trees of a bundle. Only the tree that was read last is kept in memory."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self._name, self._parents = "", dict[str, str]()

    def parent(self, file: str, item: object) -> str | None:
        """The tweet that the tweet `item` answers, by the tree of the conversation in whose folder the file lies.

        Raises Malformed if the tree is not JSON.
        """
        folder = file.rpartition("/")[0].rpartition("/")[0]
        name = f"{folder}/{STRUCTURE}" if folder else STRUCTURE
        if name != self._name:
            self._name, self._parents = name, self._read(name) if name in self.bundle.entries else {}
        return self._parents.get(item) if isinstance(item, str) else None

    def _read(self, name: str) -> dict[str, str]:
        """Tweet -> the tweet that it answers."""
        parents: dict[str, str] = {}
        stack = [value for _, value in values(self.bundle, name)]
        while stack:
            tree = stack.pop()
            for parent, children in tree.items() if isinstance(tree, dict) else ():
                stack.append(children)
                parents.update(dict.fromkeys(children, parent) if isinstance(children, dict) else {})
        return parents
