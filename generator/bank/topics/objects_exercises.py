"""Exercises on one class at a time: what an object knows, and what it can do."""

from __future__ import annotations

from random import Random
from typing import Any

from coursewright.generator.bank.promise import Promise
from coursewright.generator.bank.written import family, pick, table

GAUGES = table(
    "kind who size level change",
    ("Tank", "A rain tank on a roof", "litres", "level", "fill"),
    ("Basket", "A basket for apples", "room", "apples", "put"),
    ("Jar", "A jar for coins", "size", "coins", "drop"),
    ("Battery", "A battery that is loaded by the sun", "capacity", "charge", "load"),
    ("Truck", "A truck that carries sacks", "space", "sacks", "pack"),
)


def gauge(random: Random) -> dict[str, Any]:
    values, size = pick(random, GAUGES), random.randint(20, 60)
    return values | {
        "it": values["kind"].lower(),
        "full": size,
        "some": random.randint(3, 9),
        "more": random.randint(2, 8),
        "much": size + random.randint(1, 30),
    }


GAUGE = family(
    gauge,
    key="never-too-full",
    title="Never too full",
    idea="Write a class whose objects keep a number that has a limit.",
    concepts=["attributes", "methods"],
    difficulty="easy",
    statement="""
        $who can hold so much and no more. Write a class `$kind`. It is made with one whole number,
        the $size, such as `$kind($full)`. Every object has an attribute `$level`: how much is in it
        now. The method `$change(amount)` adds to it. What is too much is lost: it is no error. The
        method does not return anything. An object does not care about other objects.
    """,
    promises=[
        Promise(
            says="A new object is empty",
            shown="$kind($full).$level",
            wrong=("self.$level = 0", "self.$level = 1"),
            because="nothing is in it yet",
            hidden=("$kind(1).$level", "$kind(0).$level"),
        ),
        Promise(
            says="`$change` adds to what is there",
            shown="$it = $kind($full)\n$it.$change($some)\nbefore = $it.$level\n"
            "$it.$change($more)\n$it.$level - before",
            wrong=("self.$level + amount", "amount"),
            because="both amounts are in it",
            hidden=(
                "$it = $kind(99)\nbefore = $it.$level\nfor amount in [2, 3, 2]:\n"
                "    $it.$change(amount)\n$it.$level - before",
                "$it = $kind(9)\n$it.$change(4)\nbefore = $it.$level\n$it.$change(0)\n"
                "$it.$level - before",
            ),
        ),
        Promise(
            says="It never holds more than fits",
            shown="$it = $kind($full)\n$it.$change($much)\n$it.$level",
            wrong=("min(self.$level + amount, self.$size)", "self.$level + amount"),
            because="the rest is lost",
            hidden=(
                "$it = $kind(7)\n$it.$change(8)\n$it.$level",
                "$it = $kind(7)\n$it.$change(7)\n$it.$level",
                "$it = $kind(7)\n$it.$change(3)\n$it.$change(9)\n$it.$level",
                "$it, other = $kind(5), $kind(3)\n$it.$change(99)\n$it.$level",
            ),
        ),
    ],
    reference='''
        class $kind:
            """Something that can hold only so much."""

            def __init__(self, $size):
                """Begin with nothing in it."""
                self.$size = $size
                self.$level = 0

            def $change(self, amount):
                """Add an amount, as far as it fits."""
                self.$level = min(self.$level + amount, self.$size)
    ''',
    second="""
        class $kind:
            def __init__(self, $size):
                self.left = $size
                self.$level = 0

            def $change(self, amount):
                if amount > self.left:
                    amount = self.left
                self.left -= amount
                self.$level += amount
    """,
    hints=(
        "An object remembers with attributes: `self.name = value`. Which two does it need?",
        "In `__init__` keep the limit, and set the other attribute to its first value.",
        "Add first, then look whether it is too much. `min` can do both in one line.",
    ),
)

PURSES = table(
    "kind who left take add what",
    ("Account", "An account at a bank", "balance", "pay_out", "pay_in", "coins"),
    ("PhoneCard", "A phone card", "minutes", "call", "top_up", "minutes"),
    ("PrintCard", "A card for the printer of a school", "pages", "print_out", "charge", "pages"),
    ("Store", "The store room of a café", "bottles", "hand_out", "deliver", "bottles"),
)


def purse(random: Random) -> dict[str, Any]:
    values, start = pick(random, PURSES), random.randint(10, 50)
    return values | {
        "it": values["kind"].lower(),
        "start": start,
        "more": random.randint(2, 9),
        "some": random.randint(2, 9),
        "over": start + 1,
        "much": start + random.randint(10, 90),
    }


REFUSED = """
    $it = $kind({start})
    try:
        $it.$take({amount})
    except ValueError:
        pass
    $it.$left
"""

