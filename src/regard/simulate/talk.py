"""The side of relationships: circles, pairs, help, asks, and newcomers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from regard.simulate import words
from regard.simulate.recorder import Message
from regard.simulate.rng import DAY, HOUR, MINUTE, SECOND
from regard.simulate.roles import Person
from regard.simulate.words import say
from regard.simulate.world import HELP, INTRODUCTIONS, NICHE, RANDOM, SHOW, World

HOMES: Final = (SHOW, RANDOM, SHOW, RANDOM, NICHE)
"""Where builders talk, by turns; one in five lives in the niche."""
WARM: Final = ("heart", "tada", "thumbsup", "pray")

TALK_WAIT = 25 * MINUTE
HELP_WAIT = 50 * MINUTE
"""Time to an answer at the median."""
GOES_ON = 0.05
"""An author's chance to go on in the own thread: an act toward oneself."""
VISITED = 0.05
"""The chance that a stranger drops in on a talk of a circle."""
ASKS, SHOWS = 0.05, 0.03
"""Anybody's chance, in a week, to ask or to show something outside of the own ties."""
ANSWERED, NEWCOMER_ANSWERED = 0.8, 0.5
"""An ask's chance of an answer."""


def circles(world: World) -> list[Message]:
    """Builders meet those of their circle who stir in the week, up to four in a thread; now and then a stranger drops in, once.

    Gives the first messages of these threads.
    """
    roots = []
    homes = {person.id: HOMES[place % len(HOMES)] for place, person in enumerate(world.people.of("builder"))}
    for host, week, guests in world.meetings("circle"):
        while guests:
            size = 1 + world.dice.below(4)
            visitor = world.stranger(host, week) if world.dice.chance(VISITED) else None
            table = [*guests[:size], *([] if visitor is None else [visitor])]
            roots.append(_talk(world, host, table, week, homes[host.id]))
            guests = guests[size:]
    return [root for root in roots if root is not None]


def pairs(world: World) -> None:
    """Two people who like to talk."""
    for host, week, guests in world.meetings("pair"):
        for guest in guests:
            _talk(world, host, [guest], week, world.dice.pick((SHOW, RANDOM)))


def clinics(world: World) -> None:
    """Those whom a helper once helped ask again, are answered, and thank."""
    for helper, week, askers in world.meetings("help"):
        for asker in askers:
            called = [helper] if world.dice.chance(0.3) else []
            ask = world.begin(asker, week, HELP, say(world.dice, words.QUESTIONS), called)
            answer = world.journal.reply(helper, ask, _advice(world, helper), world.dice.wait(HELP_WAIT))
            _gratitude(world, asker, answer)


def everyday(world: World) -> None:
    """Asks to everybody, and things shown to everybody: what happens between strangers happens once."""
    for week in range(world.weeks):
        for person in world.people.crowd:
            if person.since <= week and person.role != "newcomer" and world.dice.chance(ASKS):
                _ask(world, person, week, ANSWERED)
            if person.since <= week and world.dice.chance(SHOWS):
                _show(world, person, week)


def newcomers(world: World) -> None:
    """They join, follow dozens of people within the hour, introduce themselves, and ask; half of their asks wait."""
    for person in world.people.of("newcomer"):
        _arrival(world, person)
        for week in range(person.since, min(person.since + 5, world.weeks)):
            if world.dice.chance(0.6):
                _ask(world, person, week, NEWCOMER_ANSWERED)


def _talk(world: World, host: Person, guests: Sequence[Person], week: int, channel: str) -> Message | None:
    """One thread in which the host and each guest answer each other. Guests do not: each has a tie with the host only."""
    dice, reply = world.dice, world.journal.reply
    opener = host if dice.chance(0.5) else guests[0]
    called = [guests[0]] if opener is host and dice.chance(0.1) else []
    root = world.begin(opener, week, channel, say(dice, words.QUESTIONS if dice.chance(0.3) else words.STORIES), called)
    start = root if opener is host else reply(host, root, say(dice, words.REMARKS), dice.wait(TALK_WAIT))
    for guest in guests:
        _exchange(world, host, guest, start)
    _go_on(world, opener, root)
    return root


