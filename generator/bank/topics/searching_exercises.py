"""Exercises on searching: the first that fits, the nearest one, and a place in a sorted list."""

from __future__ import annotations

from random import Random
from typing import Any

from coursewright.generator.bank.promise import Promise
from coursewright.generator.bank.written import family, pick, table

LOGS = table(
    "name who values what",
    ("alarm_at", "A tank has a meter", "levels", "levels"),
    ("record_at", "A runner notes every run", "lengths", "lengths"),
    ("event_at", "A weather station notes the wind", "speeds", "speeds"),
    ("jump_at", "A shop notes how many people come in each hour", "visits", "visits"),
)
ENDS = table(
    "which order slip_order",
    ("first", "range(len($values))", "reversed(range(len($values)))"),
    ("last", "reversed(range(len($values)))", "range(len($values))"),
)
SIGNS = table("sign slip word", (">", ">=", "above"), ("<", "<=", "below"))
NOTHING = table("otherwise", ("-1",), ("None",))


def log(random: Random) -> dict[str, Any]:
    values = pick(random, LOGS, ENDS, SIGNS, NOTHING)
    for name in ("order", "slip_order"):
        values[name] = values[name].replace("$values", values["values"])
    limit, over = random.randint(10, 50), 1 if values["sign"] == ">" else -1
    edge = [limit - over, limit, limit + over]
    return values | {
        "limit": limit,
        "edge": edge if values["which"] == "first" else edge[::-1],
        "many": [limit - over, limit + over, limit - 2 * over, limit + 3 * over, limit - over],
        "calm": [limit - over, limit - 5 * over],
        "all": [limit + 2 * over, limit + over],
    }


POSITION = family(
    log,
    key="where-was-it",
    title="Where was it?",
    idea="Find the place of the first or last number that meets a condition.",
    concepts=["linear-search"],
    difficulty="easy",
    statement="""
        $who. The $what are whole numbers in a list, in the order of time. Someone wants to know
        when a number was $word a given limit. The answer is a place in the list, counted from 0, as
        Python does. Write `$name($values, limit)`. It returns the place of the $which such number.
        If there is none, it returns $otherwise.
    """,
    promises=[
        Promise(
            says="A number that is equal to the limit is not $word it",
            shown="$name($edge, $limit)",
            wrong=(" $sign limit", " $slip limit"),
            because="look at the limit again",
        ),
        Promise(
            says="Where several numbers are $word the limit, the $which one is taken",
            shown="$name($many, $limit)",
            wrong=("in $order:", "in $slip_order:"),
            because="there are two, which one is wanted?",
            hidden=("$name($all, $limit)",),
        ),
        Promise(
            says="Where no number is $word the limit, the answer is $otherwise",
            shown="$name($calm, $limit)",
            wrong=("return $otherwise", "return len($values)"),
            because="there is no such number",
            hidden=("$name($calm[:1], $limit)",),
        ),
    ],
    reference='''
        def $name($values, limit):
            """Return the place of the $which number $word the limit, or $otherwise."""
            for place in $order:
                if $values[place] $sign limit:
                    return place
            return $otherwise
    ''',
    second="""
        def $name($values, limit):
            places = [place for place, value in enumerate($values) if value $sign limit]
            if len(places) == 0:
                return $otherwise
            return places[0 if "$which" == "first" else -1]
    """,
    inputs="""(
            [random.randint(1, 9) for _ in range(random.randint(0, 6))],
            random.randint(0, 10),
        )""",
    hints=(
        "Go through the places of the list, not only through its numbers.",
        "`range(len(...))` gives all places. With `reversed` around it they come from the end.",
        "A `return` inside the loop stops at once. The answer for nothing stands below the loop.",
    ),
)

ROWS = table(
    "name who values new",
    ("place_for_book", "In a library the books stand in the order of their numbers",
     "numbers", "number"),
    ("place_for_card", "A player holds cards in the order of their values", "cards", "card"),
    ("place_for_child", "Children stand in a row in the order of their heights",
     "heights", "height"),
    ("place_for_score", "A list of scores is kept in order", "scores", "score"),
)  # fmt: skip
EQUALS = table("sign slip side", ("<", "<=", "before"), ("<=", "<", "behind"))


def row(random: Random) -> dict[str, Any]:
    a, b, c, d = sorted(random.sample(range(10, 90), 4))
    return pick(random, ROWS, EQUALS) | {
        "row": [a, b, c],
        "beyond": d,
        "equal": [a, b, b, c],
        "middle": b,
        "low": a,
        "high": c,
        "gap": [a, c],
        "ends": [b, d],
    }


