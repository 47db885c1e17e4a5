"""The made-up community keeps what its truth says, counted from the acts by plain Python."""

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
from regard.simulate.rng import DAY, HOUR, MINUTE, Dice
from regard.simulate.roles import Role, Truth
from regard.simulate.ties import Tie

from ..strategies import examples

WEEK = 7 * DAY


@pytest.fixture(scope="module")
def whole() -> Simulation:
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
    """(who, toward whom, when) of all acts between two people that are attention."""
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
    """Toward each person: who acted before the cut, and which of these acted again in the 28 days after."""
    reached: dict[str, set[str]] = defaultdict(set)
    kept: dict[str, set[str]] = defaultdict(set)
    for actor, target, time in attention(simulation):
        if time < cut:
            reached[target].add(actor)
        elif time < cut + 28 * DAY and actor in reached[target]:
            kept[target].add(actor)
    return reached, kept


def check_form(simulation: Simulation) -> None:
    """What holds in every made-up community, however small."""
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
    made: dict[str, Act] = {}
    for act in simulation.acts:
        if act.kind in ("post", "reply", "share"):
            assert act.item == f"m{len(made) + 1:06d}"
            made[act.item] = act
        check_place(act, made)
    keys = Counter((act.item, act.kind, act.actor, act.target) for act in simulation.acts)
    assert max(keys.values()) == 1


def check_place(act: Act, made: dict[str, Act]) -> None:
    if act.kind in ("follow", "unfollow", "join"):
        assert (act.item, act.parent, act.thread, act.channel, act.text) == (None,) * 5
        return
    assert act.item is not None
    if act.kind == "post":
        assert (act.target, act.parent, act.thread) == (None, None, act.item)
    elif act.kind in ("reply", "share"):
        assert act.parent is not None
        parent = made[act.parent]
        assert when(parent) < when(act)
        assert (act.target, act.thread, act.channel) == (parent.actor, parent.thread, parent.channel)
    elif act.kind == "mention":
        assert (act.actor, when(act), act.thread) == (made[act.item].actor, when(made[act.item]), made[act.item].thread)
    else:
        assert act.kind in ("react", "thank")
        assert (act.target, act.thread) == (made[act.item].actor, made[act.item].thread)
        assert when(made[act.item]) < when(act)
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


def test_the_acts_are_those_of_every_other_machine() -> None:
    """Pinned: it changes only when the simulation is changed on purpose, never with the machine, NumPy or the hash seed."""
    simulation = simulate(people=120, days=60, seed=3)
    acts = [(*act[:4], act.item, act.parent, act.thread, act.channel, act.text, act.label) for act in simulation.acts]
    told = "\n".join(map(repr, (*acts, *simulation.truth, *simulation.ties, *[account.name for account in simulation.accounts])))
    assert hashlib.sha256(told.encode()).hexdigest() == "e97061bdf5512103b2993ee7ff28dea688d02cbb7db38f1e32a4ea3b26f761fc"


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
    assert list(simulation.unanswered) == waiting(simulation)


@pytest.mark.parametrize("wrong", [{"people": 9}, {"days": 13}, {"seed": -1}])
def test_too_little_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(UsageError, match="at least 10 people, 14 days"):
        simulate(people=wrong.get("people", 10), days=wrong.get("days", 14), seed=wrong.get("seed", 0))


def test_form(whole: Simulation) -> None:
    check_form(whole)
    assert 15_000 <= len(whole.acts) <= 25_000
    assert {act.kind for act in whole.acts} == {"post", "reply", "mention", "share", "react", "thank", "follow", "unfollow", "join"}


def test_batches_are_the_acts_in_pieces() -> None:
    simulation = simulate(people=400, days=200)
    batches = list(simulation.batches())
    assert len(batches) > 1
    assert [act for batch in batches for act in batch.acts] == list(simulation.acts)
    assert [len(batch.accounts) for batch in batches] == [400] + [0] * (len(batches) - 1)


