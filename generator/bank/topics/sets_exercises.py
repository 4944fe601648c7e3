"""Exercises on sets: collections in which each thing is there once, in no order."""

from __future__ import annotations

from random import Random
from typing import Any

from coursewright.generator.bank.promise import Promise
from coursewright.generator.bank.written import family, pick, table

WORDS = ("amber", "coral", "hazel", "ivory", "jade", "olive", "opal", "ruby")
PLACES = table(
    "where thing use",
    ("A school has two clubs", "name", "who may come to which room"),
    ("A village has two gardens", "plant", "what to sow next"),
    ("A town has two small shops", "product", "what to order"),
    ("A band plays two concerts", "song", "what to practise"),
    ("A house has two book shelves", "title", "what to lend out"),
)
OVERLAPS = table(
    "name which op slip seen",
    ("in_both", "are in both lists", "&", "set(second)", "(1, 1)"),
    (
        "only_first",
        "are in the first list but not in the second",
        "-",
        "set(first) ^ set(second)",
        "(1, 0)",
    ),
    (
        "in_just_one",
        "are in one of the lists but not in the other",
        "^",
        "set(first) - set(second)",
        "(1, 0), (0, 1)",
    ),
)


def two_lists(random: Random) -> dict[str, Any]:
    values = pick(random, PLACES, OVERLAPS)
    early, late, extra = sorted(random.sample(WORDS, 3))
    return values | {
        "one": [late] if values["op"] == "^" else [early, late],
        "two": [late, extra],
        "untidy": [late, early, late],
        "rest": [early, late] if values["op"] == "&" else [],
        "down": [late, early],
        "late": [late],
        "more": [extra, late, early],
        "some": [early] if values["op"] == "&" else [late, extra],
    }


OVERLAP = family(
    two_lists,
    key="two-lists",
    title="Two lists",
    idea="Compare two lists with the operations of sets.",
    concepts=["sets"],
    difficulty="easy",
    statement="""
        $where. For each there is a list with one $thing in every entry. The lists were written in a
        hurry, so the same $thing may be there more than once. You want to see $use. Write
        `$name(first, second)`. It gets both lists and returns a new list of the entries that
        $which.
    """,
    promises=[
        Promise(
            says="It returns the entries that $which, and no others",
            shown="$name($one, $two)",
            wrong=("set(first) $op set(second)", "$slip"),
            because="think again about which entries are asked for",
        ),
        Promise(
            says="The result is in alphabetical order, with each entry once",
            shown="$name($untidy, $rest)",
            wrong=("set(second))", "set(second), reverse=True)"),
            because="in order, and nothing twice",
        ),
        Promise(
            says="The list `first` is not changed",
            shown="$name($down, $late)",
            wrong=("    return", "    first.sort()\n    return"),
            because="leave the list as it was",
            hidden=("$name($more, $some)",),
            keeps=True,
        ),
    ],
    reference='''
        def $name(first, second):
            """Return, in order, the entries that $which."""
            return sorted(set(first) $op set(second))
    ''',
    second="""
        def $name(first, second):
            found = []
            for entry in first + second:
                seen = (int(entry in first), int(entry in second))
                if seen in [$seen] and entry not in found:
                    found.append(entry)
            found.sort()
            return found
    """,
    inputs="tuple(random.choices('abcde', k=random.randint(0, 5)) for _ in range(2))",
    hints=(
        "What happens to repeats when you make a set of each list?",
        "Two sets can be put together with `&`, `|`, `-` or `^`. Which one fits here?",
        "Make both sets, put one sign between them, and give the result to `sorted`.",
    ),
)

SURVEYS = table(
    "name who things one",
    ("different_birds", "A bird watcher writes down every bird", "birds", "bird"),
    ("different_towns", "A postman writes down the town of every letter", "towns", "town"),
    ("different_wishes", "A class collects wishes for a class trip", "wishes", "wish"),
    ("different_teas", "A tea room writes down every order", "teas", "tea"),
)
LIKENESSES = table(
    "same clean odd",
    ("Capital and small letters are taken as the same", ".lower()", "upper"),
    ("Spaces around a word are not looked at", ".strip()", " {} "),
    ("Hyphens in a word are not looked at", '.replace("-", "")', "{}-"),
)


def survey(random: Random) -> dict[str, Any]:
    values = pick(random, SURVEYS, LIKENESSES)
    a, b, c = random.sample(WORDS, 3)
    odd = a.upper() if values["odd"] == "upper" else values["odd"].format(a)
    return values | {
        "again": [a, b, a, c],
        "alike": [a, odd, b],
        "more": [b, odd, a, odd],
    }


