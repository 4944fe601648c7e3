"""Exercises on recursion with things in things: lists in lists, folders in folders."""

from __future__ import annotations

from random import Random
from typing import Any

from coursewright.generator.bank.promise import Promise
from coursewright.generator.bank.written import family, pick, table

NESTS = table(
    "name who",
    ("unpack", "A big box holds things, and other boxes with things and boxes"),
    ("add_up", "A firm has teams, which have smaller teams in them"),
    ("walk_through", "A cave has rooms that lead to other rooms"),
    ("empty_out", "A bag holds coins, and small bags with more coins and bags"),
)
WORTHS = table(
    "worth wish",
    ("item", "the sum of all numbers"),
    ("1", "how many numbers there are"),
    ("max(item, 0)", "the sum of all numbers above 0"),
    ("item * item", "the sum of the squares of all numbers"),
)


def nest(random: Random) -> dict[str, Any]:
    a, b, c, d = (random.choice((1, -1)) * random.randint(2, 9) for _ in range(4))
    return pick(random, NESTS, WORTHS) | {
        "deep": [abs(a), [b, [abs(c), [d]]]],
        "deeper": [[[[abs(d), [a]]]], b],
        "hollow": [a, [], abs(b)],
        "hollows": [[], [abs(c)], []],
        "flat": [abs(b), a],
        "twice": [c, [abs(d), b]],
    }


NEST = family(
    nest,
    key="lists-in-lists",
    title="Lists in lists",
    idea="Answer a question about all numbers in a list of lists, by recursion.",
    concepts=["nested-data", "recursive-step"],
    difficulty="medium",
    statement="""
        $who. We write that as a list. An entry of the list is a whole number or a list again, and
        in that one there may be more lists, as deep as you like. Write `$name(items)`. It returns
        $wish, at every depth. For an entry that is a list, the function can call itself. With
        `isinstance(item, list)` you ask whether an entry is a list.
    """,
    promises=[
        Promise(
            says="It returns $wish, at any depth",
            shown="$name($deep)",
            wrong=("$name(item)", "sum($worth for item in item)"),
            because="go as deep as there are lists",
            hidden=("$name($deeper)", "$name([[[[[5]]]]])"),
        ),
        Promise(
            says="Empty lists do no harm",
            shown="$name($hollow)",
            wrong=("if isinstance(item, list):", "if isinstance(item, list) and item:"),
            because="there is nothing in an empty list",
            hidden=("$name([[]])", "$name($hollows)"),
        ),
        Promise(
            says="The list that was given is not changed",
            shown="$name($flat)",
            wrong=(
                "    for item in items:\n",
                "    while items:\n        item = items.pop(0)\n",
            ),
            because="only look at it",
            hidden=("$name($twice)",),
            keeps=True,
        ),
    ],
    reference='''
        def $name(items):
            """Return $wish, at every depth."""
            result = 0
            for item in items:
                if isinstance(item, list):
                    result += $name(item)
                else:
                    result += $worth
            return result
    ''',
    second="""
        def $name(items):
            result, waiting = 0, list(items)
            while waiting:
                item = waiting.pop()
                if isinstance(item, list):
                    waiting.extend(item)
                else:
                    result += $worth
            return result
    """,
    inputs="""([
            random.choice((random.randint(-9, 9), [random.randint(-9, 9)], [], [[4, [-2]], 3]))
            for _ in range(random.randint(0, 4))
        ],)""",
    hints=(
        "What do you do with an entry that is a number? And with one that is a list?",
        "For a list, trust your own function: it gives the answer for that list.",
        "Begin with 0. In a loop add either what the number is worth, or what the call returns.",
    ),
)

TREES = table(
    "name who inner leaf",
    ("paths", "A disk has folders, with files and more folders in them", "folder", "file"),
    ("shelf_marks", "A library has rooms, with shelves and more rooms", "room", "shelf"),
    (
        "full_names",
        "A shop has departments, with articles and more departments",
        "department",
        "article",
    ),
    ("headings", "A book has chapters, with pages and more chapters", "chapter", "page"),
)
JOINTS = table("joint", ("/",), (" > ",), (": ",), ("-",))


def tree(random: Random) -> dict[str, Any]:
    a, b, c, d = random.sample(("ash", "bay", "cat", "dog", "elk", "fox", "gnu", "hen"), 4)
    late, early = sorted((c, d), reverse=True)
    return pick(random, TREES, JOINTS) | {
        "deep": {a: {b: {c: 5}}},
        "deeper": {a: {b: {c: {d: 1}}}},
        "mixed": {late: 3, early: 7},
        "many": {late: 2, b: 1, early: 0, a: 4},
        "empty": {a: {}},
        "empties": {a: {b: {}, c: {}}},
    }


