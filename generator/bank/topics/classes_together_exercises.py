"""Exercises on classes that build on each other, and objects that work together."""

from __future__ import annotations

from random import Random
from typing import Any

from coursewright.generator.bank.promise import Promise
from coursewright.generator.bank.written import family, pick, table

WARES = table(
    "base child who",
    ("Ticket", "ChildTicket", "A fair sells tickets, and cheaper ones for children"),
    ("Book", "UsedBook", "A shop sells books, and cheaper ones that were read before"),
    ("Room", "AtticRoom", "A hotel has rooms, and cheaper ones under the roof"),
    ("Bike", "OldBike", "A shop lends out bikes, and older ones for less"),
    ("Plant", "SmallPlant", "A garden sells plants, and small ones for less"),
)
CUTS = table(
    "words share formula slip",
    ("one half of it", "(1, 2)", "super().cost() // 2", "super().cost() - super().cost() // 2"),
    (
        "three quarters of it",
        "(3, 4)",
        "super().cost() * 3 // 4",
        "super().cost() - super().cost() // 4",
    ),
    (
        "four fifths of it",
        "(4, 5)",
        "super().cost() * 4 // 5",
        "super().cost() - super().cost() // 5",
    ),
)


def ware(random: Random) -> dict[str, Any]:
    odd = random.choice((7, 9, 11, 13, 17, 19, 21, 23))
    return pick(random, WARES, CUTS) | {"odd": odd, "even": random.choice((20, 40, 60, 80, 100))}


WARE = family(
    ware,
    key="one-builds-on-another",
    title="One class builds on another",
    idea="Write a class and a second one that inherits from it.",
    concepts=["inheritance"],
    difficulty="medium",
    statement="""
        $who. Write two classes. A `$base` is made with its price, a whole number of coins. Its
        method `cost()` returns what one has to pay, and that is the price. Its method `label()`
        returns a text such as `'$even coins'`, with what one has to pay. A `$child` is made in the
        same way, and it inherits from `$base`. But its `cost()` is only $words, rounded down. It
        needs no `label` of its own.
    """,
    promises=[
        Promise(
            says="`label` shows what one has to pay, for both classes",
            shown="$child($even).label()",
            wrong=('f"{self.cost()} coins"', 'f"{self.price} coins"'),
            because="ask the object for its own cost",
            hidden=("$base($odd).label()", "$base(0).label()", "$child(200).label()"),
        ),
        Promise(
            says="The `cost` of a `$child` is $words, rounded down",
            shown="$child($odd).cost()",
            wrong=("$formula", "$slip"),
            because="round down",
            hidden=(
                "$child(1).cost()",
                "$child(33).cost()",
                "$child($even).cost()",
                "$base($odd).cost()",
                "$base($even).cost()",
            ),
        ),
        Promise(
            says="Every `$child` is a `$base` too",
            shown="isinstance($child($even), $base)",
            wrong="""
                class $base:
                    def __init__(self, price):
                        self.price = price

                    def cost(self):
                        return self.price

                    def label(self):
                        return f"{self.cost()} coins"


                class Shared:
                    def __init__(self, price):
                        self.price = price

                    def cost(self):
                        return self.price


                class $child(Shared):
                    def cost(self):
                        return $formula

                    def label(self):
                        return f"{self.cost()} coins"
            """,
            because="one class inherits from the other",
            hidden=("isinstance($base($even), $child)", "isinstance($child(1), $base)"),
        ),
    ],
    reference='''
        class $base:
            """Something that has a price."""

            def __init__(self, price):
                """Keep the price, in coins."""
                self.price = price

            def cost(self):
                """Return what one has to pay, in coins."""
                return self.price

            def label(self):
                """Return a text with what one has to pay."""
                return f"{self.cost()} coins"


        class $child($base):
            """The same for less."""

            def cost(self):
                """Return $words, rounded down."""
                return $formula
    ''',
    second="""
        class $base:
            share = (1, 1)

            def __init__(self, price):
                self.price = price

            def cost(self):
                times, parts = self.share
                return self.price * times // parts

            def label(self):
                return str(self.cost()) + " coins"


        class $child($base):
            share = $share
    """,
    hints=(
        "What does the second class get from the first one without a word?",
        "In `label` do not use the price, but call `self.cost()`. Each object then uses its own.",
        "`class B(A):` lets B inherit from A, and `super().cost()` asks the method of A.",
    ),
)

