"""Exercises on places in a text and pieces of it."""

from __future__ import annotations

from random import Random
from typing import Any

from coursewright.generator.bank.promise import Promise
from coursewright.generator.bank.written import family

LONG = (
    "strawberries", "thunderstorm", "grandchildren", "neighbourhood", "butterscotch",
    "peppermint tea", "a rainy morning", "the last train", "happy birthday",
)  # fmt: skip
WORDS = ("apple", "bridge", "candle", "dragon", "forest", "hammer", "island", "ladder", "tiger")
SCREENS = (
    {"where": "A phone", "what": "message", "mark": "..."},
    {"where": "A sign at the station", "what": "name of a stop", "mark": "~"},
    {"where": "A music player", "what": "title of a song", "mark": ".."},
    {"where": "A small label printer", "what": "text", "mark": "+"},
)


def shorten(random: Random) -> dict[str, Any]:
    size = random.randint(6, 9)
    long = random.choice(LONG)
    values = random.choice(SCREENS) | {"n": size, "long": long, "fits": long[:size]}
    values |= {"more": long[: size + 1], "less": long[: size - 1], "last": long[-size:]}
    return values


SHORTEN = family(
    shorten,
    key="shorten",
    title="Cutting a long text",
    idea="Cut a text that is too long and mark it.",
    concepts=["slicing"],
    difficulty="easy",
    statement="""
        $where has room for only $n characters of a $what. A longer text has to be cut. Then
        its first $n characters are shown, and right after them the mark `"$mark"`, so that
        people see that something is missing. Write a function that takes a text and returns
        what is shown.
    """,
    promises=[
        Promise(
            says="A text of up to $n characters stays as it is",
            shown='shorten("$fits")',
            wrong=("len(text) <= $n", "len(text) < $n"),
            because="exactly $n characters still fit",
            hidden=('shorten("")', 'shorten("$less")', 'shorten("a b")', 'shorten("$last")'),
        ),
        Promise(
            says='A longer text is cut after $n characters and gets `"$mark"`',
            shown='shorten("$long")',
            wrong=("text[:$n]", "text[:$n - 1]"),
            because="$n characters, then the mark",
            hidden=('shorten("$more")', 'shorten("$long$long")', 'shorten("A $long")'),
        ),
    ],
    reference='''
        def shorten(text):
            """Return a text as it is shown, cut if it is too long."""
            if len(text) <= $n:
                return text
            return text[:$n] + "$mark"
    ''',
    second="""
        def shorten(text):
            rest = text[$n:]
            if rest == "":
                return text
            return text.removesuffix(rest) + "$mark"
    """,
    inputs="(''.join(random.choices('abc xyz', k=random.randint(0, $n + 4))),)",
    hints=[
        "`len` tells how long a text is. In which case is there nothing to do?",
        "A slice that begins with a colon takes the first characters of a text.",
        "If it is too long, return `text[:$n]` with the mark added by `+`.",
    ],
)


TURNS = (
    {"sign": ",", "who": "A school has names such as", "sample": "Baker,Lily",
     "result": "Lily Baker", "good": "the first name in front"},
    {"sign": "/", "who": "An old list of songs has lines such as", "sample": "Yesterday/Beatles",
     "result": "Beatles Yesterday", "good": "the band in front"},
    {"sign": ":", "who": "A cook book has lines such as", "sample": "soup:tomato",
     "result": "tomato soup", "good": "the main thing in front"},
    {"sign": ";", "who": "A map has entries such as", "sample": "Lake;Blue",
     "result": "Blue Lake", "good": "the second word in front"},
)  # fmt: skip


def turn_round(random: Random) -> dict[str, Any]:
    first, second, third = random.sample(WORDS, 3)
    return random.choice(TURNS) | {"a": first, "b": second, "c": third}