TREE = family(
    tree,
    key="the-whole-way",
    title="The whole way",
    idea="List everything in nested dictionaries, with the way that leads to it.",
    concepts=["nested-data", "recursive-step"],
    difficulty="hard",
    statement="""
        $who. We write that as a dictionary. The keys are names. The value of a $inner is a
        dictionary again, and the value of a $leaf is a number. Write `$name(tree)`. It returns a
        list of texts, one for each $leaf. Each text shows the whole way: the names from the outside
        to the inside, with `'$joint'` between them. A $leaf that is in no $inner is just its name.
    """,
    promises=[
        Promise(
            says="Each text has all names of the way, at any depth",
            shown="$name($deep)",
            wrong=('result.append(f"{name}$joint{rest}")', "result.append(rest)"),
            because="the outer names are missing",
            hidden=("$name($deeper)",),
        ),
        Promise(
            says="The texts have the order of the dictionary",
            shown="$name($mixed)",
            wrong=("return result", "return sorted(result)"),
            because="keep the order that is there",
            hidden=("$name($many)", "$name({})"),
        ),
        Promise(
            says="A $inner with nothing in it gives no text",
            shown="$name($empty)",
            wrong=("if isinstance(inside, dict):", "if isinstance(inside, dict) and inside:"),
            because="only a $leaf has a text",
            hidden=("$name($empties)",),
        ),
    ],
    reference='''
        def $name(tree):
            """Return a text for each $leaf: the whole way to it."""
            result = []
            for name, inside in tree.items():
                if isinstance(inside, dict):
                    for rest in $name(inside):
                        result.append(f"{name}$joint{rest}")
                else:
                    result.append(name)
            return result
    ''',
    second="""
        def $name(tree):
            def found(inside, way):
                if not isinstance(inside, dict):
                    return ["$joint".join(way)]
                return [one for name in inside for one in found(inside[name], [*way, name])]

            return found(tree, [])
    """,
    inputs="""({
            name: random.choice((1, {}, {"x": 2}, {"y": {"z": 3, "w": {}}}))
            for name in random.sample("abcd", random.randint(0, 3))
        },)""",
    hints=(
        "What is the text of an entry whose value is a number?",
        "For a dictionary inside, your own function gives all texts of it. What is missing there?",
        "Put the name and `'$joint'` before each text that the call returns.",
    ),
)

LOCKS = table(
    "name who symbol",
    ("lock_codes", "A lock has wheels, and each wheel has the same signs", "sign"),
    ("chains", "A chain has beads of some colours, each named by a letter", "letter"),
    ("signals", "A ship sends signals with flags, each named by a letter", "letter"),
    ("tunes", "A toy plays short tunes of some notes, each named by a letter", "letter"),
)


def lock(random: Random) -> dict[str, Any]:
    letters = random.sample("abcdekmpsx", 4)
    return pick(random, LOCKS) | {
        "two": "".join(letters[:2]),
        "pair": "".join(letters[2:]),
        "three": "".join(letters[:3]),
        "four": "".join(letters),
        "alone": letters[3],
        "length": random.randint(2, 3),
    }


CODES = family(
    lock,
    key="all-of-them",
    title="All of them",
    idea="List all texts of a given length that can be made of some letters.",
    concepts=["base-case", "recursive-step"],
    difficulty="hard",
    statement="""
        $who. You want to see all that can be made of them, for a given length. Write
        `$name(letters, length)`. It takes a text with all letters, each only once, and a length. It
        returns a list of texts. A $symbol may come more than once in a text. Put each $symbol in
        front of every text that is one shorter: for those the function can call itself.
    """,
    promises=[
        Promise(
            says="For the length 0 there is one text, the empty one",
            shown='$name("$two", 0)',
            wrong=(
                '        return [""]\n',
                "        return []\n    if length == 1:\n        return list(letters)\n",
            ),
            because="a list with an empty text in it",
            hidden=('$name("$three", 0)', '$name("", 0)'),
        ),
        Promise(
            says="Every $symbol is used, at every place",
            shown='$name("$three", 1)',
            wrong=("for first in letters", "for first in letters[:2]"),
            because="use all of them",
            hidden=('$name("$four", 1)', '$name("$alone", 3)', '$name("", 2)'),
        ),
        Promise(
            says="First come all texts that begin with the first $symbol, and so on",
            shown='$name("$two", 2)',
            wrong=(
                "for first in letters for rest in $name(letters, length - 1)",
                "for rest in $name(letters, length - 1) for first in letters",
            ),
            because="the order is not the right one",
            hidden=('$name("$pair", $length)', '$name("$pair", 4)'),
        ),
    ],
    reference='''
        def $name(letters, length):
            """Return all texts of this length, in order."""
            if length == 0:
                return [""]
            return [first + rest for first in letters for rest in $name(letters, length - 1)]
    ''',
    second="""
        def $name(letters, length):
            result = [""]
            for _ in range(length):
                result = [text + last for text in result for last in letters]
            return result
    """,
    inputs="('abc'[: random.randint(0, 3)], random.randint(0, 3))",
    hints=(
        "Which texts have the length 0? There is one.",
        "If you had all texts that are one shorter, what would you do with them?",
        "Use two loops: the outer one over the letters, the inner one over the shorter texts.",
    ),
)

FAMILIES = (NEST, TREE, CODES)
