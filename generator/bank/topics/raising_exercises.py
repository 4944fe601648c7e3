"""Exercises on raising errors: refuse what makes no sense, and say why."""

from __future__ import annotations

from random import Random
from typing import Any

from coursewright.generator.bank.promise import Promise
from coursewright.generator.bank.written import family, pick, table

TAKES = table(
    "name who stock wanted what",
    ("book", "A theatre sells seats", "free", "wanted", "seats"),
    ("lend", "A shop lends out bicycles", "there", "wanted", "bicycles"),
    ("withdraw", "A bank pays out money", "balance", "amount", "coins"),
    ("pour", "A cook pours milk out of a can", "full", "needed", "cups"),
    ("cut", "A tailor cuts cloth from a roll", "length", "piece", "metres"),
)


def take(random: Random) -> dict[str, Any]:
    much = random.randint(20, 90)
    least = random.randint(1, 4)
    return pick(random, TAKES) | {
        "much": much,
        "some": random.randint(least + 1, 15),
        "least": least,
        "less": least - 1,
        "more": much + 1,
        "enough": much - 1,
    }


TAKE = family(
    take,
    key="take-what-is-there",
    title="Only what is there",
    idea="Take a number from a stock, and refuse what cannot be.",
    concepts=["raising-errors"],
    difficulty="easy",
    statement="""
        $who. The function for it takes two whole numbers: how many $what there are, and how many
        somebody would like. It returns how many are left. There is a rule: nobody can ask for fewer
        than $least. What cannot be done is refused with a `ValueError`. Write
        `$name($stock, $wanted)`, and choose helpful messages.
    """,
    promises=[
        Promise(
            says="It returns what is left, also if that is nothing",
            shown="$name($much, $much)",
            wrong=("return $stock - $wanted", "return max($stock - $wanted, 1)"),
            because="everything may be taken",
            hidden=("$name($least, $least)", "$name($much, $some)"),
        ),
        Promise(
            says="Asking for fewer than $least is refused",
            shown="$name($much, $less)",
            wrong=("if $wanted < $least:", "if $stock < $least:"),
            because="that is fewer than the rule allows",
            hidden=("$name($much, -1)", "$name($much, $least)", "$name($least, -$some)"),
        ),
        Promise(
            says="Asking for more than there is, is refused",
            shown="$name($much, $more)",
            wrong=("if $wanted > $stock:", "if $wanted > $stock + 1:"),
            because="there is not that much",
            hidden=("$name($some, $much)", "$name($much, $enough)", "$name($least, $much)"),
        ),
    ],
    reference='''
        def $name($stock, $wanted):
            """Return how many $what are left. Raises ValueError."""
            if $wanted < $least:
                raise ValueError("ask for at least $least")
            if $wanted > $stock:
                raise ValueError("there are not so many $what")
            return $stock - $wanted
    ''',
    second="""
        def $name($stock, $wanted):
            if $wanted not in range($least, $stock + 1):
                raise ValueError("this cannot be done")
            return -$wanted + $stock
    """,
    inputs="(lambda much: (much, random.randint($least, much)))(random.randint($least, 60))",
    hints=(
        "Which two things can be wrong? Ask for both before you calculate.",
        "Each question is an `if` with a `raise ValueError(...)` below it.",
        "Look at the edges: what is the least that is allowed, and what is the most?",
    ),
)

CODES = table(
    "name where what",
    ("check_ticket", "At a station", "ticket code"),
    ("check_locker", "In a library", "locker code"),
    ("check_coupon", "In a web shop", "coupon code"),
    ("check_plate", "In a car park", "number plate"),
)
SHAPES = table(
    "shape method plain fixed",
    ("in capital letters", "upper", "abcdefghijkl", "ABCDEFGHIJKL"),
    ("in small letters", "lower", "KLMNOPQRSTUV", "klmnopqrstuv"),
)


def code(random: Random) -> dict[str, Any]:
    values, size = pick(random, CODES, SHAPES), random.randint(4, 8)
    at = random.randint(0, 2)
    return values | {
        "size": size,
        "plain": values["plain"][at : at + size],
        "good": values["fixed"][at : at + size],
        "short": values["fixed"][at : at + size - 1],
        "long": values["fixed"][at : at + size + 1],
        "number": int("1" * size),
    }


CODE = family(
    code,
    key="check-a-code",
    title="Is it a code at all?",
    idea="Check a text, and raise the kind of error that fits.",
    concepts=["raising-errors"],
    difficulty="easy",
    statement="""
        $where everybody types in a $what. It is a text of just $size signs. People write it in all
        ways, so your function must return it $shape. Not everything that comes in is a $what,
        though. The kind of the error tells what is wrong. A value that is no text at all is a
        `TypeError`. A text that is too short or too long is a `ValueError`. Write `$name(code)`.
    """,
    promises=[
        Promise(
            says="A good code is returned $shape",
            shown="$name('$plain')",
            wrong=("return code.$method()", "return code"),
            because="the letters must be changed",
        ),
        Promise(
            says="A value that is no text is refused",
            shown="$name($number)",
            wrong=("raise TypeError", "raise ValueError"),
            because="a number is of the wrong type",
            hidden=("$name(None)", "$name(['$good'])", "$name('$good')"),
        ),
        Promise(
            says="A text of another length is refused",
            shown="$name('$long')",
            wrong=("len(code) != $size", "len(code) < $size"),
            because="count the signs",
            hidden=("$name('$short')", "$name('')", "$name('$good$good')", "$name('$good')"),
        ),
    ],
    reference='''
        def $name(code):
            """Return the code $shape. Raises TypeError or ValueError."""
            if not isinstance(code, str):
                raise TypeError("a code is a text")
            if len(code) != $size:
                raise ValueError("a code has $size signs")
            return code.$method()
    ''',
    second="""
        def $name(code):
            if type(code) is str and len(code) == $size:
                return "".join(letter.$method() for letter in code)
            kind = ValueError if type(code) is str else TypeError
            raise kind("this is not a code")
    """,
    inputs="(''.join(random.choices('abcXYZ123', k=$size)),)",
    hints=(
        "In which order should the questions come? A number has no length.",
        "`isinstance(code, str)` tells whether it is a text.",
        "First raise `TypeError`, then `ValueError`, each in its own `if`. Then return the text.",
    ),
)

FAMILIES = (TAKE, CODE)