UNITS = table(
    "kind big small size",
    ("Time", "minutes", "seconds", "60"),
    ("Length", "metres", "centimetres", "100"),
    ("Stay", "weeks", "days", "7"),
    ("Shift", "hours", "minutes", "60"),
    ("Eggs", "dozens", "singles", "12"),
)


def unit(random: Random) -> dict[str, Any]:
    values = pick(random, UNITS)
    size, a, b = int(values["size"]), random.randint(1, 8), random.randint(1, 8)
    half = size // 2
    return values | {
        "a": a,
        "b": b,
        "less": half,
        "rest": half - 1,
        "over": size + random.randint(1, half),
        "twice": 2 * size,
        "last": size - 1,
    }


UNIT = family(
    unit,
    key="big-and-small-units",
    title="Big and small units",
    idea="Write a class for an amount in two units, with a method that adds two of them.",
    concepts=["attributes", "methods"],
    difficulty="medium",
    statement="""
        Some amounts have two units: here $big and $small, and $size $small make one of the $big.
        Write a class `$kind` for such an amount. It is made with two whole numbers that are not
        negative, as in `$kind($a, $less)`. They are kept as the attributes `$big` and `$small`. The
        method `plus(other)` takes another `$kind` and returns a new one, the sum of both.
    """,
    promises=[
        Promise(
            says="Full $big are moved out of the $small, so that these stay below $size",
            shown="it = $kind($a, $over)\n(it.$big, it.$small)",
            wrong=(
                "self.$big = $big + $small // $size\n        self.$small = $small % $size",
                "self.$big = $big\n        self.$small = $small",
            ),
            because="too many of the small ones",
            hidden=(
                "it = $kind(0, $twice)\n(it.$big, it.$small)",
                "it = $kind($b, $size)\n(it.$big, it.$small)",
                "it = $kind($b, $last)\n(it.$big, it.$small)",
                "it = $kind(0, 0)\n(it.$big, it.$small)",
            ),
        ),
        Promise(
            says="`plus` returns the sum",
            shown="it = $kind($a, $less).plus($kind($b, $rest))\n(it.$big, it.$small)",
            wrong=("self.$small + other.$small", "self.$small"),
            because="add both units",
            hidden=(
                "it = $kind($a, 0).plus($kind($b, 1))\n(it.$big, it.$small)",
                "it = $kind(0, 1).plus($kind($b, 2)).plus($kind(1, 0))\n(it.$big, it.$small)",
            ),
        ),
        Promise(
            says="`plus` does not change the object that it is called on",
            shown="it, other = $kind($a, $less), $kind($b, 0)\nit.plus(other)\n"
            "(it.$big, it.$small)",
            wrong=(
                "        return $kind(self.$big + other.$big, self.$small + other.$small)",
                "        self.$big += other.$big\n"
                "        return $kind(self.$big, self.$small + other.$small)",
            ),
            because="return a new object",
            hidden=("it = $kind(1, 1)\nnew = it.plus(it)\n(it.$big, it.$small)",),
        ),
    ],
    reference='''
        class $kind:
            """An amount of $big and $small."""

            def __init__(self, $big, $small):
                """Keep both; the $small stay below $size."""
                self.$big = $big + $small // $size
                self.$small = $small % $size

            def plus(self, other):
                """Return the sum of this amount and another one."""
                return $kind(self.$big + other.$big, self.$small + other.$small)
    ''',
    second="""
        class $kind:
            def __init__(self, $big, $small):
                while $small >= $size:
                    $big += 1
                    $small -= $size
                self.$big, self.$small = $big, $small

            def plus(self, other):
                total = $size * (self.$big + other.$big) + self.$small + other.$small
                return $kind(0, total)
    """,
    hints=(
        "How many full $big are in the $small, and how many are left over?",
        "`//` and `%` give both. Do that in `__init__`, so that it holds for every object.",
        "In `plus` call `$kind(...)` with two sums. The rest is done by `__init__`.",
    ),
)