PURSE = family(
    purse,
    key="nothing-below-zero",
    title="Nothing below zero",
    idea="Write a class whose objects refuse what they cannot do.",
    concepts=["attributes", "methods"],
    difficulty="medium",
    statement="""
        $who holds some $what. Write a class `$kind`. An object is made with the number that it
        holds at first, such as `$kind($start)`. The attribute `$left` tells how many $what there
        are now. The method `$add(amount)` adds some, and `$take(amount)` takes some away. All may
        be taken. But nobody can take more than there is: such a call is refused, and then the
        object must be just as it was before.
    """,
    promises=[
        Promise(
            says="`$add` and `$take` change `$left`",
            shown="$it = $kind($start)\n$it.$add($more)\n$it.$left",
            wrong=("self.$left += amount", "self.$left = amount"),
            because="add to what is there",
            hidden=(
                "$it = $kind($start)\n$it.$add($more)\n$it.$take($some)\n$it.$left",
                "$it = $kind(0)\n$it.$add(2)\n$it.$add(3)\n$it.$left",
                "$it = $kind($start)\n$it.$add(1)\n$it.$take(2)\n$it.$take(3)\n$it.$left",
                "$kind($start).$left",
            ),
        ),
        Promise(
            says="Taking more than there is, is refused",
            shown="$it = $kind($start)\n$it.$take($over)",
            wrong=('raise ValueError("there is not so much")', "return"),
            because="there is not so much",
            hidden=(
                "$kind(0).$take(1)",
                "$kind(5).$take(50)",
                "$it = $kind(5)\n$it.$take(3)\n$it.$take(3)",
            ),
        ),
        Promise(
            says="A call that was refused has changed nothing",
            shown=REFUSED.format(start="$start", amount="$much"),
            wrong=(
                "if amount > self.$left:",
                "if amount > self.$left:\n            self.$left = 0",
            ),
            because="nothing may be taken then",
            hidden=(
                REFUSED.format(start="3", amount="4"),
                REFUSED.format(start="$start", amount="$start"),
            ),
        ),
    ],
    reference='''
        class $kind:
            """Something that holds $what."""

            def __init__(self, $left):
                """Begin with so many $what."""
                self.$left = $left

            def $add(self, amount):
                """Add an amount."""
                self.$left += amount

            def $take(self, amount):
                """Take an amount away. Raises ValueError if there is not so much."""
                if amount > self.$left:
                    raise ValueError("there is not so much")
                self.$left -= amount
    ''',
    second="""
        class $kind:
            def __init__(self, $left):
                self.$left = $left

            def $add(self, amount):
                self.$left = self.$left + amount

            def $take(self, amount):
                rest = self.$left - amount
                if rest < 0:
                    raise ValueError("not enough")
                self.$left = rest
    """,
    hints=(
        "Which one attribute does the object need? It is set in `__init__`.",
        "A method reaches it with `self`, to read it and to change it.",
        "In `$take` ask first and raise `ValueError`. Only below that take the amount away.",
    ),
)

COLLECTIONS = table(
    "kind who things thing",
    ("Playlist", "A list of songs to be played", "songs", "song"),
    ("GuestList", "A list of guests for a party", "guests", "guest"),
    ("Album", "A collection of stamps", "stamps", "stamp"),
    ("Menu", "A list of the dishes that a kitchen can make", "dishes", "dish"),
)


def collection(random: Random) -> dict[str, Any]:
    a, b, c = random.sample(("Ivy", "Rose", "Iris", "Lily", "Dahlia", "Aster"), 3)
    return pick(random, COLLECTIONS) | {"a": a, "b": b, "c": c}


COLLECTION = family(
    collection,
    key="each-only-once",
    title="Each only once",
    idea="Write a class that holds things, and that `len` understands.",
    concepts=["special-methods", "methods"],
    difficulty="medium",
    statement="""
        $who is to become a class `$kind`. A new one is made with `$kind()`, and it is empty. The
        method `add(name)` puts one $thing in. No $thing is kept twice: to add it again changes
        nothing, and is no error. The class has the special method `__len__`. So a call such as
        `len($things)` gives the number of $things in the object called `$things`. There can be many
        objects at the same time.
    """,
    promises=[
        Promise(
            says="`len` gives the number of $things that were added",
            shown='$things = $kind()\n$things.add("$a")\n$things.add("$b")\nlen($things)',
            wrong=("self.names.append(name)", "self.names = [name]"),
            because="two were added",
            hidden=(
                "len($kind())",
                '$things = $kind()\nfor name in ["$c", "$a", "$b"]:\n    $things.add(name)'
                "\nlen($things)",
            ),
        ),
        Promise(
            says="To add a $thing again changes nothing",
            shown='$things = $kind()\n$things.add("$a")\n$things.add("$a")\nlen($things)',
            wrong=("if name not in self.names:", "if name:"),
            because="it is there already",
            hidden=('$things = $kind()\nfor _ in "abc":\n    $things.add("$c")\nlen($things)',),
        ),
        Promise(
            says="Two objects do not know of each other",
            shown='one, other = $kind(), $kind()\none.add("$a")\nlen(other)',
            wrong=("self.names = []", "$kind.names = []"),
            because="it went into the other one",
            hidden=('one = $kind()\none.add("$b")\nother = $kind()\nlen(one)',),
        ),
    ],
    reference='''
        class $kind:
            """A collection that holds each $thing once."""

            def __init__(self):
                """Begin with nothing."""
                self.names = []

            def add(self, name):
                """Add one $thing, unless it is there already."""
                if name not in self.names:
                    self.names.append(name)

            def __len__(self):
                """Return how many there are."""
                return len(self.names)
    ''',
    second="""
        class $kind:
            def __init__(self):
                self.kept = set()

            def add(self, name):
                self.kept.add(name)

            def __len__(self):
                return len(self.kept)
    """,
    hints=(
        "Where must the list be made, so that each object has its own?",
        "Make it in `__init__`, and reach it in the methods with `self`.",
        "`__len__` has no argument besides `self`. It returns the length of the list.",
    ),
)

FAMILIES = (GAUGE, PURSE, COLLECTION)
