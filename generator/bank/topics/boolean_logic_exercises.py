"""Exercises on conditions that are made of several parts."""

from __future__ import annotations

from random import Random
from typing import Any

from coursewright.generator.bank.promise import Promise
from coursewright.generator.bank.written import family

RIDES = (
    {"what": "A roller coaster", "measure": "height", "unit": "centimetres", "base": 100,
     "with": "an adult", "short": "adult"},
    {"what": "A climbing wall", "measure": "height", "unit": "centimetres", "base": 90,
     "with": "a trainer", "short": "trainer"},
    {"what": "A rowing club", "measure": "distance they can swim", "unit": "metres", "base": 50,
     "with": "a life jacket", "short": "jacket"},
    {"what": "A night hike", "measure": "age", "unit": "years", "base": 8,
     "with": "a parent", "short": "parent"},
)  # fmt: skip


def may_join(random: Random) -> dict[str, Any]:
    values: dict[str, Any] = dict(random.choice(RIDES))
    low = values["base"] + random.randint(0, 12)
    values |= {"low": low, "high": low + random.randint(5, 40)}
    return values


MAY_JOIN = family(
    may_join,
    key="may-join",
    title="Who may join in?",
    idea="Decide by a number and a yes or no.",
    concepts=["comparisons", "boolean-logic"],
    difficulty="medium",
    statement="""
        $what has a rule for safety. What counts is the $measure of a guest, a whole number of
        $unit. Guests with $high or more may join in. Guests with less, but at least $low, may
        join in if they come with ${with}. Write a function that takes the number, and `True`
        or `False` for whether they come with ${with}. It returns `True` if they may join in,
        and `False` if not.
    """,
    promises=[
        Promise(
            says="From $high on, everyone may join in",
            shown="may_join($high, False)",
            wrong=("number >= $high", "number > $high"),
            because="$high is enough",
            hidden=("may_join($high + 1, False)", "may_join($high + 99, False)"),
        ),
        Promise(
            says="From $low on, guests may join in with ${with}, but not without",
            shown="may_join($low, True)",
            wrong=("number >= $low", "number > $low"),
            because="$low is enough with ${with}",
            hidden=("may_join($high - 1, False)", "may_join($low + 1, True)"),
        ),
        Promise(
            says="Below $low, nobody may join in",
            shown="may_join($low - 1, True)",
            wrong=("number >= $low and $short", "$short"),
            because="the limit of $low counts for everybody",
            hidden=("may_join($low - 1, False)", "may_join(0, True)", "may_join(1, True)"),
        ),
    ],
    reference='''
        def may_join(number, $short):
            """Return whether a guest may join in."""
            return number >= $high or (number >= $low and $short)
    ''',
    second="""
        def may_join(number, $short):
            if number < $low:
                return False
            if $short:
                return True
            return not number < $high
    """,
    inputs="random.randint($low - 10, $high + 10), random.choice([True, False])",
    hints=[
        "There are two ways to get in. What has to be true for each of them?",
        "Join the two ways with `or`. The second way has two parts, joined with `and`.",
        "The second way is `number >= $low and $short`. Put it into brackets after `or`.",
    ],
)


def three_dice(random: Random) -> dict[str, Any]:
    pair = random.randint(3, 12)
    a, b = random.sample(range(1, 6), 2)
    thing = random.choice(["dice", "wheels of a toy slot machine", "cards", "coloured balls"])
    return {
        "thing": thing,
        "three": pair + random.randint(5, 30),
        "pair": pair,
        "a": a,
        "b": b,
    }