PLACE = family(
    row,
    key="a-place-in-the-row",
    title="A place in the row",
    idea="Find by halving where a new number belongs in a sorted list.",
    concepts=["binary-search"],
    difficulty="hard",
    statement="""
        $who, the smallest first. Now one more comes in. Where must it go so that the order stays
        right? The row can be very long, so look in the middle and drop one half each time. Write
        `$name($values, $new)`. It returns the place, counted from 0. It does not put the new number
        in: others will do that.
    """,
    promises=[
        Promise(
            says="The place is the one that keeps the order, from the start to the very end",
            shown="$name($row, $beyond)",
            wrong=("len($values)", "len($values) - 1"),
            because="it is larger than all others",
            hidden=("$name([], $middle)", "$name($row, $low - 1)", "$name($gap, $beyond)"),
        ),
        Promise(
            says="If the number is there already, the place is $side all equal ones",
            shown="$name($equal, $middle)",
            wrong=("[middle] $sign $new", "[middle] $slip $new"),
            because="there are equal numbers in the row",
            hidden=("$name($row, $low)", "$name($equal, $low)"),
        ),
        Promise(
            says="The list that was given is not changed",
            shown="$name($gap, $middle)",
            wrong=("    return low", "    $values.insert(low, $new)\n    return low"),
            because="only find the place",
            hidden=("$name($ends, $high)",),
            keeps=True,
        ),
    ],
    reference='''
        def $name($values, $new):
            """Return the place at which the new number keeps the order."""
            low, high = 0, len($values)
            while low < high:
                middle = (low + high) // 2
                if $values[middle] $sign $new:
                    low = middle + 1
                else:
                    high = middle
            return low
    ''',
    second="""
        def $name($values, $new):
            return sum(1 for value in $values if value $sign $new)
    """,
    inputs="""(
            sorted(random.choices(range(1, 12), k=random.randint(0, 7))),
            random.randint(0, 12),
        )""",
    hints=(
        "Keep two places, `low` and `high`. The answer is always between them, or one of them.",
        "Compare the number in the middle with the new one. Which half can be dropped?",
        "If the middle is too small, go on with `low = middle + 1`, else with `high = middle`.",
    ),
)

NEARS = table(
    "name who values target",
    ("nearest_stop", "A lift stops at some floors, also below the ground", "stops", "floor"),
    ("nearest_mark", "A ruler has marks on both sides of 0", "marks", "point"),
    ("nearest_degree", "A freezer has some settings, in degrees", "settings", "wish"),
    ("nearest_year", "A museum has rooms for some years, before and after year 0", "rooms", "year"),
)
TIES = table("sign which turn", ("", "smaller", ""), ("-", "larger", ", reverse=True"))


def near(random: Random) -> dict[str, Any]:
    values, target, gap = pick(random, NEARS, TIES), random.randint(10, 60), random.randint(2, 5)
    pair = [target + gap, target - gap]
    tie = pair if values["which"] == "smaller" else pair[::-1]
    return values | {
        "below": [gap - target, target + 2 * gap],
        "aim": target,
        "tie": tie,
        "more": [*tie, target + 4 * gap],
    }


NEAREST = family(
    near,
    key="the-nearest-one",
    title="The nearest one",
    idea="Find the number of a list with the smallest distance to a given one.",
    concepts=["sort-keys"],
    difficulty="medium",
    statement="""
        $who. They are whole numbers in a list, in no order, and some may be negative. Someone asks
        for a number that is maybe not in the list. Then the nearest one will have to do. Write
        `$name($values, $target)`. It returns the number of the list with the smallest distance to
        `$target`. If the list is empty, the answer is `None`.
    """,
    promises=[
        Promise(
            says="It returns the number with the smallest distance, negative numbers included",
            shown="$name($below, $aim)",
            wrong=("abs(one - $target)", "abs(abs(one) - abs($target))"),
            because="work out both distances",
        ),
        Promise(
            says="If two numbers are equally near, the $which one is returned",
            shown="$name($tie, $aim)",
            wrong=("(abs(one - $target), ${sign}one)", "abs(one - $target)"),
            because="both have the same distance",
            hidden=("$name($more, $aim)",),
        ),
        Promise(
            says="An empty list gives `None`",
            shown="$name([], $aim)",
            wrong=("    if not $values:\n        return None\n", ""),
            because="there is nothing to choose from",
            hidden=("$name([], 0)",),
        ),
    ],
    reference='''
        def $name($values, $target):
            """Return the nearest number, or None if there is none."""
            if not $values:
                return None
            return min($values, key=lambda one: (abs(one - $target), ${sign}one))
    ''',
    second="""
        def $name($values, $target):
            best = None
            for one in sorted($values$turn):
                if best is None or abs($target - one) < abs($target - best):
                    best = one
            return best
    """,
    inputs="""(
            [random.randint(-9, 9) for _ in range(random.randint(0, 5))],
            random.randint(-9, 9),
        )""",
    hints=(
        "The distance of two numbers is `abs(one - other)`.",
        "`min` takes a `key`, just as `sorted` does.",
        "Let the key be a tuple: first the distance, then what decides between equal ones.",
    ),
)

FAMILIES = (POSITION, PLACE, NEAREST)