DIFFERENT = family(
    survey,
    key="how-many-different",
    title="How many different ones?",
    idea="Count the different words of a list that is not written evenly.",
    concepts=["sets"],
    difficulty="easy",
    statement="""
        $who. At the end of the day there is a long list of words, and many are there several times.
        Now the question is how many different $things there were. Write `$name($things)`. It gets
        the list of words and returns a whole number. People do not all write alike, so look at the
        second promise too.
    """,
    promises=[
        Promise(
            says="Each $one counts once, wherever it comes back in the list",
            shown="$name($again)",
            wrong="""
                def $name($things):
                    kept = []
                    for word in $things:
                        if kept[-1:] != [word$clean]:
                            kept.append(word$clean)
                    return len(kept)
            """,
            because="a word that comes back is not new",
        ),
        Promise(
            says="$same",
            shown="$name($alike)",
            wrong=("word$clean", "word"),
            because="two of these are the same",
            hidden=("$name($more)",),
        ),
        Promise(
            says="An empty list gives 0",
            shown="$name([])",
            wrong=("len(found)", "len(found) or None"),
            because="nothing was seen",
        ),
    ],
    reference='''
        def $name($things):
            """Return the number of different words in the list."""
            found = set()
            for word in $things:
                found.add(word$clean)
            return len(found)
    ''',
    second="""
        def $name($things):
            words = sorted(word$clean for word in $things)
            return sum(1 for at, word in enumerate(words) if words.index(word) == at)
    """,
    inputs="""(random.choices(
            ["ash", "Ash", " ash", "a-sh", "elm", "ELM", "elm ", "el-m", "fir", "oak"],
            k=random.randint(0, 6),
        ),)""",
    hints=(
        "Which collection keeps each thing only once?",
        "Begin with `set()`. Go through the list and add each word to it.",
        "Clean each word before you add it. At the end, return the length of the set.",
    ),
)

BAGS = table(
    "name who have need",
    ("bag_is_ready", "Before a hike you look into your bag", "packed", "needed"),
    ("can_cook", "Before you cook you look into the kitchen", "kitchen", "recipe"),
    ("can_build", "Before you build a shelf you look into the tool box", "tools", "plan"),
    ("team_is_complete", "Before a match the trainer looks at the team", "present", "wanted"),
)


def bag(random: Random) -> dict[str, Any]:
    a, b, c, d = random.sample(WORDS, 4)
    return pick(random, BAGS) | {"all": [a, b, c], "some": [c, a], "bad": [a, d]}


READY = family(
    bag,
    key="is-everything-there",
    title="Is everything there?",
    idea="Tell whether everything in one list is also in another one.",
    concepts=["sets", "subsets"],
    difficulty="easy",
    statement="""
        $who. There are two lists of words: what is there, and what you cannot do without. A word
        may be in a list twice; once is enough. Write `$name($have, $need)`. It returns `True` if
        every entry of `$need` is also in `$have`, and `False` if anything is missing. The order
        does not matter.
    """,
    promises=[
        Promise(
            says="Things that are there but not needed do no harm",
            shown="$name($all, $some)",
            wrong=("set($need) <= set($have)", "set($need) == set($have)"),
            because="all of it is there, and more",
        ),
        Promise(
            says="One missing thing is enough for `False`",
            shown="$name($all, $bad)",
            wrong=("set($need) <= set($have)", "len(set($need)) <= len(set($have))"),
            because="one of these is missing",
        ),
        Promise(
            says="Where nothing is needed, the answer is `True`",
            shown="$name([], [])",
            wrong=("return ", "return len($need) > 0 and "),
            because="nothing can be missing",
        ),
    ],
    reference='''
        def $name($have, $need):
            """Return whether all that is needed is there."""
            return set($need) <= set($have)
    ''',
    second="""
        def $name($have, $need):
            for entry in $need:
                if entry not in $have:
                    return False
            return True
    """,
    inputs="tuple(random.choices('abcde', k=random.randint(0, 4)) for _ in range(2))",
    hints=(
        "This is a question about two sets: is one of them a part of the other?",
        "For sets, `small <= large` asks whether all of `small` is in `large`.",
        "Make a set of each list. Return the answer of one comparison.",
    ),
)

FAMILIES = (OVERLAP, DIFFERENT, READY)
