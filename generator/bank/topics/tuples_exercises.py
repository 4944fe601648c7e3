"""Exercises on tuples: a few values that belong together, taken apart by unpacking."""

from __future__ import annotations

from random import Random
from typing import Any

from coursewright.generator.bank.promise import Promise
from coursewright.generator.bank.written import family, pick, table

DIARIES = table(
    "what who values",
    ("temperatures of a week", "A weather station", "degrees"),
    ("points of a card game", "A group of friends", "points"),
    ("pages that were read each day", "A keen reader", "pages"),
    ("visitors of each hour", "A small museum", "visitors"),
    ("bottles that were sold each day", "A market stall", "bottles"),
)
ENDS = table("first end at", ("lowest", "min", "0"), ("highest", "max", "-1"))
FACTS = table(
    "second short fact slip again",
    ("sum of all numbers", "total", "sum({})", "sum(set({}))", "sum(ordered)"),
    ("number of entries", "count", "len({})", "len(set({}))", "len(ordered)"),
    ("number of different entries", "kinds", "len(set({}))", "len({})", "len(dict.fromkeys({}))"),
)


def diary(random: Random) -> dict[str, Any]:
    values = pick(random, DIARIES, ENDS, FACTS)
    low, middle, high = sorted(random.sample(range(3, 30), 3))
    best = low if values["end"] == "min" else high
    return values | {
        "name": f"{values['first']}_and_{values['short']}",
        "fact": values["fact"].format(values["values"]),
        "slip": values["slip"].format(values["values"]),
        "again": values["again"].format(values["values"]),
        "mixed": [middle, low, high],
        "twice": [best, middle, middle],
    }


TWO_FACTS = family(
    diary,
    key="two-facts",
    title="Two facts at once",
    idea="Return two facts about a list of numbers as one tuple.",
    concepts=["tuples"],
    difficulty="easy",
    statement="""
        $who keeps a list of whole numbers: the $what. Two facts about it are wanted at the same
        time. Write `$name($values)`. It returns both as one tuple: first the $first number, then
        the $second. Sometimes the list is still empty. Then there is nothing to look at, and both
        facts are 0.
    """,
    promises=[
        Promise(
            says="The first part of the tuple is the $first number",
            shown="$name($mixed)",
            wrong=("$end($values)", "$values[0]"),
            because="look through the whole list for the first part",
        ),
        Promise(
            says="The second part is the $second",
            shown="$name($twice)",
            wrong=("$fact)", "$slip)"),
            because="the second part does not fit",
        ),
        Promise(
            says="An empty list gives two zeros",
            shown="$name([])",
            wrong=("return (0, 0)", "return (None, None)"),
            because="think of the empty list first",
        ),
    ],
    reference='''
        def $name($values):
            """Return the $first number and the $second, as a tuple."""
            if not $values:
                return (0, 0)
            return ($end($values), $fact)
    ''',
    second="""
        def $name($values):
            ordered = sorted($values)
            if len(ordered) == 0:
                return (0, 0)
            return (ordered[$at], $again)
    """,
    inputs="([random.randint(-9, 20) for _ in range(random.randint(0, 7))],)",
    hints=(
        "Find the two facts one after the other, each with a built-in function.",
        "Some functions cannot work with an empty list. Ask for that case before them.",
        "A tuple is written with a comma: `return (one, two)`.",
    ),
)

ROBOTS = table(
    "name who field",
    ("walk", "A robot moves over a floor of square tiles", "tile"),
    ("last_place", "A piece is moved over a board of squares", "square"),
    ("drive", "A small car is steered over a map of squares", "square"),
    ("crawl", "A beetle crawls over a wall of square tiles", "tile"),
)
SIGNS = table(
    "right left up down way",
    ("R", "L", "U", "D", "right, left, up and down"),
    ("E", "W", "N", "S", "right (east), left (west), up (north) and down (south)"),
    (">", "<", "^", "v", "right, left, up and down"),
)


def robot(random: Random) -> dict[str, Any]:
    start = (random.randint(1, 5), random.randint(6, 9))
    return pick(random, ROBOTS, SIGNS) | {"step": random.randint(1, 4), "start": start}


