"""Exercises on choosing one of several ways."""

from __future__ import annotations

from random import Random
from typing import Any

from coursewright.generator.bank.promise import Promise
from coursewright.generator.bank.written import family

VISITS = (
    {"place": "A bicycle rental", "of": "number of days", "name": "rental_price"},
    {"place": "A ferry", "of": "length of a car", "name": "ferry_price"},
    {"place": "A parcel shop", "of": "weight of a parcel",
     "name": "parcel_price"},
    {"place": "A car park", "of": "length of a stay", "name": "parking_price"},
)  # fmt: skip


def three_prices(random: Random) -> dict[str, Any]:
    low = random.randint(4, 9)
    values = random.choice(VISITS) | {"low": low, "high": low + random.randint(8, 20)}
    values |= dict(zip("xzy", sorted(random.sample(range(2, 30), 3)), strict=True))
    return values


THREE_PRICES = family(
    three_prices,
    key="three-prices",
    title="Three prices",
    idea="Choose one of three prices by two limits.",
    concepts=["comparisons", "branching"],
    difficulty="easy",
    statement="""
        $place has three prices. Which one you pay depends on a whole number, the $of. If it is
        less than $low, you pay $x coins. If it is $high or more, you pay $y coins. In every
        other case you pay $z coins. Write a function that takes the $of and returns the price.
        Look closely at the limits, that is where most mistakes are made.
    """,
    promises=[
        Promise(
            says="Below $low the price is $x",
            shown="$name($low - 1)",
            wrong=("number < $low", "number < $low - 1"),
            because="less than $low is still the first price",
            hidden=("$name(0)", "$name(1)", "$name($low - 2)"),
        ),
        Promise(
            says="From $high on the price is $y",
            shown="$name($high)",
            wrong=("number >= $high", "number > $high"),
            because="$high itself is included",
            hidden=("$name($high + 1)", "$name($high + 40)", "$name(10 * $high)"),
        ),
        Promise(
            says="Between the two limits the price is $z",
            shown="$name($low)",
            wrong=("return $z", "return $x + $y"),
            because="$low itself is not below $low",
            hidden=("$name($low + 1)", "$name($high - 1)", "$name($high - 2)"),
        ),
    ],
    reference='''
        def $name(number):
            """Return the price, in coins."""
            if number < $low:
                return $x
            elif number >= $high:
                return $y
            else:
                return $z
    ''',
    second="""
        def $name(number):
            price = $z
            if number <= $low - 1:
                price = $x
            if not number < $high:
                price = $y
            return price
    """,
    inputs="(random.randint(0, $high + 15),)",
    hints=[
        "Draw a line with the numbers $low and $high on it. Write a price on each part.",
        "Three ways mean `if`, `elif` and `else`. Does each limit belong to its left or right?",
        "`number < $low` is the first question, `number >= $high` the second, then `else`.",
    ],
)


GAMES = (
    {"game": "a game of darts", "what": "points", "best": "more", "sign": ">", "other": "<",
     "step": "+ 1", "back": "- 1"},
    {"game": "a round of golf", "what": "strokes", "best": "fewer", "sign": "<", "other": ">",
     "step": "- 1", "back": "+ 1"},
    {"game": "a swimming race", "what": "seconds", "best": "fewer", "sign": "<", "other": ">",
     "step": "- 1", "back": "+ 1"},
    {"game": "a spelling contest", "what": "right words", "best": "more", "sign": ">",
     "other": "<", "step": "+ 1", "back": "- 1"},
)  # fmt: skip
VERDICTS = (("won", "lost", "draw"), ("hurray", "oh no", "again"), ("first", "second", "equal"))


def verdict(random: Random) -> dict[str, Any]:
    n = random.randint(8, 30)
    values = random.choice(GAMES) | {"n": n}
    values |= dict(zip(("won", "lost", "draw"), random.choice(VERDICTS), strict=True))
    top = 1 if values["sign"] == ">" else -1
    values |= {"good": n + top, "top": top, "far": 9 * top, "near": -9 * top}
    return values


