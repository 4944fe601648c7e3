"""Exercises on calculating and rounding."""

from __future__ import annotations

from random import Random
from typing import Any

from coursewright.generator.bank.promise import Promise
from coursewright.generator.bank.written import family

OUTINGS = (
    {"place": "a zoo", "older": "adults", "younger": "children", "fee": "for booking online"},
    {"place": "a boat trip", "older": "adults", "younger": "children", "fee": "for the mooring"},
    {"place": "a museum", "older": "visitors", "younger": "pupils", "fee": "for the guide"},
    {"place": "a concert", "older": "grown-ups", "younger": "students", "fee": "for the booking"},
)


def entry_cost(random: Random) -> dict[str, Any]:
    older, younger, fee = random.sample(range(3, 20), 3)
    return random.choice(OUTINGS) | {"a": older, "b": younger, "c": fee}


ENTRY_COST = family(
    entry_cost,
    key="entry-cost",
    title="The price for a group",
    idea="Add up tickets and one fee.",
    called="A day at $place",
    concepts=["arithmetic", "functions"],
    difficulty="easy",
    statement="""
        A group plans a day at $place. The tickets cost $a coins each for $older and $b coins
        each for $younger. On top of that, every group pays $c coins once, $fee. Write a
        function that takes two whole numbers, first how many $older come and then how many
        $younger. It returns what the whole group has to pay.
    """,
    promises=[
        Promise(
            says="Each of the two kinds of ticket counts with its own price",
            shown="entry_cost(1, 3)",
            wrong=("$a * first + $b * second", "$b * first + $a * second"),
            because="the first number goes with $a coins, the second with $b",
            hidden=("entry_cost(1, 0)", "entry_cost(1, 2)", "entry_cost(1, 50)"),
        ),
        Promise(
            says="The $c coins are paid once, by a group of any size",
            shown="entry_cost(2, 2)",
            wrong=("second + $c", "second + $c * first"),
            because="$c coins for the group, not for each person",
            hidden=("entry_cost(0, 0)", "entry_cost(5, 5)", "entry_cost(30, 30)"),
        ),
    ],
    reference='''
        def entry_cost(first, second):
            """Return the price for a group, in coins."""
            return $a * first + $b * second + $c
    ''',
    second="""
        def entry_cost(first, second):
            price = $c
            price += first * $a
            price += second * $b
            return price
    """,
    inputs="random.choice([1, random.randint(0, 40)]), random.randint(0, 40)",
    hints=[
        "Work it out on paper for 1 and 3 first. Which three amounts do you add up?",
        "Each count is multiplied with its price. The $c coins are added once, as they are.",
        "`$a * first` is the first amount. Add `$b * second`, then add $c, and return the sum.",
    ],
)


RATES = (
    {"base": "price", "rate": "tax", "who": "A shop"},
    {"base": "bill", "rate": "tip", "who": "A small restaurant"},
    {"base": "fare", "rate": "surcharge", "who": "A taxi driver"},
    {"base": "rent", "rate": "raise", "who": "A landlady"},
)


def with_percent(random: Random) -> dict[str, Any]:
    amount, percent = random.choice([20, 40, 60, 80, 200]), random.choice([5, 10, 15, 25])
    third = random.choice([3.333, 8.127, 1.468, 12.346])
    return random.choice(RATES) | {"amount": amount, "percent": percent, "third": third}


