"""Exercises on sorting: by a rule, from either end, and of lists that are in order already."""

from __future__ import annotations

from random import Random
from typing import Any

from coursewright.generator.bank.promise import Promise
from coursewright.generator.bank.written import family, pick, table

NAMES = ("Ada", "Bo", "Cem", "Dina", "Eli", "Fay", "Gus", "Hal")
TABLES = table(
    "name who what sign order",
    ("ranking", "A quiz has ended", "points", "-", "most points first"),
    ("finish_order", "A run has ended", "seconds", "", "fewest seconds first"),
    ("best_readers", "A library looks back at a year", "books", "-", "most books first"),
    ("cheapest", "A class compares what shops ask for a cake", "coins", "", "fewest coins first"),
    ("queue", "A doctor looks at who comes next", "ticket number", "", "smallest number first"),
)


def ranking(random: Random) -> dict[str, Any]:
    a, b, c, d = sorted(random.sample(NAMES, 4))
    few, some, many = sorted(random.sample(range(3, 50), 3))
    values = pick(random, TABLES)
    best, worst = (many, few) if values["sign"] else (few, many)
    return values | {
        "distinct": [(a, some), (b, worst), (c, best)],
        "tied": [(d, some), (b, some)],
        "late": [(c, worst), (a, best)],
        "more": [(c, some), (a, some)],
        "lone": [(b, worst), (d, some)],
    }


RANK = family(
    ranking,
    key="rank-them",
    title="Who comes first?",
    idea="Sort tuples by one number, and by name where the numbers are equal.",
    concepts=["sort-keys"],
    difficulty="medium",
    statement="""
        $who. There is a list of tuples. Each tuple has a name and a whole number, the $what. Now
        everyone wants to see the names in order: $order. Nobody is happy with an order by chance,
        so there is a rule for equal numbers too. Write `$name(entries)`. It returns a list of the
        names only.
    """,
    promises=[
        Promise(
            says="The names are in the right order, $order",
            shown="$name($distinct)",
            wrong=("in ranked]", "in ranked[:1] + [one for one in entries if one != ranked[0]]]"),
            because="put all of them in order",
            hidden=("$name([])",),
        ),
        Promise(
            says="Where the numbers are equal, the names are in alphabetical order",
            shown="$name($tied)",
            wrong=("(${sign}entry[1], entry[0])", "${sign}entry[1]"),
            because="both have the same number",
            hidden=("$name($more)",),
        ),
        Promise(
            says="The list that was given is not changed",
            shown="$name($late)",
            wrong=("    return", "    entries.sort()\n    return"),
            because="sort a new list",
            hidden=("$name($lone)",),
            keeps=True,
        ),
    ],
    reference='''
        def $name(entries):
            """Return the names, $order."""
            ranked = sorted(entries, key=lambda entry: (${sign}entry[1], entry[0]))
            return [name for name, number in ranked]
    ''',
    second="""
        def $name(entries):
            turned = [(${sign}number, name) for name, number in entries]
            turned.sort()
            return [pair[1] for pair in turned]
    """,
    inputs="""([
            (random.choice("ABCDEF"), random.randint(1, 4)) for _ in range(random.randint(0, 4))
        ],)""",
    hints=(
        "`sorted` has a `key`: a function that tells for one entry what to compare.",
        "The key may be a tuple: then the second part decides where the first ones are equal.",
        "Sort the tuples with such a key. Only then take the names out of them.",
    ),
)

TOPS = table(
    "name who values value",
    ("best_results", "A jumper looks at all jumps of a year", "jumps", "jump"),
    ("podium", "A game keeps all scores ever made", "scores", "score"),
    ("selection", "A farmer weighs all pumpkins", "weights", "weight"),
    ("extremes", "A weather station keeps a list of degrees", "degrees", "number"),
)
FROM = table(
    "which first turn tail turned end",
    ("largest", "the largest one first", ", reverse=True", "", "reverse=True", "max"),
    ("smallest", "the smallest one first", "", ", reverse=True", "", "min"),
)


def tops(random: Random) -> dict[str, Any]:
    values = pick(random, TOPS, FROM)
    low, middle, high = sorted(random.sample(range(5, 60), 3))
    ends = [middle, high, low, high] if values["which"] == "largest" else [middle, low, high, low]
    return values | {"ends": ends, "few": [middle, low], "mixed": [middle, high, low]}