VERDICT = family(
    verdict,
    key="verdict",
    title="Who wins?",
    idea="Compare two results and say who won.",
    called="Who wins $game?",
    concepts=["comparisons", "branching"],
    difficulty="easy",
    statement="""
        You and a friend take part in $game. Who has $best $what wins. Write a function that
        takes two whole numbers, first your $what, then those of your friend. It returns a text
        that says how it went for you: `"$won"` if you win, `"$lost"` if your friend wins, and
        `"$draw"` if you both have the same.
    """,
    promises=[
        Promise(
            says='It returns "$won" if you have $best $what',
            shown="verdict($good, $n)",
            wrong=("if mine $sign yours:", "if mine $sign yours $step:"),
            because="one is enough to win",
            hidden=("verdict($top, 0)", "verdict($far, $near)"),
        ),
        Promise(
            says='It returns "$lost" if your friend has $best',
            shown="verdict($n, $good)",
            wrong=("elif mine $other yours:", "elif mine $other yours $back:"),
            because="your friend is better by one",
            hidden=("verdict(0, $top)", "verdict($near, $far)"),
        ),
        Promise(
            says='It returns "$draw" if both have the same',
            shown="verdict($n, $n)",
            wrong=('return "$draw"', 'return "$lost"'),
            because="nobody is better",
            hidden=("verdict(0, 0)", "verdict(1, 1)", "verdict(250, 250)", "verdict(-3, -3)"),
        ),
    ],
    reference='''
        def verdict(mine, yours):
            """Return how the game went for me."""
            if mine $sign yours:
                return "$won"
            elif mine $other yours:
                return "$lost"
            else:
                return "$draw"
    ''',
    second="""
        def verdict(mine, yours):
            if mine == yours:
                return "$draw"
            winner = {True: "$won", False: "$lost"}
            return winner[mine $sign yours]
    """,
    inputs="random.randint(-5, 30), random.randint(-5, 30)",
    hints=[
        "How many ways can it go? Each of them needs its own `return`.",
        "Compare the two numbers with `<` and `>`. Who has $best $what, wins.",
        'If `mine $sign yours`, return `"$won"`. The next question comes with `elif`.',
    ],
)


DIALS = (
    {"device": "A heater", "what": "temperature", "unit": "degrees"},
    {"device": "A radio", "what": "volume", "unit": "steps"},
    {"device": "An oven", "what": "heat", "unit": "degrees"},
    {"device": "A treadmill", "what": "speed", "unit": "steps"},
)


def within_limits(random: Random) -> dict[str, Any]:
    low, high = random.randint(3, 12), random.randint(20, 40)
    values = random.choice(DIALS) | {"low": low, "high": high, "mid": (low + high) // 2 + 1}
    values |= {"under": low - 1, "over": high + 1}
    return values


WITHIN_LIMITS = family(
    within_limits,
    key="within-limits",
    title="A safe value",
    idea="Keep a number between two limits.",
    called="A safe $what",
    concepts=["comparisons", "branching"],
    difficulty="medium",
    statement="""
        $device has a knob for the $what. People can turn it to any number of $unit, but not
        every $what is safe. There is a lowest and a highest one. Write a function that takes
        three whole numbers: the $what that is wanted, the lowest and the highest one. It
        returns the $what to use, as near to the wanted one as is safe. The lowest is never
        above the highest.
    """,
    promises=[
        Promise(
            says="A safe $what is returned as it is",
            shown="safe($mid, $low, $high)",
            wrong=("return wanted", "return (lowest + highest) // 2"),
            because="nothing has to change",
            hidden=("safe(7, 0, 9)", "safe(1, 0, 9)", "safe(8, 0, 9)", "safe(-2, -5, 5)"),
        ),
        Promise(
            says="Below the lowest, the lowest is returned",
            shown="safe($under, $low, $high)",
            wrong=("wanted < lowest", "wanted < lowest - 1"),
            because="it must not be lower than $low",
            hidden=("safe($low - 5, $low, $high)", "safe(-1, 0, 9)", "safe(-60, -50, 9)"),
        ),
        Promise(
            says="Above the highest, the highest is returned",
            shown="safe($over, $low, $high)",
            wrong=("wanted > highest", "wanted > highest + 1"),
            because="it must not be higher than $high",
            hidden=("safe($high + 5, $low, $high)", "safe(10, 0, 9)", "safe(0, -9, -1)"),
        ),
    ],
    reference='''
        def safe(wanted, lowest, highest):
            """Return the safe value that is nearest to the wanted one."""
            if wanted < lowest:
                return lowest
            if wanted > highest:
                return highest
            return wanted
    ''',
    second="""
        def safe(wanted, lowest, highest):
            return max(lowest, min(wanted, highest))
    """,
    inputs="""
        def inputs(random):
            for _ in range(300):
                lowest = random.randint(-20, 20)
                highest = lowest + random.randint(0, 15)
                yield random.randint(lowest - 8, highest + 8), lowest, highest
    """,
    hints=[
        "There are three cases. In which of them is the answer the wanted number itself?",
        "Ask for the two unsafe cases with `if` and return a limit. What is left over is safe.",
        "If `wanted < lowest`, return `lowest`. Do so for `highest` too, then return `wanted`.",
    ],
)


FAMILIES = (THREE_PRICES, VERDICT, WITHIN_LIMITS)