def test_who_is_there(whole: Simulation) -> None:
    assert Counter(truth.role for truth in whole.truth) == {
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


def test_broadcasters_reach_and_builders_keep(whole: Simulation) -> None:
    reached, kept = reached_and_kept(whole, end(whole) - 28 * DAY)
    broadcasters, builders = with_role(whole, "broadcaster"), with_role(whole, "builder")
    assert 140 <= median(len(reached[person]) for person in broadcasters) <= 170
    assert 2 <= median(len(kept[person]) for person in broadcasters) <= 8
    assert 30 <= median(len(reached[person]) for person in builders) <= 50
    assert 15 <= median(len(kept[person]) for person in builders) <= 25


def test_few_of_those_a_broadcaster_reaches_return(whole: Simulation) -> None:
    since = end(whole) - 8 * WEEK
    ever: dict[str, set[str]] = defaultdict(set)
    weeks: dict[tuple[str, str], set[int]] = defaultdict(set)
    for actor, target, time in attention(whole):
        ever[target].add(actor)
        if time >= since:
            weeks[target, actor].add((time - since) // WEEK)

    def returning(person: str) -> float:
        return sum(len(weeks[person, actor]) >= 2 for actor in sorted(ever[person])) / len(ever[person])

    of_broadcasters = median(returning(person) for person in with_role(whole, "broadcaster"))
    of_builders = median(returning(person) for person in with_role(whole, "builder"))
    assert of_broadcasters < of_builders / 4


def test_broadcasters_answer_nobody_and_have_thousands_of_followers(whole: Simulation) -> None:
    broadcasters = set(with_role(whole, "broadcaster"))
    assert not [actor for actor, _, _ in attention(whole) if actor in broadcasters]
    assert min(truths(whole)[person].followers for person in broadcasters) >= 3_000
    dropped = [act for act in whole.acts if act.kind == "unfollow"]
    assert dropped
    assert {act.actor for act in dropped} <= broadcasters


def test_builders_answer_those_who_talk_to_them(whole: Simulation) -> None:
    pairs = set(pair_times(whole))
    for builder in with_role(whole, "builder"):
        circle = [tie.person for tie in whole.ties if tie.toward == builder and tie.kind == "circle"]
        assert len(circle) >= 20
        answered = [person for person in circle if (builder, person) in pairs and (person, builder) in pairs]
        assert len(answered) >= 0.9 * len(circle)


def test_helpers_are_thanked_and_asked_again(whole: Simulation) -> None:
    thanks = Counter(act.target for act in whole.acts if act.kind == "thank")
    assert {act.label for act in whole.acts if act.kind == "thank"} == {"accepted"}
    helpers = with_role(whole, "helper")
    assert min(thanks[person] for person in helpers) > max(thanks[person] for person in with_role(whole, "broadcaster", "pod", "repeater"))
    _, kept = reached_and_kept(whole, end(whole) - 28 * DAY)
    assert median(len(kept[person]) for person in helpers) >= 6


def test_pods_praise_each_other_within_minutes(whole: Simulation) -> None:
    people, made = truths(whole), {act.item: when(act) for act in whole.acts if act.kind in ("post", "reply", "share")}
    members = set(with_role(whole, "pod"))
    assert sorted(Counter(people[person].pod for person in members).values()) == [8, 8]
    toward = [act for act in whole.acts if act.kind in INTERACTION_KINDS and act.target in members]
    assert all(people[act.actor].pod == people[act.target or ""].pod for act in toward)
    assert all(0 < when(act) - made[act.parent or act.item] <= 4 * MINUTE for act in toward)
    assert min(Counter(act.target for act in toward).values()) > 30
    assert not [target for actor, target, _ in attention(whole) if actor in members and target not in members]


def test_repeaters_repeat_one_link_and_hear_nothing(whole: Simulation) -> None:
    for truth in whole.truth:
        if truth.role == "repeater":
            posts = [act for act in whole.acts if act.actor == truth.person]
            assert len(posts) > 90
            assert all(act.kind == "post" and (act.text or "").endswith(truth.link or "no link") for act in posts)
            assert len({act.channel for act in posts}) == 4
            assert not [1 for _, target, _ in attention(whole) if target == truth.person]


def test_the_innocent_look_like_numbers_players_and_are_marked(whole: Simulation) -> None:
    accounts: dict[str, Account] = {account.id: account for account in whole.accounts}
    (announcer,), (bot,) = with_role(whole, "announcer"), with_role(whole, "bot")
    assert accounts[announcer].title == "Announcements"
    assert [account.id for account in whole.accounts if account.actor_type != "person"] == [bot]
    assert accounts[bot].actor_type == "bot"
    ((guide, link),) = [(truth.person, truth.link) for truth in whole.truth if truth.role == "helper" and truth.link is not None]
    answers = [act for act in whole.acts if act.actor == guide and link in (act.text or "")]
    assert len(answers) > 50
    assert {act.kind for act in answers} == {"reply"}


def test_newcomers_come_late_and_follow_dozens_at_once(whole: Simulation) -> None:
    for person in with_role(whole, "newcomer"):
        own = [act for act in whole.acts if act.actor == person]
        assert when(own[0]) >= first_moment(whole) + 0.6 * whole.days * DAY
        assert (own[0].kind, own[0].target) == ("join", None)
        follows = [when(act) for act in own if act.kind == "follow"]
        assert 20 <= len(follows) <= 45
        assert follows[-1] - follows[0] < HOUR


def test_recruits_join_below_and_shares_flow_up_the_tree(whole: Simulation) -> None:
    people, made = truths(whole), {act.item: act for act in whole.acts if act.kind in ("post", "share")}
    recruits = {truth.person: truth.upline for truth in whole.truth if truth.upline is not None}
    assert len(recruits) == 16
    assert {act.actor: act.target for act in whole.acts if act.kind == "join" and act.target is not None} == recruits
    for act in whole.acts:
        if act.kind == "share" and people[act.target or ""].role == "recruiter":
            assert act.target == recruits[act.actor]
            top = people[act.target or ""].upline is None
            assert made[act.parent].kind == ("post" if top else "share")


def test_recruiters_get_nothing_but_from_their_downline(whole: Simulation) -> None:
    people = truths(whole)
    recruiters = with_role(whole, "recruiter")
    assert {people[actor].upline for actor, target, _ in attention(whole) if target in recruiters} == set(recruiters)
    assert not [1 for actor, target, _ in attention(whole) if target in recruiters and people[actor].upline != target]


def test_ties_live_when_they_should(whole: Simulation) -> None:
    times = pair_times(whole)
    assert len({(tie.person, tie.toward) for tie in whole.ties}) == len(whole.ties)
    for tie in whole.ties:
        seen = times.get((tie.person, tie.toward), [])
        last = whole.days * DAY if tie.ended is None else (tie.ended + 1) * WEEK
        assert all(tie.began * WEEK <= time - first_moment(whole) < last for time in seen)


@pytest.mark.parametrize(("kind", "chance"), [("circle", 0.35), ("help", 0.25), ("pair", 0.25), ("fan", 0.30), ("pod", 0.36)])
def test_ties_stir_as_often_as_they_should(whole: Simulation, kind: str, chance: float) -> None:
    """Weeks with an act after the first, over weeks alive after the first; an answer after midnight may fall into the next week."""
    times = pair_times(whole)
    ties = [tie for tie in whole.ties if tie.kind == kind]
    assert [tie.chance for tie in ties] == pytest.approx([chance] * len(ties))
    stirred = sum(
        len({(time - first_moment(whole)) // WEEK for time in times.get((tie.person, tie.toward), [])} - {tie.began}) for tie in ties
    )
    alive = sum(weeks_alive(tie, whole) - 1 for tie in ties)
    assert stirred / alive == pytest.approx(chance, rel=0.15)


def weeks_alive(tie: Tie, simulation: Simulation) -> int:
    return (-(-simulation.days // 7) if tie.ended is None else tie.ended) - tie.began


def test_fans_are_the_ties_alive_at_the_end_and_they_come(whole: Simulation) -> None:
    alive = Counter(tie.toward for tie in whole.ties if tie.ended is None)
    assert {truth.person: truth.fans for truth in whole.truth if truth.fans} == alive
    cut = end(whole) - 28 * DAY
    _, kept = reached_and_kept(whole, cut)
    builders = with_role(whole, "builder")
    counted = sum(len(kept[person]) for person in builders)
    expected = sum(1 - (1 - tie.chance) ** 4 for tie in whole.ties if tie.toward in builders and tie.ended is None and tie.began < 30)
    assert counted == pytest.approx(expected, rel=0.15)


def test_some_ties_have_gone_cold_of_late(whole: Simulation) -> None:
    weeks = -(-whole.days // 7)
    cold = [tie for tie in whole.ties if tie.kind == "circle" and tie.ended is not None and 4 <= weeks - tie.ended <= 10]
    assert len([tie for tie in cold if weeks_alive(tie, whole) >= 8]) >= 10
    dead = [tie for tie in whole.ties if tie.kind in ("circle", "pair", "help") and tie.ended is not None]
    assert 0.2 < len(dead) / len(whole.ties) < 0.6


def test_strangers_meet_once(whole: Simulation) -> None:
    people = truths(whole)
    tied = {(tie.person, tie.toward) for tie in whole.ties}
    for (actor, target), times in pair_times(whole).items():
        if (actor, target) not in tied and people[target].role != "broadcaster":
            assert times[-1] - times[0] < 7 * DAY
    noticed = Counter(pair for pair in attention_pairs(whole) if people[pair[1]].role == "broadcaster" and pair not in tied)
    assert set(noticed.values()) == {1, 2}


def waiting(simulation: Simulation) -> list[str]:
    """The same question asked the slow way: which opening asks of the last 28 days no other person answered in their thread."""
    since = end(simulation) - 28 * DAY
    mentioned = {act.item for act in simulation.acts if act.kind == "mention"}
    posts = [act for act in simulation.acts if act.kind == "post" and when(act) >= since]
    asks = [act for act in posts if "?" in (act.text or "") or act.item in mentioned]
    replies = [act for act in simulation.acts if act.kind == "reply" and when(act) >= since]
    answers = [(reply.thread, reply.actor) for reply in replies]
    return [ask.item for ask in asks if ask.item and not any(thread == ask.item and actor != ask.actor for thread, actor in answers)]


def test_some_asks_wait(whole: Simulation) -> None:
    assert list(whole.unanswered) == waiting(whole)
    posts = {act.item: act for act in whole.acts if act.kind == "post"}
    lately = [posts[item] for item in whole.unanswered if when(posts[item]) >= end(whole) - 21 * DAY]
    assert 5 <= len(lately) <= 60
    assert {truths(whole)[act.actor].role for act in lately} >= {"newcomer", "ordinary"}
    assert any(act.item in whole.unanswered for act in whole.acts if act.kind == "mention")


def test_a_few_acts_are_toward_oneself(whole: Simulation) -> None:
    own = [act for act in whole.acts if act.actor == act.target]
    assert {act.kind for act in own} == {"reply"}
    assert 0.001 < len(own) / len(whole.acts) < 0.02


def test_days_and_weeks_have_their_rhythm(whole: Simulation) -> None:
    moments = [datetime.fromtimestamp(when(act) // 1_000_000, UTC) for act in whole.acts if act.kind == "post"]
    hours, weekdays = Counter(moment.hour for moment in moments), Counter(moment.weekday() for moment in moments)
    assert sum(hours[hour] for hour in range(1, 5)) < sum(hours[hour] for hour in range(9, 13)) / 4
    assert max(weekdays[5], weekdays[6]) < min(weekdays[day] for day in range(4)) / 2


def test_threads_go_deep_and_channels_differ(whole: Simulation) -> None:
    depth: dict[str | None, int] = {None: -1}
    for act in whole.acts:
        if act.kind in ("post", "reply", "share"):
            depth[act.item] = depth[act.parent] + 1
    assert max(depth.values()) >= 4
    assert {act.channel for act in whole.acts if act.channel} == {
        "announcements",
        "help",
        "introductions",
        "letterpress",
        "random",
        "show-and-tell",
    }


def test_words_are_sound(whole: Simulation) -> None:
    texts = [act.text for act in whole.acts if act.text is not None]
    assert not [text for text in texts if "{" in text or not text.strip()]
    assert {host for text in texts for host in re.findall(r"https?://([^/\s]+)", text)} == {"example.org"}
    assert all(act.text and act.lang == "en" for act in whole.acts if act.kind in ("post", "reply"))
    assert not [act for act in whole.acts if act.kind == "reply" and "?" in (act.text or "")]


def test_names_exercise_the_scripts(whole: Simulation) -> None:
    names = [account.name or "" for account in whole.accounts]
    assert len(set(names)) == len(names)
    letters = {unicodedata.bidirectional(letter) for name in names for letter in name}
    assert {"L", "R", "AL"} <= letters
    assert any("CJK" in unicodedata.name(letter, "") for name in names for letter in name)
    assert "\n".join(names).encode().decode() == "\n".join(names)


def test_dice_are_those_of_numpy() -> None:
    """`Generator.random` takes the same bits today; here they are promised."""
    import numpy as np

    expected = np.random.Generator(np.random.PCG64(11)).random(10_000).tolist()
    dice = Dice(11)
    assert [dice.uniform() for _ in range(10_000)] == expected


@given(seed=st.integers(0, 2**32), count=st.integers(0, 12))
def test_few_are_different_ones(seed: int, count: int) -> None:
    found = Dice(seed).few(range(10), count)
    assert len(found) == len(set(found)) == min(count, 10)
    assert set(found) <= set(range(10))


def test_waits_are_at_the_median_what_is_usual() -> None:
    dice = Dice(5)
    waits = sorted(dice.wait(HOUR) for _ in range(4_001))
    assert waits[2_000] == pytest.approx(HOUR, rel=0.1)
    assert waits[0] >= 20_000_000
    assert waits[-1] <= 12 * HOUR
    assert all(low <= high for low, high in pairwise(waits))