TURN_ROUND = family(
    turn_round,
    key="turn-round",
    title="The other way round",
    idea="Put the part after a sign in front.",
    concepts=["slicing", "searching"],
    difficulty="medium",
    statement="""
        $who `"$sample"`. You want to read `"$result"`, with $good. Write a function that takes
        such a text. It puts what stands after the sign `"$sign"` first, then a space, then
        what stands before the sign. The sign itself is left out. If the sign is there more
        than once, only the first one counts. Some entries do not have the sign at all.
    """,
    promises=[
        Promise(
            says="What stands after the first sign comes first, and then what stands before it",
            shown='turn_round("$a$sign$b")',
            wrong=("{after} {before}", "{after[:1]} {before}"),
            because="the second part, a space, the first part",
            hidden=(
                'turn_round("$b$sign$c")',
                'turn_round("$a$sign$b$sign$c")',
                'turn_round("$a $b$sign$c")',
            ),
        ),
        Promise(
            says="A text without the sign stays as it is",
            shown='turn_round("$c")',
            wrong=("return text", "return text[:1]"),
            because="there is nothing to turn round",
            hidden=('turn_round("$a $b")', 'turn_round("$a-$b")', 'turn_round("")'),
        ),
    ],
    reference='''
        def turn_round(text):
            """Return the part after the sign, then the part before it."""
            place = text.find("$sign")
            if place == -1:
                return text
            before = text[:place]
            after = text[place + 1:]
            return f"{after} {before}"
    ''',
    second="""
        def turn_round(text):
            before, sign, after = text.partition("$sign")
            return after + " " + before if sign else text
    """,
    inputs="(''.join(random.choices('ab $sign', k=random.randint(0, 7))),)",
    hints=[
        "First find out where the sign is. Which method of a text tells you?",
        "`find` gives the place, or -1. Then one slice ends there and one begins after it.",
        "`text[:place]` is the part before. The part after begins one place further on.",
    ],
)


SECRETS = (
    {"what": "phone number", "who": "A delivery service", "sign": "*"},
    {"what": "card number", "who": "A shop", "sign": "#"},
    {"what": "ticket code", "who": "A theatre", "sign": "x"},
    {"what": "customer number", "who": "A library", "sign": "-"},
)


def mask(random: Random) -> dict[str, Any]:
    k = random.randint(2, 5)
    digits = "".join(random.sample("123456789", k + 1))
    pairs = (digits[0] * 9, digits[1] * 12, digits[2] * 7)
    values = random.choice(SECRETS) | {"k": k, "next": digits, "short": digits[:k]}
    values |= {"a": pairs[0], "b": pairs[1], "c": pairs[2], "shorter": digits[: k - 1]}
    return values


MASK = family(
    mask,
    key="mask",
    title="A hidden number",
    idea="Hide all but the last characters.",
    called="A hidden $what",
    concepts=["slicing", "indexing"],
    difficulty="hard",
    statement="""
        $who prints a $what on each receipt. Nobody else should be able to read it, so only the
        last $k characters are shown. Each character before them is replaced by the sign
        `"$sign"`. Write a function that takes the $what as text. It returns the text to print.
        A code that is very short has nothing to hide.
    """,
    promises=[
        Promise(
            says="The last $k characters are shown",
            shown='mask("$next")',
            wrong=("code[-$k:]", "code[:$k]"),
            because="the last ones, not the first ones",
            hidden=('mask("9$short")', 'mask("0$short")', 'mask("7$short")'),
        ),
        Promise(
            says='Each character before them becomes `"$sign"`',
            shown='mask("$a")',
            wrong=('"$sign" * (len(code) - $k)', '"$sign" * (len(code) > $k)'),
            because="the text is as long as before",
            hidden=('mask("$b")', 'mask("$c")', 'mask("$a$a")'),
        ),
        Promise(
            says="A text of up to $k characters stays as it is",
            shown='mask("$short")',
            wrong=("len(code) - $k)", "max(len(code) - $k, 1))"),
            because="there is nothing to hide",
            hidden=('mask("$shorter")', 'mask("8")', 'mask("")', 'mask("00")'),
        ),
    ],
    reference='''
        def mask(code):
            """Return the code with only its last characters to be read."""
            return "$sign" * (len(code) - $k) + code[-$k:]
    ''',
    second="""
        def mask(code):
            shown = ""
            for place, character in enumerate(code):
                hidden = place < len(code) - $k
                shown += "$sign" if hidden else character
            return shown
    """,
    inputs="(''.join(random.choices('12', k=random.randint(0, 10))),)",
    hints=[
        "The answer has two parts. How many signs are in the first one, for ten characters?",
        "A slice with a negative number counts from the end. A text times 3 is repeated.",
        '`"$sign" * (len(code) - $k)` is the first part. The second one is a slice from `-$k`.',
    ],
)


FAMILIES = (SHORTEN, TURN_ROUND, MASK)
