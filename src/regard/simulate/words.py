"""The names and the sentences of the made-up people, a club that builds and mends things.

Only QUESTIONS hold a question mark, so that the text alone shows a question. Links lead to example.org, which belongs to nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from regard.simulate.rng import Rng

HOST: Final = "https://example.org"

# Lists of words fill their lines. The formatter would put each word on a line of its own.
# fmt: off
FIRST: Final = (
    "Ada", "Alice", "Amir", "Ana", "Anton", "Ben", "Bella", "Bruno", "Carla", "Carlos", "Chidi", "Clara", "Dana", "Daniel",
    "David", "Diego", "Dina", "Elena", "Eli", "Ella", "Emma", "Eva", "Farah", "Felix", "Finn", "Freya", "Gabriel", "Grace",
    "Hana", "Hugo", "Ida", "Igor", "Imani", "Ines", "Isaac", "Iris", "Ivan", "Jack", "Jana", "Joel", "Julia", "Kai", "Karim",
    "Kofi", "Lara", "Leo", "Lena", "Liam", "Lina", "Lucas", "Maya", "Marco", "Maria", "Mei", "Mila", "Mina", "Nadia", "Nina",
    "Noah", "Nora", "Olga", "Omar", "Oscar", "Paula", "Petra", "Priya", "Rami", "Rosa", "Ruth", "Sam", "Sara", "Sofia", "Tariq",
    "Theo", "Tom", "Uma", "Vera", "Victor", "Wanda", "Yara", "Yusuf", "Zara",
)
FIRST_ELSEWHERE: Final = (
    "Zoë", "José", "Søren", "Łucja", "Chloé", "Jürgen", "Åsa", "İpek", "Đorđe", "Nguyệt", "Žofie", "Ólafur", "美咲", "健太",
    "小明", "莉娜", "민준", "서연", "ليلى", "عمر", "נועה", "ליאור", "Ольга", "Δήμητρα", "प्रिया", "สมชาย",
)
SURNAME_HEADS: Final = (
    "Alver", "Brock", "Cald", "Dorran", "Elms", "Fenn", "Garrow", "Hask", "Ister", "Jorl", "Kelder", "Lorn", "Marl", "Nethe",
    "Orrin", "Pell", "Quarr", "Rand", "Sell", "Tavern",
)
SURNAME_TAILS: Final = (
    "ager", "beck", "by", "combe", "dale", "ey", "field", "garth", "holt", "inde", "kin", "low", "mere", "ness", "ock", "pley",
    "ridge", "stow", "thwaite", "under", "wick",
)
THINGS: Final = (
    "bicycle lamp", "kettle", "hand loom", "telescope mirror", "field radio", "sewing machine", "kite", "lathe",
    "camera shutter", "barometer", "pottery wheel", "rowing boat", "wall clock", "concertina", "paper press", "type case",
    "garden gate", "tool chest", "wind chime", "music box", "cargo bike", "bread oven", "book cradle", "weather vane",
)
FAULTS: Final = (
    "squeaks once it is warm", "sticks halfway", "loses pressure overnight", "drifts to the left", "hums at low speed",
    "leaks at the seam", "comes loose after a day", "refuses to start in the cold", "runs ten minutes slow", "bends under load",
    "fades in the sun", "rattles on every turn",
)
STEPS: Final = (
    "clean the contacts with a soft brush", "loosen both screws before you turn it", "let the glue rest for a night",
    "swap the washer for a felt one", "warm it slowly and try again", "sand the edge with the grain",
    "oil the pivot and not the gear", "measure it twice from the same side", "mark the old position with tape",
    "take the spring out first", "use a thinner thread", "check the seat for dust",
)
# fmt: on

QUESTIONS: Final = (
    "My {thing} {fault}. What would you try first?",
    "Has anybody seen a {thing} that {fault}?",
    "How do I stop it when a {thing} {fault}?",
    "Is it safe to {step} on a {thing}?",
    "Where do you find parts for a {thing} these days?",
)
STORIES: Final = (
    "My {thing} is done, after three weekends. The trick was to {step}.",
    "Small win today: the {thing} no longer {fault}.",
    "Notes from the bench: with a {thing}, {step}.",
    "I brought an old {thing} home. It {fault}, and I like it anyway.",
)
REMARKS: Final = (
    "Same here, mine {fault}. I had to {step}.",
    "I would {step}, then look again.",
    "That worked for my {thing} as well.",
    "Good point. Next time I will {step}.",
    "Yes, and with a {thing} you should also {step}.",
    "I remember your {thing}! Tell me how it goes.",
    "Not quite: first {step}, the rest is easy.",
    "Let us look at it together on Thursday.",
)
ADVICE: Final = (
    "If it {fault}, {step}.",
    "Two things: {step}, and write down what you changed.",
    "I have mended this one often. You want to {step}.",
    "Start simple: {step}. If it still {fault}, come back to me.",
)
THANKS: Final = (
    "Thank you, that was it.",
    "It works now, thank you!",
    "You saved my weekend, thanks.",
    "Thanks, I will try tonight and report.",
)
MORE: Final = (
    "One more thing: it only {fault} in the evening.",
    "To add to this: I did {step} already.",
    "Update: I took a photo of the {thing}.",
)
WELCOMES: Final = (
    "Welcome! Show us your {thing} when it is ready.",
    "Good to have you here.",
    "Hello and welcome, the help channel is friendly.",
)
ARRIVALS: Final = ("Hello all, I am new here and I build a {thing}.", "Hi! I came for the {thing} talk and I stay for the company.")
HEADLINES: Final = (
    "The only {thing} guide you will ever need: {link}",
    "Nine secrets of every great {thing}. Number four will surprise you: {link}",
    "Big {thing} news, do not miss this: {link}",
    "My new {thing} series is out. Like and share: {link}",
    "This one habit changed my {thing} for ever.",
)
NOTICES: Final = (
    "This week in the workshop: open bench on Friday. {link}",
    "New in the library: a plan for a {thing}. {link}",
    "The kiln is closed on Monday. {link}",
)
PRAISE: Final = ("So good!", "Love this!", "Everyone should read this.", "Brilliant as ever!", "Needed this today.")
PITCHES: Final = (
    "Join my inner circle and bring three friends: {link}",
    "My team grows each week. There is a place for you: {link}",
    "You can have what I have. Sign up under me: {link}",
)
REPEATS: Final = ("Read this:", "Still the best page on it:", "In case you missed it:")
DIGESTS: Final = ("Weekly digest: the busiest channel was help.", "Weekly digest: new threads are listed at {link}")


def random_sentence(rng: Rng, sentences: Sequence[str], link: str = HOST) -> str:
    """One of the sentences with its gaps filled.

    >>> random_sentence(Rng(1), NOTICES, "https://example.org/news/1")
    'New in the library: a plan for a book cradle. https://example.org/news/1'
    """
    return rng.choice(sentences).format(thing=rng.choice(THINGS), fault=rng.choice(FAULTS), step=rng.choice(STEPS), link=link)


def surnames(rng: Rng) -> list[str]:
    """All surnames in random order. They are invented, so that they mean no real person."""
    return rng.shuffled([head + tail for head in SURNAME_HEADS for tail in SURNAME_TAILS])


def first_name(rng: Rng, index: int) -> str:
    """A first name for the person at this index. Every ninth name has accents or another script, by turns, as a test of the surfaces."""
    return rng.choice(FIRST) if index % 9 else FIRST_ELSEWHERE[index // 9 % len(FIRST_ELSEWHERE)]
