"""The made-up community agrees with its truth, counted from the acts in plain Python."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import pairwise
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.errors import UsageError
from regard.record.schema import INTERACTION_KINDS, Account, Act
from regard.simulate.community import Simulation, simulate
from regard.simulate.rng import DAY, HOUR, MINUTE, Rng
from regard.simulate.roles import Role, Truth
from regard.simulate.ties import Tie

from ..strategies import examples

WEEK = 7 * DAY


@pytest.fixture(scope="module")
def demo() -> Simulation:
    return simulate()


def when(act: Act) -> int:
    assert act.time is not None
    return act.time


def first_moment(simulation: Simulation) -> int:
    return int(simulation.start.timestamp()) * 1_000_000


def end(simulation: Simulation) -> int:
    return first_moment(simulation) + simulation.days * DAY


def with_role(simulation: Simulation, *roles: Role) -> list[str]:
    return [truth.person for truth in simulation.truth if truth.role in roles]


def truths(simulation: Simulation) -> dict[str, Truth]:
    return {truth.person: truth for truth in simulation.truth}


def attention(simulation: Simulation) -> Iterator[tuple[str, str, int]]:
    """(actor, target, time in microseconds) of all acts of attention between two people."""
    for act in simulation.acts:
        if act.kind in INTERACTION_KINDS and act.target is not None and act.target != act.actor:
            yield act.actor, act.target, when(act)


def attention_pairs(simulation: Simulation) -> Iterator[tuple[str, str]]:
    return ((actor, target) for actor, target, _ in attention(simulation))


def pair_times(simulation: Simulation) -> dict[tuple[str, str], list[int]]:
    times: dict[tuple[str, str], list[int]] = defaultdict(list)
    for actor, target, time in attention(simulation):
        times[actor, target].append(time)
    return times


def reached_and_kept(simulation: Simulation, cut: int) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """For each person: who acted toward them before the cut, and who of these acted again in the 28 days after."""
    reached: dict[str, set[str]] = defaultdict(set)
    kept: dict[str, set[str]] = defaultdict(set)
    for actor, target, time in attention(simulation):
        if time < cut:
            reached[target].add(actor)
        elif time < cut + 28 * DAY and actor in reached[target]:
            kept[target].add(actor)
    return reached, kept


def check_form(simulation: Simulation) -> None:
    """What holds in every made-up community, also in the smallest."""
    check_times(simulation)
    check_items(simulation)
    check_people(simulation)


def check_times(simulation: Simulation) -> None:
    times = [when(act) for act in simulation.acts]
    assert times == sorted(times)
    assert first_moment(simulation) <= times[0]
    assert times[-1] < end(simulation)
    assert all(act.precision == ("s" if act.kind == "react" else "us") for act in simulation.acts)
    assert all(when(act) % 1_000_000 == 0 for act in simulation.acts if act.kind == "react")


def check_items(simulation: Simulation) -> None:
    items: dict[str, Act] = {}
    for act in simulation.acts:
        if act.kind in ("post", "reply", "share"):
            assert act.item == f"m{len(items) + 1:06d}"
            items[act.item] = act
        check_context(act, items)
    keys = Counter((act.item, act.kind, act.actor, act.target) for act in simulation.acts)
    assert max(keys.values()) == 1


def check_context(act: Act, items: dict[str, Act]) -> None:
    if act.kind in ("follow", "unfollow", "join"):
        assert (act.item, act.parent, act.thread, act.channel, act.text) == (None,) * 5
        return
    assert act.item is not None
    if act.kind == "post":
        assert (act.target, act.parent, act.thread) == (None, None, act.item)
    elif act.kind in ("reply", "share"):
        assert act.parent is not None
        parent = items[act.parent]
        assert when(parent) < when(act)
        assert (act.target, act.thread, act.channel) == (parent.actor, parent.thread, parent.channel)
    elif act.kind == "mention":
        assert (act.actor, when(act), act.thread) == (items[act.item].actor, when(items[act.item]), items[act.item].thread)
    else:
        assert act.kind in ("react", "thank")
        assert (act.target, act.thread) == (items[act.item].actor, items[act.item].thread)
        assert when(items[act.item]) < when(act)
        assert act.label


def check_people(simulation: Simulation) -> None:
    people = truths(simulation)
    assert [account.id for account in simulation.accounts] == list(people) == sorted(people)
    assert [account.followers for account in simulation.accounts] == [truth.followers for truth in simulation.truth]
    for act in simulation.acts:
        for person in (act.actor, act.target):
            assert person is None or first_moment(simulation) + people[person].arrived * DAY <= when(act)


def test_the_same_arguments_give_the_same_acts() -> None:
    assert simulate(people=40, days=28) == simulate(people=40, days=28)
    assert simulate(people=40, days=28).acts != simulate(people=40, days=28, seed=8).acts


def test_the_acts_are_the_same_on_every_machine() -> None:
    """The hash changes only with a purposeful change of the simulation, never with the machine, NumPy or the hash seed."""
    simulation = simulate(people=120, days=60, seed=3)
    acts = [(*act[:4], act.item, act.parent, act.thread, act.channel, act.text, act.label) for act in simulation.acts]
    text = "\n".join(map(repr, (*acts, *simulation.truth, *simulation.ties, *[account.name for account in simulation.accounts])))
    assert hashlib.sha256(text.encode()).hexdigest() == "e97061bdf5512103b2993ee7ff28dea688d02cbb7db38f1e32a4ea3b26f761fc"


def test_another_start_moves_the_acts() -> None:
    simulation = simulate(people=20, days=14, start=date(1969, 12, 25))
    assert simulation.start == datetime(1969, 12, 25, tzinfo=UTC)
    check_form(simulation)


@pytest.mark.parametrize(("people", "days"), [(10, 14), (10, 240), (19, 15), (20, 16), (100, 20), (300, 14)])
def test_small_and_short_ones_work(people: int, days: int) -> None:
    simulation = simulate(people=people, days=days)
    assert len(simulation.accounts) == people
    check_form(simulation)


@pytest.mark.slow
def test_a_large_one_works() -> None:
    simulation = simulate(people=20_000, days=14)
    assert len(simulation.accounts) == 20_000
    check_form(simulation)


@examples(15)
@given(people=st.integers(10, 130), days=st.integers(14, 60), seed=st.integers(0, 2**64))
def test_every_seed_gives_a_sound_community(people: int, days: int, seed: int) -> None:
    simulation = simulate(people=people, days=days, seed=seed)
    check_form(simulation)
    assert list(simulation.unanswered) == unanswered_items(simulation)


@pytest.mark.parametrize("wrong", [{"people": 9}, {"days": 13}, {"seed": -1}])
def test_too_little_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(UsageError, match="at least 10 people, 14 days"):
        simulate(people=wrong.get("people", 10), days=wrong.get("days", 14), seed=wrong.get("seed", 0))


def test_form(demo: Simulation) -> None:
    check_form(demo)
    assert 15_000 <= len(demo.acts) <= 25_000
    assert {act.kind for act in demo.acts} == {"post", "reply", "mention", "share", "react", "thank", "follow", "unfollow", "join"}


def test_batches_are_the_acts_in_pieces() -> None:
    simulation = simulate(people=400, days=200)
    batches = list(simulation.batches())
    assert len(batches) > 1
    assert [act for batch in batches for act in batch.acts] == list(simulation.acts)
    assert [len(batch.accounts) for batch in batches] == [400] + [0] * (len(batches) - 1)


def test_who_is_there(demo: Simulation) -> None:
    assert Counter(truth.role for truth in demo.truth) == {
        "ordinary": 162,
        "newcomer": 20,
        "pod": 16,
        "builder": 14,
        "helper": 10,
        "broadcaster": 6,
        "recruiter": 6,
        "repeater": 4,
        "announcer": 1,
        "bot": 1,
    }


def test_broadcasters_reach_and_builders_keep(demo: Simulation) -> None:
    reached, kept = reached_and_kept(demo, end(demo) - 28 * DAY)
    broadcasters, builders = with_role(demo, "broadcaster"), with_role(demo, "builder")
    assert 140 <= median(len(reached[person]) for person in broadcasters) <= 170
    assert 2 <= median(len(kept[person]) for person in broadcasters) <= 8
    assert 30 <= median(len(reached[person]) for person in builders) <= 50
    assert 15 <= median(len(kept[person]) for person in builders) <= 25


def test_few_of_those_a_broadcaster_reaches_return(demo: Simulation) -> None:
    since = end(demo) - 8 * WEEK
    ever: dict[str, set[str]] = defaultdict(set)
    weeks: dict[tuple[str, str], set[int]] = defaultdict(set)
    for actor, target, time in attention(demo):
        ever[target].add(actor)
        if time >= since:
            weeks[target, actor].add((time - since) // WEEK)

    def returning(person: str) -> float:
        return sum(len(weeks[person, actor]) >= 2 for actor in sorted(ever[person])) / len(ever[person])

    of_broadcasters = median(returning(person) for person in with_role(demo, "broadcaster"))
    of_builders = median(returning(person) for person in with_role(demo, "builder"))
    assert of_broadcasters < of_builders / 4


def test_broadcasters_answer_nobody_and_have_thousands_of_followers(demo: Simulation) -> None:
    broadcasters = set(with_role(demo, "broadcaster"))
    assert not [actor for actor, _, _ in attention(demo) if actor in broadcasters]
    assert min(truths(demo)[person].followers for person in broadcasters) >= 3_000
    dropped = [act for act in demo.acts if act.kind == "unfollow"]
    assert dropped
    assert {act.actor for act in dropped} <= broadcasters


def test_builders_answer_those_who_talk_to_them(demo: Simulation) -> None:
    pairs = set(pair_times(demo))
    for builder in with_role(demo, "builder"):
        circle = [tie.person for tie in demo.ties if tie.toward == builder and tie.kind == "circle"]
        assert len(circle) >= 20
        answered = [person for person in circle if (builder, person) in pairs and (person, builder) in pairs]
        assert len(answered) >= 0.9 * len(circle)


def test_helpers_are_thanked_and_asked_again(demo: Simulation) -> None:
    thanks = Counter(act.target for act in demo.acts if act.kind == "thank")
    assert {act.label for act in demo.acts if act.kind == "thank"} == {"accepted"}
    helpers = with_role(demo, "helper")
    assert min(thanks[person] for person in helpers) > max(thanks[person] for person in with_role(demo, "broadcaster", "pod", "repeater"))
    _, kept = reached_and_kept(demo, end(demo) - 28 * DAY)
    assert median(len(kept[person]) for person in helpers) >= 6


def test_pods_praise_each_other_within_minutes(demo: Simulation) -> None:
    people, items = truths(demo), {act.item: when(act) for act in demo.acts if act.kind in ("post", "reply", "share")}
    members = set(with_role(demo, "pod"))
    assert sorted(Counter(people[person].pod for person in members).values()) == [8, 8]
    toward = [act for act in demo.acts if act.kind in INTERACTION_KINDS and act.target in members]
    assert all(people[act.actor].pod == people[act.target or ""].pod for act in toward)
    assert all(0 < when(act) - items[act.parent or act.item] <= 4 * MINUTE for act in toward)
    assert min(Counter(act.target for act in toward).values()) > 30
    assert not [target for actor, target, _ in attention(demo) if actor in members and target not in members]


def test_repeaters_repeat_one_link_and_hear_nothing(demo: Simulation) -> None:
    for truth in demo.truth:
        if truth.role == "repeater":
            posts = [act for act in demo.acts if act.actor == truth.person]
            assert len(posts) > 90
            assert all(act.kind == "post" and (act.text or "").endswith(truth.link or "no link") for act in posts)
            assert len({act.channel for act in posts}) == 4
            assert not [1 for _, target, _ in attention(demo) if target == truth.person]


def test_the_innocent_look_like_numbers_players_and_are_marked(demo: Simulation) -> None:
    accounts: dict[str, Account] = {account.id: account for account in demo.accounts}
    (announcer,), (bot,) = with_role(demo, "announcer"), with_role(demo, "bot")
    assert accounts[announcer].title == "Announcements"
    assert [account.id for account in demo.accounts if account.actor_type != "person"] == [bot]
    assert accounts[bot].actor_type == "bot"
    ((guide, link),) = [(truth.person, truth.link) for truth in demo.truth if truth.role == "helper" and truth.link is not None]
    answers = [act for act in demo.acts if act.actor == guide and link in (act.text or "")]
    assert len(answers) > 50
    assert {act.kind for act in answers} == {"reply"}


def test_newcomers_come_late_and_follow_dozens_at_once(demo: Simulation) -> None:
    for person in with_role(demo, "newcomer"):
        own = [act for act in demo.acts if act.actor == person]
        assert when(own[0]) >= first_moment(demo) + 0.6 * demo.days * DAY
        assert (own[0].kind, own[0].target) == ("join", None)
        follows = [when(act) for act in own if act.kind == "follow"]
        assert 20 <= len(follows) <= 45
        assert follows[-1] - follows[0] < HOUR


def test_recruits_join_below_and_shares_flow_up_the_tree(demo: Simulation) -> None:
    people, items = truths(demo), {act.item: act for act in demo.acts if act.kind in ("post", "share")}
    recruits = {truth.person: truth.upline for truth in demo.truth if truth.upline is not None}
    assert len(recruits) == 16
    assert {act.actor: act.target for act in demo.acts if act.kind == "join" and act.target is not None} == recruits
    for act in demo.acts:
        if act.kind == "share" and people[act.target or ""].role == "recruiter":
            assert act.target == recruits[act.actor]
            top = people[act.target or ""].upline is None
            assert items[act.parent].kind == ("post" if top else "share")


def test_recruiters_get_nothing_but_from_their_downline(demo: Simulation) -> None:
    people = truths(demo)
    recruiters = with_role(demo, "recruiter")
    assert {people[actor].upline for actor, target, _ in attention(demo) if target in recruiters} == set(recruiters)
    assert not [1 for actor, target, _ in attention(demo) if target in recruiters and people[actor].upline != target]


def test_ties_live_when_they_should(demo: Simulation) -> None:
    times = pair_times(demo)
    assert len({(tie.person, tie.toward) for tie in demo.ties}) == len(demo.ties)
    for tie in demo.ties:
        acted = times.get((tie.person, tie.toward), [])
        last = demo.days * DAY if tie.ended is None else (tie.ended + 1) * WEEK
        assert all(tie.began * WEEK <= time - first_moment(demo) < last for time in acted)


@pytest.mark.parametrize(("kind", "chance"), [("circle", 0.35), ("help", 0.25), ("pair", 0.25), ("fan", 0.30), ("pod", 0.36)])
def test_ties_are_active_as_often_as_they_should(demo: Simulation, kind: str, chance: float) -> None:
    """Active weeks after the first over weeks alive after the first. An answer after midnight may fall into the next week."""
    times = pair_times(demo)
    ties = [tie for tie in demo.ties if tie.kind == kind]
    assert [tie.chance for tie in ties] == pytest.approx([chance] * len(ties))
    active = sum(
        len({(time - first_moment(demo)) // WEEK for time in times.get((tie.person, tie.toward), [])} - {tie.began}) for tie in ties
    )
    alive = sum(weeks_alive(tie, demo) - 1 for tie in ties)
    assert active / alive == pytest.approx(chance, rel=0.15)


def weeks_alive(tie: Tie, simulation: Simulation) -> int:
    return (-(-simulation.days // 7) if tie.ended is None else tie.ended) - tie.began


def test_fans_are_the_ties_alive_at_the_end_and_they_come(demo: Simulation) -> None:
    alive = Counter(tie.toward for tie in demo.ties if tie.ended is None)
    assert {truth.person: truth.fans for truth in demo.truth if truth.fans} == alive
    cut = end(demo) - 28 * DAY
    _, kept = reached_and_kept(demo, cut)
    builders = with_role(demo, "builder")
    counted = sum(len(kept[person]) for person in builders)
    expected = sum(1 - (1 - tie.chance) ** 4 for tie in demo.ties if tie.toward in builders and tie.ended is None and tie.began < 30)
    assert counted == pytest.approx(expected, rel=0.15)


def test_some_ties_have_cooled_lately(demo: Simulation) -> None:
    weeks = -(-demo.days // 7)
    ended_lately = [tie for tie in demo.ties if tie.kind == "circle" and tie.ended is not None and 4 <= weeks - tie.ended <= 10]
    assert len([tie for tie in ended_lately if weeks_alive(tie, demo) >= 8]) >= 10
    ended = [tie for tie in demo.ties if tie.kind in ("circle", "pair", "help") and tie.ended is not None]
    assert 0.2 < len(ended) / len(demo.ties) < 0.6


def test_strangers_meet_once(demo: Simulation) -> None:
    people = truths(demo)
    tied = {(tie.person, tie.toward) for tie in demo.ties}
    for (actor, target), times in pair_times(demo).items():
        if (actor, target) not in tied and people[target].role != "broadcaster":
            assert times[-1] - times[0] < 7 * DAY
    noticed = Counter(pair for pair in attention_pairs(demo) if people[pair[1]].role == "broadcaster" and pair not in tied)
    assert set(noticed.values()) == {1, 2}


def unanswered_items(simulation: Simulation) -> list[str]:
    """The slow way: the questions and mentions of the last 28 days that open a thread and that no other person answered in it."""
    since = end(simulation) - 28 * DAY
    mentioned = {act.item for act in simulation.acts if act.kind == "mention"}
    posts = [act for act in simulation.acts if act.kind == "post" and when(act) >= since]
    questions = [act for act in posts if "?" in (act.text or "") or act.item in mentioned]
    replies = [act for act in simulation.acts if act.kind == "reply" and when(act) >= since]
    answers = [(reply.thread, reply.actor) for reply in replies]
    return [act.item for act in questions if act.item and not any(thread == act.item and actor != act.actor for thread, actor in answers)]


def test_some_questions_are_unanswered(demo: Simulation) -> None:
    assert list(demo.unanswered) == unanswered_items(demo)
    posts = {act.item: act for act in demo.acts if act.kind == "post"}
    lately = [posts[item] for item in demo.unanswered if when(posts[item]) >= end(demo) - 21 * DAY]
    assert 5 <= len(lately) <= 60
    assert {truths(demo)[act.actor].role for act in lately} >= {"newcomer", "ordinary"}
    assert any(act.item in demo.unanswered for act in demo.acts if act.kind == "mention")


def test_a_few_acts_are_toward_oneself(demo: Simulation) -> None:
    own = [act for act in demo.acts if act.actor == act.target]
    assert {act.kind for act in own} == {"reply"}
    assert 0.001 < len(own) / len(demo.acts) < 0.02


def test_days_and_weeks_have_their_rhythm(demo: Simulation) -> None:
    moments = [datetime.fromtimestamp(when(act) // 1_000_000, UTC) for act in demo.acts if act.kind == "post"]
    hours, weekdays = Counter(moment.hour for moment in moments), Counter(moment.weekday() for moment in moments)
    assert sum(hours[hour] for hour in range(1, 5)) < sum(hours[hour] for hour in range(9, 13)) / 4
    assert max(weekdays[5], weekdays[6]) < min(weekdays[day] for day in range(4)) / 2


def test_threads_go_deep_and_channels_differ(demo: Simulation) -> None:
    depth: dict[str | None, int] = {None: -1}
    for act in demo.acts:
        if act.kind in ("post", "reply", "share"):
            depth[act.item] = depth[act.parent] + 1
    assert max(depth.values()) >= 4
    assert {act.channel for act in demo.acts if act.channel} == {
        "announcements",
        "help",
        "introductions",
        "letterpress",
        "random",
        "show-and-tell",
    }


def test_words_are_sound(demo: Simulation) -> None:
    texts = [act.text for act in demo.acts if act.text is not None]
    assert not [text for text in texts if "{" in text or not text.strip()]
    assert {host for text in texts for host in re.findall(r"https?://([^/\s]+)", text)} == {"example.org"}
    assert all(act.text and act.lang == "en" for act in demo.acts if act.kind in ("post", "reply"))
    assert not [act for act in demo.acts if act.kind == "reply" and "?" in (act.text or "")]


def test_names_exercise_the_scripts(demo: Simulation) -> None:
    names = [account.name or "" for account in demo.accounts]
    assert len(set(names)) == len(names)
    letters = {unicodedata.bidirectional(letter) for name in names for letter in name}
    assert {"L", "R", "AL"} <= letters
    assert any("CJK" in unicodedata.name(letter, "") for name in names for letter in name)
    assert "\n".join(names).encode().decode() == "\n".join(names)


def test_random_numbers_are_those_of_numpy() -> None:
    """`Generator.random` uses the same bits today. NumPy does not promise that, and `Rng` does."""
    import numpy as np

    expected = np.random.Generator(np.random.PCG64(11)).random(10_000).tolist()
    rng = Rng(11)
    assert [rng.uniform() for _ in range(10_000)] == expected


@given(seed=st.integers(0, 2**32), count=st.integers(0, 12))
def test_a_sample_has_no_item_twice(seed: int, count: int) -> None:
    sample = Rng(seed).sample(range(10), count)
    assert len(sample) == len(set(sample)) == min(count, 10)
    assert set(sample) <= set(range(10))


def test_reply_delays_have_the_given_median() -> None:
    rng = Rng(5)
    delays = sorted(rng.reply_delay(HOUR) for _ in range(4_001))
    assert delays[2_000] == pytest.approx(HOUR, rel=0.1)
    assert delays[0] >= 20_000_000
    assert delays[-1] <= 12 * HOUR
    assert all(low <= high for low, high in pairwise(delays))