def _exchange(world: World, host: Person, guest: Person, start: Message | None) -> None:
    dice, reply = world.dice, world.journal.reply
    said = reply(guest, start, say(dice, words.REMARKS), dice.wait(TALK_WAIT))
    back = reply(host, said, say(dice, words.REMARKS), dice.wait(TALK_WAIT))
    if dice.chance(0.2):
        reply(guest, back, say(dice, words.REMARKS), dice.wait(TALK_WAIT))
    if dice.chance(0.2):
        world.journal.react(guest, back, dice.pick(WARM), dice.wait(TALK_WAIT))


def _ask(world: World, person: Person, week: int, answered: float) -> None:
    dice = world.dice
    named = world.stranger(person, week, world.people.of("helper", "builder")) if dice.chance(0.2) else None
    ask = world.begin(person, week, HELP, say(dice, words.QUESTIONS), [] if named is None else [named])
    _go_on(world, person, ask)
    if dice.chance(answered):
        for helper in _answerers(world, person, week, named):
            answer = world.journal.reply(helper, ask, _advice(world, helper), dice.wait(HELP_WAIT))
            if dice.chance(0.6):
                _gratitude(world, person, answer)


def _answerers(world: World, person: Person, week: int, named: Person | None) -> list[Person]:
    """The one who was named, or a helper, or anybody; sometimes one more."""
    helpers = world.people.of("helper") if world.dice.chance(0.4) else None
    first = named or world.stranger(person, week, helpers) or world.stranger(person, week)
    second = world.stranger(person, week) if world.dice.chance(0.25) else None
    return [helper for helper in (first, second) if helper is not None]


def _advice(world: World, helper: Person) -> str:
    advice = say(world.dice, words.ADVICE)
    return f"{advice} All steps are here: {helper.link}" if helper.link is not None else advice


def _gratitude(world: World, asker: Person, answer: Message | None) -> None:
    dice, journal = world.dice, world.journal
    if dice.chance(0.6):
        journal.thank(asker, answer, dice.wait(HELP_WAIT))
    else:
        journal.reply(asker, answer, say(dice, words.THANKS), dice.wait(HELP_WAIT))
    if dice.chance(0.3):
        journal.react(asker, answer, "pray", dice.wait(HELP_WAIT))


def _show(world: World, person: Person, week: int) -> None:
    shown = world.begin(person, week, SHOW, say(world.dice, words.STORIES))
    for _ in range(world.dice.below(3)):
        visitor = world.stranger(person, week)
        if visitor is not None:
            world.journal.react(visitor, shown, world.dice.pick(WARM), world.dice.wait(HELP_WAIT))


def _go_on(world: World, author: Person, root: Message | None) -> None:
    if world.dice.chance(GOES_ON):
        world.journal.reply(author, root, say(world.dice, words.MORE), world.dice.wait(TALK_WAIT))


def _arrival(world: World, person: Person) -> None:
    dice, journal = world.dice, world.journal
    time = journal.moment_of_day(person, person.arrived)
    journal.toward(person, "join", None, time)
    for place, other in enumerate(dice.few(world.people.settled, dice.between(20, 45))):
        journal.toward(person, "follow", other, time + (place + 1) * 40 * SECOND)
    hello = journal.post(person, time + HOUR // 2, INTRODUCTIONS, say(dice, words.ARRIVALS))
    for bot in world.people.of("bot"):
        journal.reply(bot, hello, say(dice, words.WELCOMES), 30 * SECOND)
    for _ in range(dice.below(4)):
        host = world.stranger(person, person.arrived // 7)
        if host is not None:
            journal.reply(host, hello, say(dice, words.WELCOMES), dice.wait(DAY // 8))
