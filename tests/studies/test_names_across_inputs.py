"""The same talk in two inputs of one record, in which somebody has two names: one person and each post once, source by source."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from regard.engines.duckdb.statements import execute
from regard.record.record import Record
from regard.record.storage import reading
from regard.sources.base import Options
from regard.studies.read import inputs_of, read_into

Write = Callable[[Path, str], Path]
"""Writes an export in which Ann has some name: her post, and Bob's answer."""


def discourse(folder: Path, name: str) -> Path:
    ann = {"user_id": 5, "username": name, "post_number": 1, "cooked": "<p>How?</p>"}
    bob = {"user_id": 6, "username": "bob", "post_number": 2, "cooked": f'<p>So, <a class="mention" href="/u/{name}">@{name}</a></p>'}
    posts = [{"topic_id": 7, "created_at": f"2024-03-0{day}T12:00:00.000Z", "post_type": 1} | post for day, post in ((1, ann), (2, bob))]
    return written(folder / "posts.json", json.dumps({"latest_posts": posts}))


def github(folder: Path, name: str) -> Path:
    bob = {"author": "bob", "authorAssociation": "NONE", "body": "So", "createdAt": "2024-03-02T12:00:00Z"}
    again = {"author": name, "authorAssociation": "OWNER", "body": "Oh", "createdAt": "2024-03-03T12:00:00Z"}
    issue = {"number": 7, "author": name, "authorAssociation": "OWNER", "title": "How?", "createdAt": "2024-03-01T12:00:00Z"}
    archive = {"magic": "E!vIA5L86J2I", "repo": "a/b", "issues": [issue | {"comments": [bob, again]}]}
    return written(folder / "archive.json", json.dumps(archive))


def slack(folder: Path, name: str) -> Path:
    users = [{"id": "U00000001", "team_id": "T1", "name": name, "profile": {"display_name": name}}, {"id": "U00000002", "name": "bob"}]
    written(folder / "users.json", json.dumps(users))
    written(folder / "channels.json", json.dumps([{"id": "C00000001", "name": "talk", "members": []}]))
    first, second = ({"type": "message", "user": f"U0000000{n}", "text": "x", "ts": f"170929440{n}.000100"} for n in (1, 2))
    written(folder / "talk" / "2024-03-01.json", json.dumps([first, second | {"thread_ts": first["ts"]}]))
    return folder


def twitter(folder: Path, name: str) -> Path:
    def tweet(id: int, user: int, screen_name: str, **more: object) -> dict[str, object]:
        user_object = {"id": user, "id_str": str(user), "screen_name": screen_name}
        return {"id_str": str(id), "created_at": "Fri Mar 01 12:00:00 +0000 2024", "text": "x", "user": user_object} | more

    answer = tweet(22, 12, "bob", in_reply_to_status_id_str="21", in_reply_to_user_id_str="11", in_reply_to_screen_name=name)
    return written(folder / "tweets.jsonl", "\n".join(json.dumps(each) for each in (tweet(21, 11, name), answer)))


def stackexchange(folder: Path, name: str) -> Path:
    """Ann's account was deleted if she has the name that the site then gives."""
    ann = 'OwnerDisplayName="user5"' if name == "user5" else 'OwnerUserId="5"'
    rows = [f'<row Id="1" PostTypeId="1" {ann} CreationDate="2024-03-01T12:00:00.000" Body="How?" />',
            '<row Id="2" PostTypeId="2" ParentId="1" OwnerUserId="6" CreationDate="2024-03-02T12:00:00.000" Body="So" />']  # fmt: skip
    written(folder / "Posts.xml", "\n".join(['<?xml version="1.0" encoding="utf-8"?>', "<posts>", *rows, "</posts>"]))
    return folder


def mbox(folder: Path, name: str) -> Path:
    """The archive masks Ann's address, or shows it."""
    sender = "Ann Lee <address@hidden>" if name == "masked" else "Ann Lee <ann@x.org>"
    mails = (("1", sender, ""), ("2", "Bob <bob@x.org>", "In-Reply-To: <1@x.org>\n"))
    return written(folder / "list.mbox", "".join(
        f"From - Fri Mar  1 12:00:00 2024\nFrom: {who}\nDate: Fri, 1 Mar 2024 12:00:0{id} GMT\n{answers}Message-ID: <{id}@x.org>\n\nx\n\n"
        for id, who, answers in mails))  # fmt: skip


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def read(record: Record, path: Path) -> dict[str, int]:
    ((_, result),) = read_into(record, inputs_of([path]), Options())
    assert result is not None
    return dict(result.notes)


@pytest.mark.parametrize(
    ("write", "names", "n_acts"),
    [
        (discourse, ("ann", "anna"), 2),
        (github, ("ann", "anna"), 3),
        (slack, ("ann", "anna"), 2),
        (twitter, ("ann", "anna"), 2),
        (stackexchange, ("ann", "user5"), 2),
        (mbox, ("shown", "masked"), 2),
    ],
)
@pytest.mark.parametrize("turn", [1, -1])
def test_each_act_is_one_and_has_one_author(
    record: Record, tmp_path: Path, write: Write, names: tuple[str, str], n_acts: int, turn: int
) -> None:
    for name in names[::turn]:
        read(record, write(tmp_path / name, name))
    with reading(record.path) as connection:
        assert execute(connection, "SELECT count(*) FROM acts") == [(n_acts,)]
        people = "SELECT count(DISTINCT person) FROM acts JOIN accounts ON account = actor"
        assert execute(connection, people) == [(2,)]
        toward = "SELECT count(DISTINCT t.person) FROM acts JOIN accounts t ON t.account = target WHERE kind = 'reply' AND actor <> target"
        assert execute(connection, toward) == [(1,)]


@pytest.mark.parametrize("write", [discourse, github])
def test_a_renamed_person_is_found_by_any_name(record: Record, tmp_path: Path, write: Write) -> None:
    for name in ("ann", "anna"):
        read(record, write(tmp_path / name, name))
    assert record.person("ann") == record.person("anna")


def test_an_archive_that_masks_an_address_joins_nobody(record: Record, tmp_path: Path) -> None:
    for name in ("shown", "masked"):
        read(record, mbox(tmp_path / name, name))
    assert record.person("ann@x.org").ids == ("ann@x.org",)
