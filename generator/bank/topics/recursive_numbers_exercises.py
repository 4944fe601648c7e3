"""Exercises on recursion with numbers: a small case, and a step towards it."""

from __future__ import annotations

from random import Random
from typing import Any

from coursewright.generator.bank.promise import Promise
from coursewright.generator.bank.written import family, pick, table

GROWTHS = table(
    "name who what unit",
    ("fish", "A pond has $start fish on day 0", "fish", "day"),
    ("members", "A club has $start members in year 0", "members", "year"),
    ("visits", "A web page has $start visits in week 0", "visits", "week"),
    ("leaves", "A plant has $start leaves in month 0", "leaves", "month"),
    ("coins", "A box holds $start coins on day 0", "coins", "day"),
)


def growth(random: Random) -> dict[str, Any]:
    values = pick(random, GROWTHS)
    start, times, more = random.randint(2, 9), random.randint(2, 4), random.randint(1, 9)
    return values | {
        "who": values["who"].replace("$start", str(start)),
        "start": start,
        "times": times,
        "more": more,
        "next": times * start + more,
        "wrong_next": times * (start + more),
    }


GROWTH = family(
    growth,
    key="from-one-to-the-next",
    title="From one to the next",
    idea="Work out a number from the one before it, by recursion.",
    concepts=["base-case", "recursive-step"],
    difficulty="easy",
    statement="""
        $who. From then on there is a rule: to get the number of one $unit, multiply the number of
        the $unit before by $times, and add $more. Write `$name($unit)`. It takes a whole number and
        returns how many $what there are then. The function may call itself to ask for the $unit
        before. Think first about the $unit for which the answer is known.
    """,
    promises=[
        Promise(
            says="For 0 the answer is known",
            shown="$name(0)",
            wrong=(
                "    if $unit == 0:\n        return $start\n",
                "    if $unit == 0:\n        return 0\n    if $unit == 1:\n        return $next\n",
            ),
            because="begin with $start",
            hidden=("$name(0) + 1",),
        ),
        Promise(
            says="Every other number comes from the one before",
            shown="$name(1)",
            wrong=("$times * $name($unit - 1) + $more", "$times * ($name($unit - 1) + $more)"),
            because="multiply first, then add",
            hidden=("$name(2)", "$name(3)", "$name(7)", "$name(4) - $name(3)"),
        ),
        Promise(
            says="A negative number is refused",
            shown="$name(-1)",
            wrong=('raise ValueError("it begins with 0")', "return $start"),
            because="nothing is known about the time before",
            hidden=("$name(-2)", "$name(-50)"),
        ),
    ],
    reference='''
        def $name($unit):
            """Return how many $what there are. Raises ValueError before 0."""
            if $unit < 0:
                raise ValueError("it begins with 0")
            if $unit == 0:
                return $start
            return $times * $name($unit - 1) + $more
    ''',
    second="""
        def $name($unit):
            if $unit < 0:
                raise ValueError("too early")
            number = $start
            for _ in range($unit):
                number = $times * number + $more
            return number
    """,
    inputs="(random.randint(0, 20),)",
    hints=(
        "For which input can you give the answer without any work?",
        "For all others, call the function with the number before. What must be done with that?",
        "Three parts: refuse what is below 0, return the known number for 0, then the rule.",
    ),
)

DIGITS = table(
    "name wish one both",
    ("digit_sum", "the sum of all its digits", "number", "{} + number % 10"),
    ("largest_digit", "the largest of its digits", "number", "max({}, number % 10)"),
    ("how_often", "how often the digit $digit is in it", "int(number == $digit)",
     "{} + int(number % 10 == $digit)"),
)  # fmt: skip
SCENES = table(
    "scene",
    ("Many tricks with numbers look at the digits only",),
    ("On a till, the digits of a number are checked before it is used",),
    ("A game gives points for the digits on a number plate",),
    ("A puzzle in the paper asks about the digits of large numbers",),
)


def digits(random: Random) -> dict[str, Any]:
    values, digit = pick(random, DIGITS, SCENES), random.randint(2, 9)
    for name in ("wish", "one", "both"):
        values[name] = values[name].replace("$digit", str(digit))
    other = random.choice([one for one in range(1, 10) if one != digit])
    return values | {
        "both": values["both"].format(f"{values['name']}(number // 10)"),
        "digit": digit,
        "zeros": f"{digit}0{other}0{digit}0",
        "zero": f"{other}{digit}00",
        "minus": f"-{other}{digit}{other}",
        "again": {"digit_sum": "sum(parts)", "largest_digit": "max(parts)"}.get(
            values["name"], f"parts.count({digit})"
        ),
    }