LENDERS = table(
    "kind lend back who what",
    ("Library", "lend", "give_back", "A library lends out books", "title"),
    ("Hotel", "book", "leave", "A hotel gives rooms to its guests", "room"),
    ("CarPark", "rent", "free", "A car park rents out its places", "place"),
    ("ToolShed", "borrow", "bring_back", "Some neighbours share their tools", "tool"),
)


def lender(random: Random) -> dict[str, Any]:
    values = pick(random, LENDERS)
    one, two = random.sample(("Ada", "Bo", "Cem", "Dina", "Eli"), 2)
    a, b = random.sample(("A1", "B2", "C3", "D4"), 2)
    start = f'it = {values["kind"]}()\nit.{values["lend"]}("{a}", "{one}")\n'
    return values | {"one": one, "two": two, "a": a, "b": b, "start": start}


LENDER = family(
    lender,
    key="who-has-it",
    title="Who has it?",
    idea="Write a class that remembers who has what.",
    concepts=["attributes", "methods"],
    difficulty="hard",
    statement="""
        $who. Write a class `$kind` that remembers who has what. A new one is made with `$kind()`.
        Nobody has anything then. The method `$lend($what, name)` notes that this person has it now.
        Nobody else can get it until it is back. The method `$back($what)` notes that it is back.
        The method `who_has($what)` returns the name of the person, or `None`.
    """,
    promises=[
        Promise(
            says="`who_has` returns the name, or `None` if nobody has it",
            shown='$kind().who_has("$a")',
            wrong=(".get($what)", '.get($what, "")'),
            because="nobody has it",
            hidden=('${start}it.who_has("$a")', '${start}it.who_has("$b")'),
        ),
        Promise(
            says="To give away what somebody has, is refused",
            shown='${start}it.$lend("$a", "$two")',
            wrong=('raise ValueError("somebody has it")', "return"),
            because="somebody has it already",
            hidden=(
                '${start}it.$lend("$a", "$one")',
                '${start}it.$lend("$b", "$two")\nit.$lend("$b", "$one")',
            ),
        ),
        Promise(
            says="After `$back`, somebody else can have it",
            shown='${start}it.$back("$a")\nit.$lend("$a", "$two")\nit.who_has("$a")',
            wrong=("self.names.pop($what, None)", "return"),
            because="it came back before",
            hidden=(
                '${start}it.$lend("$b", "$one")\nit.$back("$a")\nit.who_has("$b")',
                'it = $kind()\nit.$back("$b")\nit.$lend("$b", "$one")\nit.who_has("$b")',
            ),
        ),
    ],
    reference='''
        class $kind:
            """Remembers who has what."""

            def __init__(self):
                """Begin with nothing given away."""
                self.names = {}

            def $lend(self, $what, name):
                """Note that a person has it now. Raises ValueError if somebody has it."""
                if $what in self.names:
                    raise ValueError("somebody has it")
                self.names[$what] = name

            def $back(self, $what):
                """Note that it is back."""
                self.names.pop($what, None)

            def who_has(self, $what):
                """Return the name of the person who has it, or None."""
                return self.names.get($what)
    ''',
    second="""
        class $kind:
            def __init__(self):
                self.pairs = []

            def $lend(self, $what, name):
                if self.who_has($what) is not None:
                    raise ValueError("taken")
                self.pairs.append(($what, name))

            def $back(self, $what):
                self.pairs = [pair for pair in self.pairs if pair[0] != $what]

            def who_has(self, $what):
                for thing, name in self.pairs:
                    if thing == $what:
                        return name
                return None
    """,
    hints=(
        "Which collection can tell for one thing who has it?",
        "Keep a dictionary as an attribute. What is the key, and what is the value?",
        "`.get(key)` gives `None` for a missing key, and `.pop(key, None)` takes a key out.",
    ),
)

FAMILIES = (WARE, UNIT, LENDER)
