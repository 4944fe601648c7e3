"""Exercises on generator expressions: many values become one answer."""

from __future__ import annotations

from random import Random
from typing import Any

from coursewright.generator.bank.promise import Promise
from coursewright.generator.bank.written import family, pick, table

CHECKS = table(
    "name who values",
    ("luggage", "An airport weighs suitcases, in kilograms", "weights"),
    ("ice_box", "A shop reads its thermometers, in degrees", "degrees"),
    ("race", "A trainer writes down times, in seconds", "times"),
    ("shelf", "A library measures books, in centimetres", "heights"),
)
QUESTIONS = table(
    "all sign slip asks edge more guard nothing",
    ("all", "<=", "<", "all of them are $limit or less", "$limit itself is small enough",
     "One number above $limit is enough for `False`", "len($values) > 0 and ", "True"),
    ("all", ">=", ">", "all of them are $limit or more", "$limit itself is large enough",
     "One number below $limit is enough for `False`", "len($values) > 0 and ", "True"),
    ("any", ">", ">=", "any of them is above $limit", "$limit itself is not above the limit",
     "One number above $limit is enough for `True`", "len($values) == 0 or ", "False"),
    ("any", "<", "<=", "any of them is below $limit", "$limit itself is not below the limit",
     "One number below $limit is enough for `True`", "len($values) == 0 or ", "False"),
)  # fmt: skip


def check(random: Random) -> dict[str, Any]:
    values, limit = pick(random, CHECKS, QUESTIONS), random.randint(10, 40)
    for name in ("asks", "edge", "more", "guard"):
        values[name] = values[name].replace("$limit", str(limit))
    values["guard"] = values["guard"].replace("$values", values["values"])
    # To the side of the limit where the answer does not change.
    calm = -1 if values["sign"] in ("<=", ">") else 1
    return values | {
        "limit": limit,
        "near": [limit + calm, limit],
        "second": [limit + 2 * calm, limit - calm, limit + calm],
        "last": [limit + calm, limit + 3 * calm, limit - 4 * calm],
        "far": [limit + 9 * calm, limit + 4 * calm],
        "first": [limit - calm, limit + 5 * calm],
    }


FITS = family(
    check,
    key="yes-or-no",
    title="Yes or no for all of them",
    idea="Answer one question about all numbers of a list.",
    concepts=["any-and-all"],
    difficulty="easy",
    statement="""
        $who. The result is a list of whole numbers. Now there is one question about the whole list,
        and the answer is yes or no: we want to know if $asks. Write `$name($values)`. It returns
        `True` for yes and `False` for no. Take care with the number $limit itself, and with an
        empty list.
    """,
    promises=[
        Promise(
            says="The number $edge",
            shown="$name($near)",
            wrong=("value $sign $limit", "value $slip $limit"),
            because="look at the limit again",
            hidden=("$name([$limit])", "$name($far)", "$name($first)"),
        ),
        Promise(
            says="$more",
            shown="$name($second)",
            wrong=("in $values)", "in $values[:1])"),
            because="look at every number",
            hidden=("$name($last)",),
        ),
        Promise(
            says="An empty list gives `$nothing`",
            shown="$name([])",
            wrong=("return $all", "return $guard$all"),
            because="no number says anything against it",
        ),
    ],
    reference='''
        def $name($values):
            """Return whether $asks."""
            return $all(value $sign $limit for value in $values)
    ''',
    second="""
        def $name($values):
            for value in $values:
                if (value $sign $limit) is not $nothing:
                    return not $nothing
            return $nothing
    """,
    inputs="(random.choices(range($limit - 4, $limit + 5), k=random.randint(0, 4)),)",
    hints=(
        "Which of `all` and `any` fits the question?",
        "Write a comparison for one number first. Then let it run through the list with `for`.",
        "`return ...(value ... $limit for value in $values)` is all that you need.",
    ),
)

BASKETS = table(
    "name who one many unit",
    ("to_pay", "A shop adds up a bill", "price", "count", "coins"),
    ("load", "A lift carries boxes", "weight", "count", "kilograms"),
    ("minutes", "A machine makes parts", "minutes_each", "count", "minutes"),
    ("pages", "A printer prints letters", "pages_each", "copies", "pages"),
)
KINDS = table(
    "sign slip rule",
    (">=", ">", "A first number below $limit is left out, and $limit itself counts"),
    ("<=", "<", "A first number above $limit is left out, and $limit itself counts"),
)


def basket(random: Random) -> dict[str, Any]:
    values, limit = pick(random, BASKETS, KINDS), random.randint(4, 15)
    inside = 1 if values["sign"] == ">=" else -1
    return values | {
        "limit": limit,
        "rule": values["rule"].replace("$limit", str(limit)),
        "fine": [(limit + inside, 3), (limit + 2 * inside, 2)],
        "edge": [(limit, 1), (limit - inside, 1)],
        "mixed": [(limit + inside, 1), (limit - inside, 1), (limit, 1)],
        "others": [(limit - inside, 4), (limit - 2 * inside, 1)],
    }


SUM = family(
    basket,
    key="add-some-of-them",
    title="The sum of some",
    idea="Add products of pairs, for those pairs that count.",
    concepts=["generator-expressions"],
    difficulty="medium",
    statement="""
        $who. There is a list of tuples of two whole numbers. The first number is the $unit for one
        piece, and the second one tells how many pieces there are. So the two must be multiplied.
        But there is a rule: not all tuples count. Read the second promise to see which. Write
        `$name(entries)`. It returns the sum of the $unit.
    """,
    promises=[
        Promise(
            says="The two numbers of a tuple are multiplied, and the results are added",
            shown="$name($fine)",
            wrong=("$one * $many", "$one"),
            because="multiply, then add",
        ),
        Promise(
            says="$rule",
            shown="$name($edge)",
            wrong=("$one $sign $limit", "$one $slip $limit"),
            because="look at the limit again",
            hidden=("$name($mixed)",),
        ),
        Promise(
            says="Where nothing counts, the sum is 0",
            shown="$name([])",
            wrong=("$sign $limit)", "$sign $limit) or None"),
            because="a sum of nothing is 0",
            hidden=("$name($others)",),
        ),
    ],
    reference='''
        def $name(entries):
            """Return the sum of the $unit, for the tuples that count."""
            return sum($one * $many for $one, $many in entries if $one $sign $limit)
    ''',
    second="""
        def $name(entries):
            total = 0
            for entry in entries:
                if entry[0] == $limit or entry[0] $slip $limit:
                    total += entry[0] * entry[1]
            return total
    """,
    inputs="""([
            (random.randint($limit - 3, $limit + 3), random.randint(1, 3))
            for _ in range(random.randint(0, 4))
        ],)""",
    hints=(
        "Take each tuple apart in the `for` part, with two names.",
        "First write what you add for one tuple. The condition comes behind the `for` part.",
        "Give it to `sum`, without square brackets: `sum(... for ..., ... in entries if ...)`.",
    ),
)

FAMILIES = (FITS, SUM)