WITH_PERCENT = family(
    with_percent,
    key="with-percent",
    title="Adding a percentage",
    idea="Add some percent, rounded to cents.",
    called="Adding a $rate",
    concepts=["arithmetic", "rounding"],
    difficulty="easy",
    statement="""
        $who adds a $rate to each $base. The $rate is given in percent of the $base. Write a
        function that takes the $base first and then the percentage. It returns both together:
        the $base with the $rate added. There are no coins smaller than a cent, so the result
        is rounded to two places behind the point.
    """,
    promises=[
        Promise(
            says="So many percent of the $base are added to it",
            shown="with_$rate($amount, $percent)",
            wrong=("$base + $base", "$base - $base"),
            because="$percent percent are added to $amount",
            hidden=("with_$rate(50, 8)", "with_$rate(300, 100)", "with_$rate(10, 0.5)"),
        ),
        Promise(
            says="The result is rounded to two places",
            shown="with_$rate($third, 0)",
            wrong=(", 2)", ", 6)"),
            because="not more than two places behind the point",
            hidden=("with_$rate(0.127, 0)", "with_$rate(5.551, 0)", "with_$rate(99.996, 0)"),
        ),
    ],
    reference='''
        def with_$rate($base, percent):
            """Return the $base with so many percent added, rounded to cents."""
            return round($base + $base * percent / 100, 2)
    ''',
    second="""
        def with_$rate($base, percent):
            factor = (100 + percent) / 100
            return round($base * factor, 2)
    """,
    inputs="random.randint(1, 400), random.choice([0, 5, 10, 20, 50])",
    hints=[
        "How much is one percent of the $base? How much are several percent?",
        "`$base * percent / 100` is what has to be added. `round` takes the places as second.",
        "Return `round(…, 2)`, and in place of the dots the $base plus the added part.",
    ],
)


SCALES = (
    {"a": 9, "b": 5, "c": 32, "what": "Most countries give temperatures in degrees Celsius, some"
     " in degrees Fahrenheit. A weather page wants to show both.", "name": "fahrenheit"},
    {"a": 7, "b": 2, "c": 10, "what": "In a computer game, the planet Zorb has its own degrees."
     " A guide to the game wants to show the heat in Zorb degrees too.", "name": "zorb"},
    {"a": 3, "b": 4, "c": 15, "what": "An old thermometer in a museum has a scale that nobody"
     " uses now. A sign next to it should tell what it would show today.", "name": "old_scale"},
    {"a": 21, "b": 20, "c": 8, "what": "In an old book, temperatures are given on a forgotten"
     " scale. A reader wants to compare them with the ones of today.", "name": "book_scale"},
)  # fmt: skip


def scale(random: Random) -> dict[str, Any]:
    values: dict[str, Any] = dict(random.choice(SCALES))
    step = values["b"]
    values |= {"some": step * random.randint(2, 9) + 1, "cold": -step * random.randint(2, 6)}
    return values


SCALE = family(
    scale,
    key="scale",
    title="Another scale for the heat",
    idea="Turn degrees into another scale.",
    concepts=["arithmetic", "functions"],
    difficulty="medium",
    statement="""
        $what To get from Celsius to the other scale, you multiply with $a, divide by $b and
        then add $c. Write a function that takes the degrees in Celsius, a number. It returns
        the degrees on the other scale. Do not round, and do not cut anything off.
    """,
    promises=[
        Promise(
            says="The result keeps what stands behind the point",
            shown="to_$name($some)",
            wrong=("$a / $b", "$a // $b / 1"),
            because="`/` keeps the part behind the point",
            hidden=("to_$name(1)", "to_$name($b + 1)", "to_$name(10 * $b + 1)"),
        ),
        Promise(
            says="It works below zero too",
            shown="to_$name($cold)",
            wrong=("return celsius", "return abs(celsius)"),
            because="the sign of the degrees matters",
            hidden=("to_$name(-$b)", "to_$name(-10 * $b)", "to_$name(-100 * $b)"),
        ),
    ],
    reference='''
        def to_$name(celsius):
            """Return the degrees on the other scale."""
            return celsius * $a / $b + $c
    ''',
    second="""
        def to_$name(celsius):
            other = $a * celsius / $b
            other += $c
            return other
    """,
    inputs="(random.choice([random.randint(-60, 60), $b * random.randint(-20, 20)]),)",
    hints=[
        "The statement has three steps. Write them down in the same order.",
        "There are two signs for dividing. One of them cuts off what is behind the point.",
        "Start with `celsius * $a`, divide that with `/`, and add $c at the end.",
    ],
)


FAMILIES = (ENTRY_COST, WITH_PERCENT, SCALE)
