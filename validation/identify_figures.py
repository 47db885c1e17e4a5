"""Part of `identify.py`: who left, judged by the figures of closed quarters, with everything else known."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from math import hypot, inf, log
from statistics import NormalDist
from typing import NamedTuple

from regard.engines.base import Step
from regard.findings.figures import Part, Quarter
from regard.findings.intervals import Z
from regard.findings.publication import NOISE, close, noise
from regard.findings.quarter_counts import SMALLEST_GROUP, Count, QuarterCounts, count_quarters
from regard.record.ingest import InputInfo
from regard.record.record import Record
from regard.simulate.community import Simulation, simulate
from regard.studies.study import Study

WITHOUT = {
    "interactions": "SELECT * FROM all_interactions WHERE time < make_timestamp($since) OR (actor <> $person AND target <> $person)",
    "posts": "SELECT * FROM all_posts WHERE time < make_timestamp($since) OR actor <> $person",
}
"""The base relations, if a person left at some moment: neither they act since, nor anybody toward them."""


class Cell(NamedTuple):
    """One count of one quarter."""

    start: date
    part: Part
    name: str


class World(NamedTuple):
    """What could be true of the last quarters."""

    counts: Mapping[Cell, int]
    talk_noise: Mapping[date, int]
    carried: Mapping[date, int]


Likelihood = Callable[[World], float]
"""The logarithm of how likely what the colleague sees is, if a world is the true one."""


class Worlds(NamedTuple):
    """The last quarters as they are, and without each person."""

    everybody: World
    without: dict[int, World]

    @property
    def cells(self) -> list[Cell]:
        """All cells of all worlds."""
        return sorted({cell for world in (self.everybody, *self.without.values()) for cell in world.counts})


class Person(NamedTuple):
    """A person who acted in the record."""

    person: int


def worlds_of(study: Study, quarters: int = 1) -> Worlds:
    """The last closed quarters, and the same if one person had left at the beginning of the first of them, for each person."""
    engine = study.engine
    everybody = count_quarters(engine)
    starts = [*everybody][-quarters:]
    since = engine.scalar(int, f"SELECT epoch_us(CAST('{starts[0]}' AS TIMESTAMP))")
    people = engine.fetch(
        Person, "SELECT DISTINCT actor FROM (SELECT actor FROM interactions UNION ALL SELECT actor FROM posts) ORDER BY 1"
    )
    for name in WITHOUT:
        engine.run(Step(f"all_{name}", f"SELECT * FROM {name}"), {})
    without = {}
    for (person,) in people:
        for name, sql in WITHOUT.items():
            engine.drop(name)
            engine.run(Step(name, sql), {"person": person, "since": since})
        without[person] = _world(count_quarters(engine), starts)
    return Worlds(_world(everybody, starts), without)


def _world(counted: Mapping[date, QuarterCounts], starts: Sequence[date]) -> World:
    """The world of these counts. The noise of talk is found as `publish` finds it: from quarter to quarter, never less."""
    talk_noise, least = dict[date, int](), 1
    for start, counts in counted.items():
        least = talk_noise[start] = close(start, counts, least, "").talk_noise
    cells = {Cell(start, row.part, row.cell): row.people for start in starts for row in counted[start].cells}
    return World(cells, talk_noise, {start: counted[start].carried for start in starts})


def published(world: World, secret: str) -> dict[date, Quarter]:
    """The quarters as Regard publishes them."""
    rows: dict[date, list[Count]] = {start: [] for start in world.carried}
    for cell, people in world.counts.items():
        rows[cell.start].append(Count(*cell, people))
    return {
        start: close(start, QuarterCounts(tuple(cells), world.carried[start]), world.talk_noise[start], secret)
        for start, cells in rows.items()
    }


def times(world: World, cell: Cell) -> int:
    """How many times the usual noise a cell has."""
    return world.talk_noise[cell.start] if cell.part == "talk" else 1


def of_published(quarters: Mapping[date, Quarter], cells: Sequence[Cell]) -> Likelihood:
    """The likelihood of the figures of all cells that have a name, shown or withheld."""

    def of_cell(cell: Cell, world: World) -> float:
        people, spread = world.counts.get(cell, 0), times(world, cell) * NOISE
        figure, normal, least = quarters[cell.start].figure(cell.part, cell.name), NormalDist(people, spread), 2 * Z * spread
        if figure is None:
            return 1.0 if people < SMALLEST_GROUP else normal.cdf(least)
        fits = people >= SMALLEST_GROUP and abs(figure.high - figure.low - 2 * Z * spread) <= 20
        return normal.cdf(figure.people + 5) - normal.cdf(max(figure.people - 5, least)) if fits else 0.0

    return lambda world: sum(log(share) if (share := of_cell(cell, world)) > 0 else -inf for cell in cells)


def of_noisy(truth: World, cells: Sequence[Cell], secret: str) -> Likelihood:
    """The likelihood of the noisy counts themselves, of which all that is published is made."""
    noisy = {cell: truth.counts.get(cell, 0) + times(truth, cell) * noise(secret, *cell) for cell in cells}

    def of_cell(cell: Cell, world: World) -> float:
        spread = times(world, cell) * NOISE
        return -(((noisy[cell] - world.counts.get(cell, 0)) / spread) ** 2) / 2 - log(spread)

    return lambda world: sum(of_cell(cell, world) for cell in cells)


def of_rounded(truth: World, cells: Sequence[Cell], more: Mapping[Cell, int]) -> Likelihood:
    """The same for counts rounded to 5 and nothing else. The community has some people more, whom the colleague knows."""

    def rounded(world: World) -> list[int]:
        return [(world.counts.get(cell, 0) + more[cell]) // 5 for cell in cells]

    return lambda world: 0.0 if rounded(world) == rounded(truth) else -inf


def share_right(worlds: Worlds, tries: int, rng: random.Random, *, of_two: bool) -> dict[str, float]:
    """How often each attack is right on whether a person left or stayed, or on which of two left.

    Each pair of worlds is tried with the one and with the other as the true one, under the same secret: chance adds less to such shares
    than to those of as many tries one by one.
    """
    cells, people, right = worlds.cells, [*worlds.without], Counter[str]()
    everybody = [cell for cell in cells if cell.part == "people"][-1:]
    for _ in range(tries // 2):
        one, other = rng.sample(people, 2)
        pair = (worlds.without[one], worlds.without[other] if of_two else worlds.everybody)
        secret, more, coin = rng.randbytes(16).hex(), {cell: rng.randrange(5) for cell in cells}, rng.randrange(2)
        for turn, truth in enumerate(pair):
            attacks = {
                "as published": of_published(published(truth, secret), cells),
                "all noisy counts": of_noisy(truth, cells, secret),
                "one count, rounded to 5 and no noise": of_rounded(truth, everybody, more),
                "all counts, rounded to 5 and no noise": of_rounded(truth, cells, more),
            }
            for name, likelihood in attacks.items():
                difference = likelihood(pair[0]) - likelihood(pair[1])
                guess = int(difference < 0) if difference else coin
                right[name] += guess == turn
    return {name: number / (tries // 2 * 2) for name, number in right.items()}


def farthest(worlds: Worlds) -> float:
    """How far the counts move without one person, at most, in units of their noise."""
    truth = worlds.everybody

    def distance(world: World) -> float:
        return hypot(*((truth.counts.get(c, 0) - world.counts.get(c, 0)) / times(truth, c) / NOISE for c in worlds.cells))

    return max(map(distance, worlds.without.values()))


def attack_figures(tries: int, rng: random.Random) -> None:
    """Parts 2, 3 and 4, on communities like that of `regard demo`."""
    last = _worlds(simulate(), 1)
    _say("2. Which of two people left?", last, tries, rng, of_two=True)
    _say("3. Did this person leave, from the last quarter's report?", last, tries, rng, of_two=False)
    _say("4. The same from all reports of the year since.", _worlds(simulate(days=500), 4), tries, rng, of_two=False)


def _worlds(community: Simulation, quarters: int) -> Worlds:
    with Record.temporary() as record:
        record.append(InputInfo("demo", "made up"), community.batches())
        with Study(record) as study:
            return worlds_of(study, quarters)


def _say(title: str, worlds: Worlds, tries: int, rng: random.Random, *, of_two: bool) -> None:
    print(f"{title} {tries:,} tries; by chance .500 are right.")
    for name, share in share_right(worlds, tries, rng, of_two=of_two).items():
        print(f"   {name}: {share:.3f}")
    if not of_two:
        print(f"   No attack can be right more than {NormalDist().cdf(farthest(worlds) / 2):.3f}, on the person on whom most rests.")
