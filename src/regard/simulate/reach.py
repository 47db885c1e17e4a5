"""The side of numbers: people who hunt for reach, and innocent people who look like them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from regard.simulate import words
from regard.simulate.recorder import Message
from regard.simulate.rng import DAY, HOUR, MINUTE
from regard.simulate.roles import Person
from regard.simulate.ties import POD_ANSWERS, POD_POSTS, SHARES_OF_SHARE, SHARES_OF_TOP
from regard.simulate.words import random_sentence
from regard.simulate.world import HELP, NEWS, NICHE, RANDOM, SHOW, World

NOTICE_DELAY = 3 * HOUR
"""The median time until somebody notices a post."""
NEW_NOTICERS = 5
"""New people a week who notice a broadcaster."""
LARGEST_REACH = 0.65
"""The largest share of all people whom one broadcaster reaches."""
NOTICES_TWICE = 0.12
"""The share of these people who notice a second time, within three months."""
CHANNELS: Final = (SHOW, RANDOM, HELP, NICHE)


def play_broadcasts(world: World) -> None:
    """Broadcasters post five times a week. Each week other people notice, once. A broadcaster never answers."""
    fans = {(person.id, week): guests for person, week, guests in world.meetings("fan")}
    for person in world.people.with_role("broadcaster"):
        second_notices: dict[int, list[Person]] = {}
        reached = 0
        for week in range(world.weeks):
            posts = [_post_headline(world, person, week) for _ in range(world.rng.integer_between(4, 6))]
            new = _meet_strangers(world, person, week, min(NEW_NOTICERS, int(LARGEST_REACH * len(world.people.everyone)) - reached))
            reached += len(new)
            for other in [*new, *second_notices.pop(week, []), *fans.get((person.id, week), [])]:
                _notice(world, other, world.rng.choice(posts))
            for other in new:
                if world.rng.bernoulli(NOTICES_TWICE):
                    second_notices.setdefault(week + 1 + world.rng.integer_below(12), []).append(other)


def play_follow_churn(world: World) -> None:
    """Broadcasters follow people whom they never answer, and drop most of them some weeks later. Some of these had followed back."""
    for person in world.people.with_role("broadcaster"):
        others = iter(world.rng.sample(world.people.crowd, 2 * world.weeks))
        for week in range(world.weeks):
            for other in (next(others, None), next(others, None)):
                if other is not None and other.first_full_week <= week:
                    _follow_for_a_while(world, person, other, world.recorder.random_time(person, week))


def play_news(world: World) -> None:
    """An announcer posts once a week, and some people react. A bot posts a digest, and nobody reacts."""
    for week in range(world.weeks):
        for person in world.people.with_role("announcer"):
            post = world.open_thread(person, week, NEWS, random_sentence(world.rng, words.NOTICES, f"{words.HOST}/news/{week + 1}"))
            for other in _meet_strangers(world, person, week, 3):
                world.recorder.react(other, post, "thumbsup", world.rng.reply_delay(NOTICE_DELAY))
        for bot in world.people.with_role("bot"):
            world.open_thread(bot, week, NEWS, random_sentence(world.rng, words.DIGESTS, f"{words.HOST}/digest/{week + 1}"))


def play_pods(world: World) -> None:
    """Each member of a pod posts every other week, and nearly all other members praise the post within four minutes."""
    for members in world.people.pods():
        for week in range(world.weeks):
            for author in _some_present(world, members, week, POD_POSTS):
                post = _post_headline(world, author, week)
                for other in _some_present(world, members, week, POD_ANSWERS):
                    if other is not author:
                        _praise(world, other, post)


def play_recruiting(world: World) -> None:
    """Recruits join and follow the recruiter above. The weekly offer of the top recruiter is shared down the tree, share upon share."""
    below: dict[str, list[Person]] = {}
    for person in world.people.everyone:
        if person.upline is not None:
            below.setdefault(person.upline, []).append(person)
            _join_below(world, person, world.people.by_id[person.upline])
    for top in world.people.with_role("recruiter"):
        for week in range(world.weeks if top.upline is None else 0):
            offer = world.open_thread(top, week, RANDOM, random_sentence(world.rng, words.PITCHES, f"{words.HOST}/join/{top.id}"))
            for middle in _some_present(world, below.get(top.id, []), week, SHARES_OF_TOP):
                share = world.recorder.share(middle, offer, world.rng.reply_delay(NOTICE_DELAY))
                for recruit in _some_present(world, below.get(middle.id, []), week, SHARES_OF_SHARE):
                    world.recorder.share(recruit, share, world.rng.reply_delay(NOTICE_DELAY))


def play_offers(world: World, talks: Sequence[Message]) -> None:
    """Recruiters break into the talks of people whom they don't know, and nobody answers."""
    for person in world.people.with_role("recruiter"):
        for talk in world.rng.sample(talks, world.weeks // 2):
            author = world.people.by_id[talk.author]
            week = (talk.time - world.recorder.start) // (7 * DAY)
            if person.first_full_week <= week and world.people.meet_first_time(person, author):
                text = random_sentence(world.rng, words.PITCHES, f"{words.HOST}/join/{person.id}")
                world.recorder.reply(person, talk, text, world.rng.reply_delay(NOTICE_DELAY))


def play_repeaters(world: World) -> None:
    """Repeaters post the same link three times a week, in all channels by turns."""
    for person in world.people.with_role("repeater"):
        for turn in range(3 * world.weeks):
            text = f"{random_sentence(world.rng, words.REPEATS)} {person.link}"
            world.open_thread(person, turn // 3, CHANNELS[turn % len(CHANNELS)], text)


def _post_headline(world: World, person: Person, week: int) -> Message | None:
    link = f"{words.HOST}/{person.id}/{world.rng.integer_between(100, 999)}"
    channel = world.rng.choice((SHOW, RANDOM))
    return world.open_thread(person, week, channel, random_sentence(world.rng, words.HEADLINES, link))


def _meet_strangers(world: World, person: Person, week: int, count: int) -> list[Person]:
    strangers = (world.meet_stranger(person, week) for _ in range(count))
    return [other for other in strangers if other is not None]


def _notice(world: World, other: Person, post: Message | None) -> None:
    kind, delay = world.rng.uniform(), world.rng.reply_delay(NOTICE_DELAY)
    if kind < 0.6:
        world.recorder.react(other, post, world.rng.choice(("heart", "fire", "thumbsup")), delay)
    elif kind < 0.8:
        world.recorder.share(other, post, delay)
    else:
        world.recorder.reply(other, post, random_sentence(world.rng, words.PRAISE), delay)


def _follow_for_a_while(world: World, person: Person, other: Person, time: int) -> None:
    rng, act = world.rng, world.recorder.act_without_item
    act(person, "follow", other, time)
    if other.role != "newcomer" and rng.bernoulli(0.2):  # a newcomer may follow already, because of the starter pack
        act(other, "follow", person, time + rng.reply_delay(NOTICE_DELAY))
    if rng.bernoulli(0.7):
        act(person, "unfollow", other, time + rng.integer_between(10, 25) * DAY)


def _praise(world: World, other: Person, post: Message | None) -> None:
    delay = world.rng.short_delay(4 * MINUTE)
    if world.rng.bernoulli(0.5):
        world.recorder.reply(other, post, random_sentence(world.rng, words.PRAISE), delay)
    else:
        world.recorder.react(other, post, "fire", delay)


def _join_below(world: World, person: Person, upline: Person) -> None:
    time = world.recorder.random_time_of_day(person, person.arrived)
    world.recorder.act_without_item(person, "join", upline, time)
    world.recorder.act_without_item(person, "follow", upline, time + 5 * MINUTE)


def _some_present(world: World, persons: Sequence[Person], week: int, chance: float) -> list[Person]:
    return [person for person in persons if person.first_full_week <= week and world.rng.bernoulli(chance)]