DIGIT = family(
    digits,
    key="digit-by-digit",
    title="Digit by digit",
    idea="Answer a question about the digits of a number, by recursion.",
    concepts=["base-case", "recursive-step"],
    difficulty="medium",
    statement="""
        $scene. Write `$name(number)`. It takes a whole number and returns $wish. Here is a way to
        do it: `number % 10` is the last digit, and `number // 10` is the number without it. A
        number below 10 has one digit only, so its answer is easy. For all others the function can
        call itself. Take care with numbers that are negative.
    """,
    promises=[
        Promise(
            says="It returns $wish, and a zero among them does not stop it",
            shown="$name($zeros)",
            wrong=("number < 10", "number < 10 or number % 10 == 0"),
            because="go on behind a zero",
            hidden=("$name($zero)", "$name(0)", "$name(10)", "$name(11)", "$name(9876543210)"),
        ),
        Promise(
            says="A minus sign does not matter",
            shown="$name($minus)",
            wrong=("return $name(-number)", "return -$name(-number)"),
            because="the digits are the same without the sign",
            hidden=("$name(-1)", "$name(-$digit)", "$name(-$digit$digit)"),
        ),
    ],
    reference='''
        def $name(number):
            """Return $wish."""
            if number < 0:
                return $name(-number)
            if number < 10:
                return $one
            return $both
    ''',
    second="""
        def $name(number):
            parts = [int(sign) for sign in str(abs(number))]
            return $again
    """,
    inputs="(random.choice((1, 1, -1)) * random.randint(0, 10 ** random.randint(1, 6)),)",
    hints=(
        "Which numbers are so short that you know the answer at once?",
        "For a longer number: ask the function about the number without its last digit.",
        "Put the answer for `number // 10` together with the last digit, `number % 10`.",
    ),
)

STEPS = table(
    "name who thing whole",
    (
        "climb",
        "You climb some stairs",
        "steps",
        "You take 1 or $large steps at a time, until you are at the top",
    ),
    (
        "tile",
        "You cover a path with stones",
        "length",
        "A stone is 1 or $large long, and together they are as long as the path",
    ),
    (
        "fill",
        "You fill a shelf with books",
        "width",
        "A book is 1 or $large wide, and the shelf must be full",
    ),
    (
        "thread",
        "You make a chain of beads",
        "size",
        "A bead is 1 or $large long, and the chain must have just its size",
    ),
    (
        "drum",
        "You play a rhythm on a drum",
        "beats",
        "A note takes 1 or $large beats, and the last one ends with the last beat",
    ),
    (
        "plan",
        "You plan a free day",
        "hours",
        "Each thing takes 1 or $large hours, and no hour may be left",
    ),
)


def stairs(random: Random) -> dict[str, Any]:
    values, large = pick(random, STEPS), random.randint(2, 6)
    return values | {
        "whole": values["whole"].replace("$large", str(large)),
        "large": large,
        "less": large - 1,
        "more": large + 1,
        "twice": 2 * large,
    }


WAYS = family(
    stairs,
    key="how-many-ways",
    title="How many ways?",
    idea="Count the ways to do something in steps of two sizes, by recursion.",
    concepts=["base-case", "recursive-step"],
    difficulty="hard",
    statement="""
        $who. $whole. How many ways are there to do that? A different order is a different way.
        Write `$name($thing)`. It takes a whole number and returns the number of ways. Think of the
        first step: it is short or long. What is left then is the same question again, but for a
        smaller number.
    """,
    promises=[
        Promise(
            says="For 0 there is one way, which is to do nothing",
            shown="$name(0)",
            wrong="""
                def $name($thing):
                    if $thing < 0:
                        raise ValueError("there is no way")
                    ways = [0, *[1] * max($less, $thing)]
                    for size in range($large, $thing + 1):
                        ways[size] = ways[size - 1] + max(ways[size - $large], 1)
                    return ways[$thing]
            """,
            because="to do nothing is a way too",
            hidden=("$name(0) + 1",),
        ),
        Promise(
            says="Every other number counts both kinds of first step",
            shown="$name($large)",
            wrong=("if $thing >= $large:", "if $thing > $large:"),
            because="one long step, or short ones only",
            hidden=("$name($twice)", "$name($more)", "$name(1)", "$name($less)", "$name(12)"),
        ),
        Promise(
            says="A negative number is refused",
            shown="$name(-1)",
            wrong=('raise ValueError("there is no way")', "return 0"),
            because="that makes no sense",
            hidden=("$name(-$large)", "$name(-20)"),
        ),
    ],
    reference='''
        def $name($thing):
            """Return the number of ways. Raises ValueError below 0."""
            if $thing < 0:
                raise ValueError("there is no way")
            if $thing == 0:
                return 1
            ways = $name($thing - 1)
            if $thing >= $large:
                ways += $name($thing - $large)
            return ways
    ''',
    second="""
        def $name($thing):
            if $thing < 0:
                raise ValueError("negative")
            ways = [1]
            for size in range(1, $thing + 1):
                longer = ways[size - $large] if size >= $large else 0
                ways.append(ways[size - 1] + longer)
            return ways[$thing]
    """,
    inputs="(random.randint(0, 14),)",
    hints=(
        "Work it out on paper for the numbers from 1 to 5 first.",
        "After a short first step, one less is left. After a long one, $large less are left.",
        "Add both: the ways after a short step, and, if it fits, the ways after a long one.",
    ),
)

FAMILIES = (GROWTH, DIGIT, WAYS)
