"""The side of relationships: circles, pairs, help, questions, and newcomers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from regard.simulate import words
from regard.simulate.recorder import Message
from regard.simulate.rng import DAY, HOUR, MINUTE, SECOND
from regard.simulate.roles import Person
from regard.simulate.words import random_sentence
from regard.simulate.world import HELP, INTRODUCTIONS, NICHE, RANDOM, SHOW, World

HOME_CHANNELS: Final = (SHOW, RANDOM, SHOW, RANDOM, NICHE)
"""The channels in which builders talk, by turns. One in five lives in the niche."""
WARM_EMOJI: Final = ("heart", "tada", "thumbsup", "pray")

TALK_DELAY = 25 * MINUTE
HELP_DELAY = 50 * MINUTE
"""The median time to an answer."""
GOES_ON = 0.05
"""An author's chance to go on in the own thread, which is an act toward oneself."""
VISITED = 0.05
"""The chance that a stranger drops in on a talk of a circle."""
QUESTION_CHANCE, SHOW_CHANCE = 0.05, 0.03
"""Anybody's chance, in a week, to ask a question or to show something outside of the own ties."""
ANSWER_CHANCE, NEWCOMER_ANSWER_CHANCE = 0.8, 0.5
"""A question's chance of an answer."""


def play_circles(world: World) -> list[Message]:
    """Builders talk with those of their circle who are active in the week, up to four in a thread. Sometimes a stranger drops in, once.

    Gives the first messages of these threads.
    """
    roots = []
    channels = {person.id: HOME_CHANNELS[index % len(HOME_CHANNELS)] for index, person in enumerate(world.people.with_role("builder"))}
    for host, week, guests in world.meetings("circle"):
        while guests:
            size = 1 + world.rng.integer_below(4)
            visitor = world.meet_stranger(host, week) if world.rng.bernoulli(VISITED) else None
            table = [*guests[:size], *([] if visitor is None else [visitor])]
            roots.append(_talk(world, host, table, week, channels[host.id]))
            guests = guests[size:]
    return [root for root in roots if root is not None]


def play_pairs(world: World) -> None:
    """Two people who like to talk do so."""
    for host, week, guests in world.meetings("pair"):
        for guest in guests:
            _talk(world, host, [guest], week, world.rng.choice((SHOW, RANDOM)))


def play_helpers(world: World) -> None:
    """People whom a helper once helped ask again, get an answer, and give thanks."""
    for helper, week, askers in world.meetings("help"):
        for asker in askers:
            called = [helper] if world.rng.bernoulli(0.3) else []
            question = world.open_thread(asker, week, HELP, random_sentence(world.rng, words.QUESTIONS), called)
            answer = world.recorder.reply(helper, question, _advice(world, helper), world.rng.reply_delay(HELP_DELAY))
            _give_thanks(world, asker, answer)


def play_everyday(world: World) -> None:
    """People ask everybody a question, or show everybody something. What happens between strangers happens once."""
    for week in range(world.weeks):
        for person in world.people.crowd:
            if person.first_full_week <= week and person.role != "newcomer" and world.rng.bernoulli(QUESTION_CHANCE):
                _ask_question(world, person, week, ANSWER_CHANCE)
            if person.first_full_week <= week and world.rng.bernoulli(SHOW_CHANCE):
                _show_something(world, person, week)


def play_newcomers(world: World) -> None:
    """Newcomers join, follow dozens of people within the hour, introduce themselves, and ask. Half of their questions stay unanswered."""
    for person in world.people.with_role("newcomer"):
        _arrive(world, person)
        for week in range(person.first_full_week, min(person.first_full_week + 5, world.weeks)):
            if world.rng.bernoulli(0.6):
                _ask_question(world, person, week, NEWCOMER_ANSWER_CHANCE)


def _talk(world: World, host: Person, guests: Sequence[Person], week: int, channel: str) -> Message | None:
    """One thread, in which the host and each guest answer each other. Guests don't answer guests, as each has a tie with the host only."""
    rng, reply = world.rng, world.recorder.reply
    opener = host if rng.bernoulli(0.5) else guests[0]
    called = [guests[0]] if opener is host and rng.bernoulli(0.1) else []
    root = world.open_thread(opener, week, channel, random_sentence(rng, words.QUESTIONS if rng.bernoulli(0.3) else words.STORIES), called)
    start = root if opener is host else reply(host, root, random_sentence(rng, words.REMARKS), rng.reply_delay(TALK_DELAY))
    for guest in guests:
        _exchange(world, host, guest, start)
    _maybe_go_on(world, opener, root)
    return root