THREE_DICE = family(
    three_dice,
    key="three-of-a-kind",
    title="Points for equal numbers",
    idea="Score three numbers that may be equal.",
    concepts=["boolean-logic", "branching"],
    difficulty="medium",
    statement="""
        In a game you get three numbers from three $thing. If all of them are equal, you score
        $three points. If two of them are equal, you score $pair points, and it does not matter
        which two. If they all differ, you score nothing. Write a function that takes the three
        numbers and returns the points.
    """,
    promises=[
        Promise(
            says="Three equal numbers score $three points",
            shown="points($a, $a, $a)",
            wrong=(
                "if first == second and second == third:",
                "if first == second and second == third and third > 5:",
            ),
            because="all three are equal",
            hidden=("points(1, 1, 1)", "points(5, 5, 5)", "points(0, 0, 0)"),
        ),
        Promise(
            says="Two equal numbers at any place score $pair points",
            shown="points($a, $b, $a)",
            wrong=(" or first == third", ""),
            because="the first and the third one are equal",
            hidden=("points($a, $a, $b)", "points($b, $a, $a)", "points(6, 1, 6)"),
        ),
        Promise(
            says="Three different numbers score 0 points",
            shown="points($a, $b, 6)",
            wrong=("return 0", "return None"),
            because="no two of them are equal",
            hidden=("points(1, 2, 3)", "points(3, 2, 1)", "points(6, 5, 4)"),
        ),
    ],
    reference='''
        def points(first, second, third):
            """Return the points for three numbers."""
            if first == second and second == third:
                return $three
            if first == second or second == third or first == third:
                return $pair
            return 0
    ''',
    second="""
        def points(first, second, third):
            different = len({first, second, third})
            return {1: $three, 2: $pair, 3: 0}[different]
    """,
    inputs="random.randint(1, 6), random.randint(1, 6), random.randint(1, 4)",
    hints=[
        "Which of the three cases is the narrowest? It is easiest to ask for that one first.",
        "All are equal if two pairs are. For one pair there are three places to look at.",
        "Join `first == second` and `second == third` with `and`. For pairs, use `or` twice.",
    ],
)


EXCEPTIONS = (
    {"who": "A lighthouse", "does": "sounds its horn", "what": "minute", "name": "sounds"},
    {"who": "A village band", "does": "plays on the square", "what": "day", "name": "plays"},
    {"who": "A robot", "does": "waters the garden", "what": "hour", "name": "waters"},
    {"who": "A bus", "does": "stops at the castle", "what": "trip", "name": "stops"},
)


def rule_with_exceptions(random: Random) -> dict[str, Any]:
    a, b, c = random.choice([(4, 20, 100), (6, 30, 120), (4, 12, 60), (6, 18, 90), (10, 50, 200)])
    return random.choice(EXCEPTIONS) | {"a": a, "b": b, "c": c, "half": a // 2}


RULE_WITH_EXCEPTIONS = family(
    rule_with_exceptions,
    key="rule-with-exceptions",
    title="A rule with exceptions",
    idea="Turn a rule with exceptions into one condition.",
    concepts=["boolean-logic", "comparisons"],
    difficulty="hard",
    statement="""
        $who $does, but not all the time. The rule is about the number of the $what, counted
        from 1. It happens if the number can be divided by $a without a rest. But if it can be
        divided by $b, it does not happen. And if it can even be divided by $c, it happens
        after all. Write a function that takes the number of the $what. It returns `True` if it
        happens and `False` if not.
    """,
    promises=[
        Promise(
            says="It happens only if the number can be divided by $a",
            shown="$name($a + $half)",
            wrong=("number % $a == 0", "number % $half == 0"),
            because="there is a rest when you divide by $a",
            hidden=("$name(1)", "$name($a - 1)", "$name($a)", "$name($a + 1)", "$name(2 * $a)"),
        ),
        Promise(
            says="It does not happen if the number can be divided by $b",
            shown="$name($b)",
            wrong=("number % $b != 0 or number % $c == 0", "number % $a == 0"),
            because="$b is the exception to the rule",
            hidden=("$name(2 * $b)", "$name($c + $b)", "$name($c - $b)"),
        ),
        Promise(
            says="It happens again if the number can be divided by $c",
            shown="$name($c)",
            wrong=(" or number % $c == 0", ""),
            because="$c is the exception to the exception",
            hidden=("$name(2 * $c)", "$name(3 * $c)", "$name(10 * $c)"),
        ),
    ],
    reference='''
        def $name(number):
            """Return whether it happens at this number."""
            return number % $a == 0 and (number % $b != 0 or number % $c == 0)
    ''',
    second="""
        def $name(number):
            if number % $c == 0:
                return True
            if number % $b == 0:
                return False
            return number % $a == 0
    """,
    inputs="(random.choice([1, $half, $a, $b]) * random.randint(1, 30),)",
    hints=[
        "A number can be divided by $a if the rest is 0. Which sign gives the rest?",
        "The first part is joined with `and`. In brackets stand the two exceptions, with `or`.",
        "In the brackets: `number % $b != 0`, or the rest for $c is 0. Return it all at once.",
    ],
)


FAMILIES = (MAY_JOIN, THREE_DICE, RULE_WITH_EXCEPTIONS)