TOP = family(
    tops,
    key="the-first-few",
    title="The first few",
    idea="Return the largest or smallest numbers of a list, as many as wanted.",
    concepts=["sorting"],
    difficulty="medium",
    statement="""
        $who. It is a list of whole numbers, in no order. For a poster only a few are wanted: the
        $which ones, $first. How many fit on the poster is different each time. Write
        `$name($values, count)`. It returns a new list of so many numbers. The old list has to stay
        as it is.
    """,
    promises=[
        Promise(
            says="It returns the $which numbers, and equal numbers each count",
            shown="$name($ends, 2)",
            wrong=("sorted($values", "sorted(set($values)"),
            because="a number that is there twice counts twice",
        ),
        Promise(
            says="If there are fewer numbers than wanted, all of them are returned",
            shown="$name($few, 5)",
            wrong=("    return", "    if count > len($values):\n        return []\n    return"),
            because="return what there is",
            hidden=("$name($few, 3)", "$name([], 2)", "$name($mixed, 9)"),
        ),
        Promise(
            says="A count of 0 gives an empty list",
            shown="$name($mixed, 0)",
            wrong=(
                "sorted($values$turn)[:count]",
                "sorted($values$tail)[-count:][::-1]",
            ),
            because="none at all were wanted",
            hidden=("$name($few, 0)",),
        ),
        Promise(
            says="The list that was given is not changed",
            shown="$name($mixed, 1)",
            wrong=("    return", "    $values.sort($turned)\n    return"),
            because="sort a new list",
            hidden=("$name($mixed, 3)",),
            keeps=True,
        ),
    ],
    reference='''
        def $name($values, count):
            """Return the $which numbers, $first."""
            return sorted($values$turn)[:count]
    ''',
    second="""
        def $name($values, count):
            rest = list($values)
            result = []
            while rest and len(result) < count:
                result.append($end(rest))
                rest.remove(result[-1])
            return result
    """,
    inputs="([random.randint(1, 9) for _ in range(random.randint(0, 5))], random.randint(0, 6))",
    hints=(
        "Which of `sorted(...)` and `.sort()` makes a new list?",
        "Once the list is in order, the wanted numbers stand at its start.",
        "A slice `[:count]` takes the first ones. It does not mind if there are fewer.",
    ),
)

MERGES = table(
    "name who what",
    ("merge_times", "Two runs were timed, each on its own track", "times in seconds"),
    ("one_shelf", "Two shelves of books, sorted by number, become one", "numbers"),
    ("join_queues", "Two queues at an office become one", "ticket numbers"),
    ("all_heights", "Two classes line up together", "heights in centimetres"),
)
ORDERS = table(
    "order turn far",
    ("smallest first", "", "1"),
    ("largest first", ", reverse=True", "-1"),
)


def merges(random: Random) -> dict[str, Any]:
    values = pick(random, MERGES, ORDERS)
    step = int(values["far"])
    a, b, c, d = sorted(random.sample(range(10, 90), 4))[::step]
    return values | {
        "odd": [b, d],
        "even": [a, c],
        "low": [a, b],
        "twice": [b, c],
        "high": [c, d],
        "all": [b, b],
        "lone": [d],
    }


MERGE = family(
    merges,
    key="two-become-one",
    title="Two become one",
    idea="Make one list in order of two lists in order.",
    concepts=["sorting"],
    difficulty="easy",
    statement="""
        $who. Each gave a list of $what, and each list is in order: $order. Now one list of all the
        numbers is wanted, in the same order. Both old lists are still needed as they are. Write
        `$name(first, second)`. It returns the new list. Any of the two may be empty.
    """,
    promises=[
        Promise(
            says="All numbers are in the new list, $order",
            shown="$name($odd, $even)",
            wrong=("sorted(first + second$turn)", "first + second"),
            because="the new list must be in order as a whole",
        ),
        Promise(
            says="Equal numbers are all there",
            shown="$name($low, $twice)",
            wrong=("sorted(first + second", "sorted(set(first + second)"),
            because="nothing may be lost",
            hidden=("$name($all, [])", "$name([], $all)", "$name($all, $twice)"),
        ),
        Promise(
            says="The list `first` is not changed",
            shown="$name($low, $high)",
            wrong=(
                "    return sorted(first + second",
                "    first.extend(second)\n    return sorted(first",
            ),
            because="put the numbers into a new list",
            hidden=("$name($low, $lone)",),
            keeps=True,
        ),
    ],
    reference='''
        def $name(first, second):
            """Return one list of both, $order."""
            return sorted(first + second$turn)
    ''',
    second="""
        def $name(first, second):
            one, two, result = list(first), list(second), []
            while one and two:
                result.append(one.pop(0) if $far * one[0] < $far * two[0] else two.pop(0))
            return result + one + two
    """,
    inputs="""tuple(
            sorted(random.choices(range(12), k=random.randint(0, 4)))[::$far] for _ in range(2)
        )""",
    hints=(
        "Two lists become one long list with `+`. Is that one in order?",
        "`+` makes a new list, so nothing happens to the old ones.",
        "Sort the long list. For an order from the top `sorted` takes `reverse=True`.",
    ),
)

FAMILIES = (RANK, TOP, MERGE)
