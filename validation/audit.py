"""Does any locked dependency have a known weakness?

    python validation/audit.py [--advisories PATH] requirements/*.txt

Compares the locked versions with a list of advisories on this machine; nothing is asked of the network. PATH is a file or folder of
advisories in the OSV format (JSON; also the zip of all of them that osv.dev gives for PyPI), or a file as the package safety-db has it.
Without PATH the installed safety-db is taken. A list says nothing of what was found after it was made, so its date is part of the answer.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

Json = dict[str, object]


class Advisory(NamedTuple):
    """One weakness of one package."""

    package: str
    id: str
    about: str
    affects: tuple[str, ...]
    """Specifiers such as ">=1,<2"; a version is affected if any of them fits it."""


def locked(files: Iterable[Path]) -> dict[str, set[Version]]:
    """The versions of each package in some lock files."""
    found: dict[str, set[Version]] = {}
    for file in files:
        for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", file.read_text(encoding="utf-8"), re.M):
            found.setdefault(canonicalize_name(name), set()).add(Version(version))
    return found


def of_safety_db(data: Json) -> Iterator[Advisory]:
    """The advisories of the package safety-db."""
    for name, entries in data.items():
        for entry in entries if isinstance(entries, list) and not name.startswith("$") else ():
            yield Advisory(
                canonicalize_name(name), str(entry.get("id")), str(entry.get("advisory")), tuple(map(str, entry.get("specs", ())))
            )


def of_osv(data: Json) -> Iterator[Advisory]:
    """The advisories of one OSV entry: one for each package of PyPI that it is about."""
    affected = data.get("affected")
    for part in affected if isinstance(affected, list) and not data.get("withdrawn") else ():
        if str(part.get("package", {}).get("ecosystem")) != "PyPI":
            continue
        specs = [f"=={version}" for version in part.get("versions", ())]
        for range_ in part.get("ranges", ()):
            if range_.get("type") == "ECOSYSTEM":
                specs += _spans(range_.get("events", ()))
        yield Advisory(canonicalize_name(str(part["package"]["name"])), str(data.get("id")), str(data.get("summary") or ""), tuple(specs))


def _spans(events: Iterable[dict[str, str]]) -> Iterator[str]:
    start = None
    for event in events:
        if "introduced" in event:
            start = event["introduced"]
        elif start is not None:
            yield f">={start},{'<' if 'fixed' in event else '<='}{event.get('fixed') or event.get('last_affected')}"
            start = None
    if start is not None:
        yield f">={start}"


def read(path: Path) -> tuple[list[Advisory], str]:
    """All advisories at a path, and the day of the newest."""
    entries = list(_entries(path))
    if len(entries) == 1 and isinstance(entries[0].get("$meta"), dict | None) and "affected" not in entries[0]:
        meta = entries[0].get("$meta")
        stamp = meta.get("timestamp", 0) if isinstance(meta, dict) else 0
        return list(of_safety_db(entries[0])), _day(stamp)
    newest = max((str(entry.get("modified", "")) for entry in entries), default="")
    return [advisory for entry in entries for advisory in of_osv(entry)], newest[:10]


def _day(stamp: object) -> str:
    return datetime.fromtimestamp(int(str(stamp)), UTC).strftime("%Y-%m-%d")


def _entries(path: Path) -> Iterator[Json]:
    if path.is_dir():
        for file in sorted(path.rglob("*.json")):
            yield json.loads(file.read_text(encoding="utf-8"))
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(".json"):
                    yield json.loads(archive.read(name))
    else:
        yield json.loads(path.read_text(encoding="utf-8"))


def weaknesses(versions: dict[str, set[Version]], advisories: Iterable[Advisory]) -> Iterator[str]:
    """A line for each locked version that an advisory is about. An advisory that can't be compared counts as one that is."""
    for advisory in advisories:
        for version in sorted(versions.get(advisory.package, ())):
            if any(_fits(spec, version) for spec in advisory.affects):
                yield f"{advisory.package} {version}: {advisory.id} {' '.join(advisory.about.split())[:200]}"


def _fits(spec: str, version: Version) -> bool:
    try:
        return SpecifierSet(spec).contains(version, prereleases=True)
    except (InvalidSpecifier, InvalidVersion):
        return True


def default_list() -> Path | None:
    """The list of the installed package safety-db."""
    spec = find_spec("safety_db")
    return Path(spec.origin).with_name("insecure_full.json") if spec is not None and spec.origin else None


def main() -> int:
    """Compare, and say of when the list is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--advisories", default="")
    parser.add_argument("files", type=Path, nargs="+")
    arguments = parser.parse_args()
    path = Path(arguments.advisories) if arguments.advisories else default_list()
    if path is None:
        print("no list of advisories: name one with --advisories, or install safety-db", file=sys.stderr)
        return 2
    versions = locked(arguments.files)
    advisories, newest = read(path)
    found = sorted(set(weaknesses(versions, advisories)))
    print("\n".join(found) or "no locked version is in the list")
    on_these = sum(advisory.package in versions for advisory in advisories)
    print(f"{len(versions)} packages, {len(advisories):,} advisories of which {on_these:,} on these packages.")
    print(f"The list is of {newest or 'an unknown day'}: it says nothing of what was found later.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