def _exchange(world: World, host: Person, guest: Person, start: Message | None) -> None:
    rng, reply = world.rng, world.recorder.reply
    remark = reply(guest, start, random_sentence(rng, words.REMARKS), rng.reply_delay(TALK_DELAY))
    back = reply(host, remark, random_sentence(rng, words.REMARKS), rng.reply_delay(TALK_DELAY))
    if rng.bernoulli(0.2):
        reply(guest, back, random_sentence(rng, words.REMARKS), rng.reply_delay(TALK_DELAY))
    if rng.bernoulli(0.2):
        world.recorder.react(guest, back, rng.choice(WARM_EMOJI), rng.reply_delay(TALK_DELAY))


def _ask_question(world: World, person: Person, week: int, answer_chance: float) -> None:
    rng = world.rng
    named = world.meet_stranger(person, week, world.people.with_role("helper", "builder")) if rng.bernoulli(0.2) else None
    question = world.open_thread(person, week, HELP, random_sentence(rng, words.QUESTIONS), [] if named is None else [named])
    _maybe_go_on(world, person, question)
    if rng.bernoulli(answer_chance):
        for helper in _answerers(world, person, week, named):
            answer = world.recorder.reply(helper, question, _advice(world, helper), rng.reply_delay(HELP_DELAY))
            if rng.bernoulli(0.6):
                _give_thanks(world, person, answer)


def _answerers(world: World, person: Person, week: int, named: Person | None) -> list[Person]:
    """The person whom the question names, or a helper, or anybody; sometimes a second person."""
    helpers = world.people.with_role("helper") if world.rng.bernoulli(0.4) else None
    first = named or world.meet_stranger(person, week, helpers) or world.meet_stranger(person, week)
    second = world.meet_stranger(person, week) if world.rng.bernoulli(0.25) else None
    return [helper for helper in (first, second) if helper is not None]


def _advice(world: World, helper: Person) -> str:
    advice = random_sentence(world.rng, words.ADVICE)
    return f"{advice} All steps are here: {helper.link}" if helper.link is not None else advice


def _give_thanks(world: World, asker: Person, answer: Message | None) -> None:
    rng, recorder = world.rng, world.recorder
    if rng.bernoulli(0.6):
        recorder.thank(asker, answer, rng.reply_delay(HELP_DELAY))
    else:
        recorder.reply(asker, answer, random_sentence(rng, words.THANKS), rng.reply_delay(HELP_DELAY))
    if rng.bernoulli(0.3):
        recorder.react(asker, answer, "pray", rng.reply_delay(HELP_DELAY))


def _show_something(world: World, person: Person, week: int) -> None:
    post = world.open_thread(person, week, SHOW, random_sentence(world.rng, words.STORIES))
    for _ in range(world.rng.integer_below(3)):
        visitor = world.meet_stranger(person, week)
        if visitor is not None:
            world.recorder.react(visitor, post, world.rng.choice(WARM_EMOJI), world.rng.reply_delay(HELP_DELAY))


def _maybe_go_on(world: World, author: Person, root: Message | None) -> None:
    if world.rng.bernoulli(GOES_ON):
        world.recorder.reply(author, root, random_sentence(world.rng, words.MORE), world.rng.reply_delay(TALK_DELAY))


def _arrive(world: World, person: Person) -> None:
    rng, recorder = world.rng, world.recorder
    time = recorder.random_time_of_day(person, person.arrived)
    recorder.act_without_item(person, "join", None, time)
    for index, other in enumerate(rng.sample(world.people.settled, rng.integer_between(20, 45))):
        recorder.act_without_item(person, "follow", other, time + (index + 1) * 40 * SECOND)
    hello = recorder.post(person, time + HOUR // 2, INTRODUCTIONS, random_sentence(rng, words.ARRIVALS))
    for bot in world.people.with_role("bot"):
        recorder.reply(bot, hello, random_sentence(rng, words.WELCOMES), 30 * SECOND)
    for _ in range(rng.integer_below(4)):
        host = world.meet_stranger(person, person.arrived // 7)
        if host is not None:
            recorder.reply(host, hello, random_sentence(rng, words.WELCOMES), rng.reply_delay(DAY // 8))