WALK = family(
    robot,
    key="follow-the-moves",
    title="Where does it end?",
    idea="Follow a text of moves over a board, with places as tuples.",
    concepts=["tuples", "unpacking"],
    difficulty="medium",
    statement="""
        $who. Its place is a tuple of two numbers: how far across it is, and how far up. Moves are
        written as a text of signs. Four signs have a meaning: $right, $left, $up and $down stand
        for $way. Each move goes $step far. So $right makes the first number larger by $step, and
        $up makes the second one larger by $step. Write `$name(start, moves)`. It returns the last
        $field as a tuple.
    """,
    promises=[
        Promise(
            says="The signs $right and $left change the first number",
            shown="$name($start, '$right$left$left')",
            wrong=('"$left": (-$step, 0)', '"$left": ($step, 0)'),
            because="follow the signs for right and left",
            hidden=("$name((0, 0), '$right$right$right')", "$name((0, 0), '$left')"),
        ),
        Promise(
            says="The signs $up and $down change the second number",
            shown="$name($start, '$down$up$down')",
            wrong=('"$down": (0, -$step)', '"$down": (0, $step)'),
            because="follow the signs for up and down",
            hidden=("$name((0, 0), '$down')", "$name((2, 1), '$up$up')"),
        ),
        Promise(
            says="Any other sign changes nothing",
            shown="$name($start, '?')",
            wrong=("if move in steps:", "if move:"),
            because="signs that mean nothing are passed over",
            hidden=("$name((1, 2), 'x$right')", "$name((1, 2), '$up. $up')"),
        ),
    ],
    reference='''
        def $name(start, moves):
            """Return the place, (across, up), after all moves."""
            steps = {
                "$right": ($step, 0),
                "$left": (-$step, 0),
                "$up": (0, $step),
                "$down": (0, -$step),
            }
            across, up = start
            for move in moves:
                if move in steps:
                    more_across, more_up = steps[move]
                    across += more_across
                    up += more_up
            return (across, up)
    ''',
    second="""
        def $name(start, moves):
            across = moves.count("$right") - moves.count("$left")
            up = moves.count("$up") - moves.count("$down")
            return (start[0] + $step * across, start[1] + $step * up)
    """,
    inputs="""(
            (random.randint(-5, 5), random.randint(-5, 5)),
            "".join(random.choices("$right$left$up$down?", k=random.randint(0, 6))),
        )""",
    hints=(
        "Take the tuple apart first: `across, up = start`.",
        "A dictionary can hold, for each sign, a tuple with both changes.",
        "For each move that the dictionary knows, add one change to `across` and one to `up`.",
    ),
)

MUTUALS = table(
    "name who pair each",
    ("friends", "In a class, everybody says whom they like", "who likes whom", "pupil"),
    ("both_ways", "A bus company lists its lines", "from where to where", "town"),
    ("pen_pals", "A club lists its letters", "who wrote to whom", "member"),
    ("rematches", "A chess club lists its games", "who had white against whom", "player"),
)


def pairs(random: Random) -> dict[str, Any]:
    a, b, c, d = sorted(random.sample(("Ada", "Bo", "Cem", "Dina", "Eli", "Fay", "Gus"), 4))
    return pick(random, MUTUALS) | {
        "mixed": [(a, c), (c, a), (a, b)],
        "many": [(d, b), (b, d), (c, a), (d, b), (a, c)],
        "every": [(one, two) for one in (d, a, c, b) for two in (b, c, a, d) if one != two],
        "self": [(b, b)],
        "selves": [(a, b), (b, a), (b, b)],
    }


MUTUAL = family(
    pairs,
    key="there-and-back",
    title="There and back",
    idea="Find the pairs that a list holds in both directions.",
    concepts=["sets", "tuples"],
    difficulty="hard",
    statement="""
        $who. Every entry is a tuple of two words: $pair. The same tuple may be in the list more
        than once. We look for pairs that are there in both directions. Write `$name(pairs)`. It
        returns a new list of tuples, one for each such pair. In each tuple the two words are in
        alphabetical order.
    """,
    promises=[
        Promise(
            says="A pair counts if it is there in both directions",
            shown="$name($mixed)",
            wrong=(" and (other, one) in known", ""),
            because="one direction is not enough",
        ),
        Promise(
            says="The tuples of the result are in alphabetical order, each of them once",
            shown="$name($many)",
            wrong=("sorted(found)", "sorted(found, reverse=True)"),
            because="in order, and nothing twice",
            hidden=("$name($every)",),
        ),
        Promise(
            says="A $each paired with itself does not count",
            shown="$name($self)",
            wrong=("one < other", "one <= other"),
            because="it takes two for a pair",
            hidden=("$name($selves)",),
        ),
    ],
    reference='''
        def $name(pairs):
            """Return, in order, the pairs that are there in both directions."""
            known = set(pairs)
            found = []
            for one, other in known:
                if one < other and (other, one) in known:
                    found.append((one, other))
            return sorted(found)
    ''',
    second="""
        def $name(pairs):
            words = sorted({word for pair in pairs for word in pair})
            return [
                (first, second)
                for at, first in enumerate(words)
                for second in words[at + 1 :]
                if pairs.count((first, second)) and pairs.count((second, first))
            ]
    """,
    inputs="""([
            (random.choice("abc"), random.choice("abc")) for _ in range(random.randint(0, 6))
        ],)""",
    hints=(
        "For a tuple `(one, other)`, which tuple is the way back?",
        "Put all pairs into a set. Then you can ask quickly whether the way back is in it.",
        "If you keep only pairs with `one < other`, each comes once and none with itself.",
    ),
)

FAMILIES = (TWO_FACTS, WALK, MUTUAL)
