"""The side of numbers: those who hunt for reach, and the innocents who look like them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from regard.simulate import words
from regard.simulate.recorder import Message
from regard.simulate.rng import DAY, HOUR, MINUTE
from regard.simulate.roles import Person
from regard.simulate.ties import POD_ANSWERS, POD_POSTS, SHARES_OF_SHARE, SHARES_OF_TOP
from regard.simulate.words import say
from regard.simulate.world import HELP, NEWS, NICHE, RANDOM, SHOW, World

NOTICED_WAIT = 3 * HOUR
GAIN = 5
"""New people a week who notice a broadcaster."""
LARGEST_REACH = 0.65
"""The share of all people whom one broadcaster reaches at most."""
AGAIN = 0.12
"""Of those, how many notice a second time, within three months."""
PLACES: Final = (SHOW, RANDOM, HELP, NICHE)


def broadcasts(world: World) -> None:
    """Five posts a week; each week other people notice, once; nobody is ever answered."""
    fans = {(person.id, week): some for person, week, some in world.meetings("fan")}
    for person in world.people.of("broadcaster"):
        again: dict[int, list[Person]] = {}
        reached = 0
        for week in range(world.weeks):
            posts = [_headline(world, person, week) for _ in range(world.dice.between(4, 6))]
            new = _strangers(world, person, week, min(GAIN, int(LARGEST_REACH * len(world.people.everyone)) - reached))
            reached += len(new)
            for other in [*new, *again.pop(week, []), *fans.get((person.id, week), [])]:
                _notice(world, other, world.dice.pick(posts))
            for other in new:
                if world.dice.chance(AGAIN):
                    again.setdefault(week + 1 + world.dice.below(12), []).append(other)


def follow_churn(world: World) -> None:
    """Broadcasters follow people whom they never answer, and drop most of them some weeks later; some of these had followed back."""
    for person in world.people.of("broadcaster"):
        others = iter(world.dice.few(world.people.crowd, 2 * world.weeks))
        for week in range(world.weeks):
            for other in (next(others, None), next(others, None)):
                if other is not None and other.since <= week:
                    _try_out(world, person, other, world.journal.moment(person, week))


def news(world: World) -> None:
    """An announcer posts once a week, some react; a bot posts a digest, nobody does."""
    for week in range(world.weeks):
        for person in world.people.of("announcer"):
            post = world.begin(person, week, NEWS, say(world.dice, words.NOTICES, f"{words.HOST}/news/{week + 1}"))
            for other in _strangers(world, person, week, 3):
                world.journal.react(other, post, "thumbsup", world.dice.wait(NOTICED_WAIT))
        for bot in world.people.of("bot"):
            world.begin(bot, week, NEWS, say(world.dice, words.DIGESTS, f"{words.HOST}/digest/{week + 1}"))


def pods(world: World) -> None:
    """Each member posts every other week, and nearly all others praise it within four minutes."""
    for members in world.people.pods():
        for week in range(world.weeks):
            for author in _some(world, members, week, POD_POSTS):
                post = _headline(world, author, week)
                for other in _some(world, members, week, POD_ANSWERS):
                    if other is not author:
                        _praise(world, other, post)


def recruiting(world: World) -> None:
    """Recruits join and follow the one above; the weekly offer of the one on top is shared down the tree, share upon share."""
    below: dict[str, list[Person]] = {}
    for person in world.people.everyone:
        if person.upline is not None:
            below.setdefault(person.upline, []).append(person)
            _recruited(world, person, world.people.known[person.upline])
    for top in world.people.of("recruiter"):
        for week in range(world.weeks if top.upline is None else 0):
            offer = world.begin(top, week, RANDOM, say(world.dice, words.PITCHES, f"{words.HOST}/join/{top.id}"))
            for middle in _some(world, below.get(top.id, []), week, SHARES_OF_TOP):
                passed = world.journal.share(middle, offer, world.dice.wait(NOTICED_WAIT))
                for recruit in _some(world, below.get(middle.id, []), week, SHARES_OF_SHARE):
                    world.journal.share(recruit, passed, world.dice.wait(NOTICED_WAIT))


def offers(world: World, talks: Sequence[Message]) -> None:
    """Recruiters break into the talks of people whom they do not know; nobody answers."""
    for person in world.people.of("recruiter"):
        for talk in world.dice.few(talks, world.weeks // 2):
            author = world.people.known[talk.author]
            week = (talk.time - world.journal.start) // (7 * DAY)
            if person.since <= week and world.people.first_meeting(person, author):
                text = say(world.dice, words.PITCHES, f"{words.HOST}/join/{person.id}")
                world.journal.reply(person, talk, text, world.dice.wait(NOTICED_WAIT))


def repeaters(world: World) -> None:
    """The same link three times a week, in turn in all channels."""
    for person in world.people.of("repeater"):
        for turn in range(3 * world.weeks):
            text = f"{say(world.dice, words.REPEATS)} {person.link}"
            world.begin(person, turn // 3, PLACES[turn % len(PLACES)], text)


def _headline(world: World, person: Person, week: int) -> Message | None:
    link = f"{words.HOST}/{person.id}/{world.dice.between(100, 999)}"
    return world.begin(person, week, world.dice.pick((SHOW, RANDOM)), say(world.dice, words.HEADLINES, link))


def _strangers(world: World, person: Person, week: int, count: int) -> list[Person]:
    found = (world.stranger(person, week) for _ in range(count))
    return [other for other in found if other is not None]


def _notice(world: World, other: Person, post: Message | None) -> None:
    how, after = world.dice.uniform(), world.dice.wait(NOTICED_WAIT)
    if how < 0.6:
        world.journal.react(other, post, world.dice.pick(("heart", "fire", "thumbsup")), after)
    elif how < 0.8:
        world.journal.share(other, post, after)
    else:
        world.journal.reply(other, post, say(world.dice, words.PRAISE), after)


def _try_out(world: World, person: Person, other: Person, time: int) -> None:
    dice, toward = world.dice, world.journal.toward
    toward(person, "follow", other, time)
    if other.role != "newcomer" and dice.chance(0.2):  # a newcomer may follow already, by the starter pack
        toward(other, "follow", person, time + dice.wait(NOTICED_WAIT))
    if dice.chance(0.7):
        toward(person, "unfollow", other, time + dice.between(10, 25) * DAY)


def _praise(world: World, other: Person, post: Message | None) -> None:
    after = world.dice.soon(4 * MINUTE)
    if world.dice.chance(0.5):
        world.journal.reply(other, post, say(world.dice, words.PRAISE), after)
    else:
        world.journal.react(other, post, "fire", after)


def _recruited(world: World, person: Person, upline: Person) -> None:
    time = world.journal.moment_of_day(person, person.arrived)
    world.journal.toward(person, "join", upline, time)
    world.journal.toward(person, "follow", upline, time + 5 * MINUTE)


def _some(world: World, persons: Sequence[Person], week: int, chance: float) -> list[Person]:
    return [person for person in persons if person.since <= week and world.dice.chance(chance)]
