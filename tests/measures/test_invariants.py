"""Properties of every community: ties, merges, acts toward oneself, later acts, and many acts in one bin."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from regard.measures.catalogue import MEASURES
from regard.record.schema import INTERACTION_KINDS, Account, Act
from regard.studies.study import Study

from ..communities import START_US, Row, community, moment, rows
from ..oracles import DAY, number
from ..strategies import PEOPLE, Made, communities, examples


def everything(study: Study) -> dict[str, list[Row]]:
    """All rows of all measures, without row numbers of the record."""
    return {name: sorted(({n: v for n, v in row.items() if n != "act"} for row in rows(study, name)), key=str) for name in MEASURES}


@given(communities())
@examples(12)
def test_what_ties_and_what_follows_from_them_promise(sample: Made) -> None:
    with community(sample.acts, accounts=sample.accounts) as study:
        ties = rows(study, "ties")
        pairs = {(tie["actor"], tie["target"]): tie for tie in ties}
        assert len(pairs) == len(ties)
        for (actor, target), tie in pairs.items():
            back = pairs.get((target, actor))
            assert tie["two_way"] is (back is not None)
            assert tie["acts_back"] == (back["acts"] if back else 0)
            assert 1 <= number(tie["bins"]) <= number(tie["acts"])
            assert (tie["gap_bins"] is None) == (tie["bins"] == 1)
            assert number(tie["p_return_alive"]) <= number(tie["p_alive"]) <= 1
            assert 0 <= number(tie["p_fan"]) <= number(tie["p_return"]) < 1
            assert str(tie["first"]) <= str(tie["last"])
        for kept in rows(study, "kept"):
            mine = [tie for tie in ties if tie["target"] == kept["person"]]
            assert 0 <= number(kept["two_way"]) <= number(kept["kept"]) <= len(mine) == kept["ties"]
            assert 0 <= number(kept["low"]) <= number(kept["high"]) <= len(mine)
            assert number(kept["low"]) - 1 < number(kept["kept"]) < number(kept["high"]) + 1
            assert number(kept["variance"]) >= sum(number(t["p_return"]) * (1 - number(t["p_return"])) for t in mine) - 1e-4
        reached = {row["person"]: row for row in rows(study, "reached")}
        assert {tie["target"] for tie in ties} <= set(reached)
        for row in reached.values():
            assert number(row["recent"]) <= number(row["people"]) <= number(row["reached"])
        for row in rows(study, "cooling"):
            assert pairs[row["person"], row["other"]]["two_way"] is True
            assert number(row["p_now"]) < 0.5 <= number(row["p_before"])


@given(communities())
@examples(6)
def test_merged_accounts_are_as_if_all_was_one_account(sample: Made) -> None:
    # The acts of ann's second account are ann's. A merge keeps the first id in order, so that acts at equal moments keep their order.
    split = [act._replace(actor="anna") if act.actor == "ann" and n % 2 else act for n, act in enumerate(sample.acts)]
    split = [act._replace(target="anna") if act.target == "ann" and n % 3 else act for n, act in enumerate(split)]
    # The record drops mentions that only address somebody before accounts are merged.
    assume(not any(act.kind == "mention" for act in sample.acts))
    accounts = [*sample.accounts, Account("anna")]
    with community(split, accounts=accounts, merged=[("anna", "ann")]) as study, community(sample.acts, accounts=sample.accounts) as merged:
        assert study.timescale == merged.timescale
        assert everything(study) == everything(merged)


@given(communities(), st.sampled_from(PEOPLE), st.sampled_from(INTERACTION_KINDS), st.integers(0, 40))
@examples(6)
def test_an_act_toward_oneself_changes_nothing(sample: Made, person: str, kind: str, day: int) -> None:
    assume(any(act.actor == person or act.target == person for act in sample.acts))
    time = min(START_US + day * DAY, sample.until - 1)
    first = min((act.time for act in sample.acts if act.actor == person and act.time is not None), default=None)
    assume(first is not None and first <= time)  # otherwise it would be their first act
    assume(
        kind != "reply" or any(act.kind == "reply" and act.time is not None for act in sample.acts)
    )  # otherwise the record would have its first reply
    own = Act(person, kind, time, person, item="own")  # type: ignore[arg-type]
    with community(sample.acts, accounts=sample.accounts) as study, community([*sample.acts, own], accounts=sample.accounts) as other:
        assert study.timescale == other.timescale
        assert everything(study) == everything(other)


@given(communities(), communities())
@examples(6)
def test_acts_to_come_change_nothing(sample: Made, later: Made) -> None:
    until = (sample.until - START_US) // DAY + 1
    ahead = [act._replace(time=act.time + (until + 1) * DAY) for act in later.acts if act.time is not None]
    # Later items have ids of their own. A record knows the text and threads of later messages too, so they must not share an item.
    ahead = [act._replace(item=_later(act.item), parent=_later(act.parent), thread=_later(act.thread)) for act in ahead]
    accounts = [*sample.accounts, *(Account(person) for person in PEOPLE), Account("zbot", actor_type="bot")]
    with (
        community(sample.acts, accounts=accounts, until=until) as study,
        community(sample.acts + ahead, accounts=accounts, until=until) as other,
    ):
        assert replace(study.settings, until=moment(until)) == other.settings
        assert study.timescale == other.timescale
        assert everything(study) == everything(other)


def _later(name: str | None) -> str | None:
    return None if name is None else f"later-{name}"


@given(communities(), st.integers(0, 29))
@examples(6)
def test_a_thousand_messages_in_one_bin_are_one(sample: Made, which: int) -> None:
    toward = [act for act in sample.acts if act.kind == "message" and act.time is not None and act.target not in (None, act.actor)]
    assume(toward)
    loud = toward[which % len(toward)]
    flood = [loud._replace(item=None, text=None) for _ in range(1_000)]
    with (
        community(sample.acts, accounts=sample.accounts, bin_days=7, window_days=28) as study,
        community(sample.acts + flood, accounts=sample.accounts, bin_days=7, window_days=28) as other,
    ):
        quiet, noisy = (
            [{n: v for n, v in row.items() if n not in ("acts", "acts_back", "words")} for row in rows(s, "ties")] for s in (study, other)
        )
        assert quiet == noisy
        assert rows(study, "kept") == rows(other, "kept")
        for name in ("fans", "new_contacts", "excess", "reached"):
            assert rows(study, name) == rows(other, name), name
