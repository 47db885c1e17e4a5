"""Does Regard count what the publishers count? Reads each public record, writes a report on it, and compares the counts.

python validation/counts.py --data FOLDER [--reports FOLDER]
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from regard.engines.duckdb.statements import fetch_scalar
from regard.record.record import Record
from regard.record.storage import reading
from regard.sources.base import Options
from regard.studies.read import inputs_of, read_into
from regard.studies.report import report_of
from regard.studies.study import Study
from regard.surfaces.pages.page import render


@dataclass(frozen=True)
class Expected:
    """A published count, and the SQL that counts the same in a record."""

    what: str
    """What is counted."""
    published: int
    sql: str
    why: str = ""
    """Why the two counts differ, if they do."""


ACTS = "SELECT count(*) FROM acts"
PEOPLE = "SELECT count(DISTINCT person) FROM accounts"
WRITERS = "SELECT count(DISTINCT actor) FROM acts WHERE kind IN ('post', 'reply', 'message')"
MESSAGES = "SELECT count(DISTINCT item) FROM acts WHERE kind IN ('post', 'reply', 'message')"
TIED = (
    """SELECT count(DISTINCT person) FROM (SELECT unnest([actor, target]) AS person FROM acts WHERE kind = 'reply' AND actor <> target)"""
)
"""People who replied to somebody else or got a reply."""


def kind(name: str) -> str:
    """SQL that counts the acts of a kind."""
    return f"SELECT count(*) FROM acts WHERE kind = '{name}'"


def note(begin: str) -> str:
    """SQL for the count of a note that begins with these words."""
    return f"SELECT coalesce(sum(count), 0) FROM notes WHERE starts_with(note, '{begin}')"


SETS: tuple[tuple[str, tuple[str, ...], tuple[Expected, ...]], ...] = (
    ("collegemsg", ("collegemsg/CollegeMsg.txt.gz",), (Expected("messages", 59_835, ACTS), Expected("people", 1_899, PEOPLE))),
    ("manufacturing-email", ("manufacturing-email/communication.csv",), (Expected("mails", 82_927, ACTS), Expected("people", 167, PEOPLE))),
    (
        "konect-digg-reply",
        ("konect-digg-reply/out.munmun_digg_reply",),
        (Expected("replies", 87_627, ACTS), Expected("people", 30_398, PEOPLE)),
    ),
    (
        "higgs-twitter",
        ("higgs-twitter/higgs-activity_time.txt.gz",),
        (
            Expected("acts", 563_069, ACTS),
            Expected("people", 304_691, PEOPLE),
            Expected("retweets", 354_930, kind("share")),
            Expected("mentions", 171_237, kind("mention")),
            Expected("replies", 36_902, kind("reply")),
        ),
    ),
    (
        "bitcoin-alpha",
        ("bitcoin-alpha/out.soc-sign-bitcoinalpha",),
        (
            Expected("ratings", 24_186, ACTS),
            Expected("people", 3_783, PEOPLE),
            Expected("negative", 1_536, "SELECT count(*) FROM acts WHERE label LIKE '-%'"),
        ),
    ),
    (
        "slack-houstondatavis",
        ("slack-houstondatavis/slack-houstondatavis-slack-export.zip",),
        (
            Expected(
                "messages",
                1_382,
                MESSAGES,
                "351 are notices: 320 joins, 13 purposes, 9 archivings, 3 leaves, 2 topics, 2 names, 1 pin, 1 bot",
            ),
            Expected("posters", 32, WRITERS),
        ),
    ),
    (
        "slack-10academy-notext",
        ("slack-10academy-notext/slack-10academy-notext-slack-export.zip",),
        (
            Expected("messages", 20_011, MESSAGES, "1,030 notices, 6 tombstones of deleted messages, 1 stands twice in the export"),
            Expected("posters", 62, WRITERS, "one more: a listed bot, or Slackbot under a number of its own"),
            Expected("thread replies", 8_893, kind("reply")),
            Expected("reactions", 10_351, kind("react")),
        ),
    ),
    (
        "mailinglist-mapnik",
        ("mailinglist-mapnik",),
        (
            Expected(
                "messages", 1_515, MESSAGES, "2 tails of cut mails under a placeholder address, one sender and date, counted as one there"
            ),
            Expected("addresses", 191, WRITERS, "the placeholder address is nobody's"),
        ),
    ),
    (
        "discourse-delvingbitcoin",
        ("discourse-delvingbitcoin/posts.jsonl.gz",),
        (
            Expected("posts", 4_661, MESSAGES, "55 deleted by their authors"),
            Expected("users", 460, WRITERS, "2 whose only posts are deleted"),
            Expected("likes", 2_447, note("likes")),
        ),
    ),
    (
        "ietf-github-tls-esni",
        ("ietf-github-tls-esni/archive.json.gz",),
        (
            Expected("issues and pull requests", 642, kind("post")),
            Expected("comments", 1_993, "SELECT count(*) FROM acts WHERE kind = 'reply' AND contains(item, '@') AND contains(item, '#')"),
            Expected("people in ties", 98, TIED),
        ),
    ),
    (
        "twitter-rumoureval2017",
        ("twitter-rumoureval2017/rumoureval-data.tar.gz",),
        (
            Expected("tweets", 2_354, "SELECT count(DISTINCT item) FROM acts"),
            Expected("threads", 143, "SELECT count(DISTINCT item) FROM acts WHERE thread_root = item"),
        ),
    ),
    (
        "stackexchange-quantum",
        ("stackexchange-quantum",),
        (
            Expected(
                "posts", 1_986, "SELECT count(*) FROM acts WHERE starts_with(item, 'p') AND kind IN ('post', 'reply')", "314 are tag wikis"
            ),
            Expected("comments", 3_413, "SELECT count(*) FROM acts WHERE starts_with(item, 'c') AND kind = 'reply'"),
            Expected("users", 3_461, PEOPLE, "3 more: deleted users, known by display name only"),
            Expected("accepted answers", 389, "SELECT count(*) FROM acts WHERE kind = 'thank' AND label = 'accepted'"),
        ),
    ),
    (
        "stackexchange-french-meta",
        ("stackexchange-french-meta",),
        (
            Expected(
                "posts", 781, "SELECT count(*) FROM acts WHERE starts_with(item, 'p') AND kind IN ('post', 'reply')", "20 are tag wikis"
            ),
            Expected("comments", 1_305, "SELECT count(*) FROM acts WHERE starts_with(item, 'c') AND kind = 'reply'"),
            Expected("users", 1_703, PEOPLE, "17 more: deleted users, known by display name only"),
            Expected("accepted answers", 86, "SELECT count(*) FROM acts WHERE kind = 'thank' AND label = 'accepted'"),
        ),
    ),
)


def main() -> int:
    """Print the table. Returns 1 if a difference has no explanation."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--reports", type=Path)
    arguments = parser.parse_args()
    unexplained = 0
    print("| set | what | published | read | difference | seconds to report | report |\n|---|---|---|---|---|---|---|")
    for name, paths, expected in SETS:
        inputs = [arguments.data / path for path in paths]
        if not all(path.exists() for path in inputs):
            print(f"| {name} | skipped: not in the data folder | | | | | |")
            continue
        began = time.perf_counter()
        with Record.temporary() as record:
            for _ in read_into(record, inputs_of(inputs), Options()):
                pass
            with Study(record) as study:
                page = render(report_of(study, title=name))
            seconds = time.perf_counter() - began
            if arguments.reports:
                (arguments.reports / f"{name}.html").write_text(page, encoding="utf-8")
            with reading(record.path) as connection:
                size = f"{len(page) / 1e6:.2f} MB"
                for count in expected:
                    counted = fetch_scalar(connection, int, count.sql)
                    reason = "none" if counted == count.published else count.why or "UNEXPLAINED"
                    unexplained += reason == "UNEXPLAINED"
                    print(f"| {name} | {count.what} | {count.published:,} | {counted:,} | {reason} | {seconds:.1f} | {size} |")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
