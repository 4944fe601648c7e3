"""Exercises on dividing with a rest."""

from __future__ import annotations

from random import Random
from typing import Any

from coursewright.generator.bank.promise import Promise
from coursewright.generator.bank.written import family

PACKED = (
    {"who": "A bakery", "thing": "rolls", "box": "bags"},
    {"who": "A farm", "thing": "eggs", "box": "cartons"},
    {"who": "A school", "thing": "pupils", "box": "groups"},
    {"who": "A print shop", "thing": "posters", "box": "tubes"},
    {"who": "A florist", "thing": "tulips", "box": "bunches"},
)


def packing(random: Random) -> dict[str, Any]:
    size = random.randint(4, 15)
    values = random.choice(PACKED) | {"size": size, "some": 3 * size + 1, "many": 7 * size}
    values |= {"less": size - 1, "more": 2 * size - 1, "next": size + 1}
    return values


PACKING = family(
    packing,
    key="packing",
    title="Full boxes and what is left",
    idea="Divide into full boxes and a rest.",
    called="Full $box and what is left",
    concepts=["whole-division", "functions"],
    difficulty="easy",
    statement="""
        $who puts $thing into $box of $size. Only full $box count. What does not fill one is
        left over. Write two functions. Both take a whole number that is not below zero: how
        many $thing there are. The first one returns how many full $box this makes. The second
        one returns how many $thing are left over.
    """,
    promises=[
        Promise(
            says="`full_$box` returns how many $box can be filled",
            shown="full_$box($some)",
            wrong=("count // $size", "count // $size + 1"),
            because="three full $box, and a few $thing left",
            hidden=(
                *(f"full_$box(${name})" for name in ("many", "less", "size", "more", "next")),
                "full_$box(0)",
            ),
        ),
        Promise(
            says="`left_over` returns how many $thing do not fill one more",
            shown="left_over($some)",
            wrong=("count % $size", "$size - count % $size"),
            because="what stays after three full $box",
            hidden=(
                *(f"left_over(${name})" for name in ("many", "less", "size", "more", "next")),
                "left_over(0)",
            ),
        ),
    ],
    reference='''
        def full_$box(count):
            """Return how many full $box there are."""
            return count // $size


        def left_over(count):
            """Return how many $thing are left over."""
            return count % $size
    ''',
    second="""
        def full_$box(count):
            full, rest = divmod(count, $size)
            return full


        def left_over(count):
            return count - $size * full_$box(count)
    """,
    inputs="(random.randint(0, 20 * $size),)",
    hints=[
        "There are two ways to divide that belong to each other. Which leaves out the rest?",
        "`//` divides and drops what is left. `%` gives what is left.",
        "The first function returns `count // $size`. The second one does the same with `%`.",
    ],
)


UNITS = (
    {"what": "minutes", "u": 60, "big": "h", "small": "min", "wrap": 24, "m": 100, "far": 300,
     "story": "A film list gives the length of each film in minutes. That is hard to picture."},
    {"what": "days", "u": 7, "big": "weeks", "small": "days", "wrap": 4, "m": 10, "far": 70,
     "story": "A calendar counts the days until an event. People like to think in weeks."},
    {"what": "months", "u": 12, "big": "years", "small": "months", "wrap": 10, "m": 10, "far": 60,
     "story": "A vet writes down the age of each animal in months. Owners think in years."},
    {"what": "hours", "u": 24, "big": "days", "small": "hours", "wrap": 7, "m": 10, "far": 120,
     "story": "A parcel service counts how many hours a parcel is on its way. Days tell more."},
)  # fmt: skip


def big_and_small(random: Random) -> dict[str, Any]:
    values: dict[str, Any] = dict(random.choice(UNITS))
    unit, wrap, far = values["u"], values["wrap"], values["far"]
    long = [step * far for step in range(2, 40) if step * far >= unit * wrap]
    values |= {"some": 2 * unit + unit // 3 + random.randint(1, unit // 3), "long": long[0]}
    values |= {"longer": long[1], "longest": long[-1]}
    return values


BIG_AND_SMALL = family(
    big_and_small,
    key="big-and-small",
    title="Larger units",
    idea="Say a number in a larger unit and a rest.",
    called="From $what to $big",
    concepts=["whole-division", "f-strings"],
    difficulty="easy",
    statement="""
        $story Write a function that takes a whole number of $what, not below zero. It returns
        a text such as `"2 $big 1 $small"`. First comes the number of whole $big, then what is
        left. There are $u $small in one of the larger unit. The names of the units never
        change, also when the number in front of them is 1 or 0.
    """,
    promises=[
        Promise(
            says="The text has the whole $big, and then only the rest",
            shown="readable($some)",
            wrong=("total % $u", "total % $m"),
            because="the rest is always smaller than $u",
            hidden=("readable($u - 1)", "readable($u)", "readable(2 * $u + 1)"),
        ),
        Promise(
            says="However long it is, it is counted in $big",
            shown="readable($long)",
            wrong=("total // $u", "total // $u % $wrap"),
            because="no larger unit is taken out",
            hidden=("readable($longer)", "readable($longest)", "readable($far * 90)"),
        ),
    ],
    reference='''
        def readable(total):
            """Return a number of $what as text, in $big and $small."""
            large = total // $u
            rest = total % $u
            return f"{large} $big {rest} $small"
    ''',
    second="""
        def readable(total):
            large, rest = divmod(total, $u)
            return str(large) + " $big " + str(rest) + " $small"
    """,
    inputs="(random.choice([random.randint(0, 4 * $u), random.randint(0, 90 * $u)]),)",
    hints=[
        "Solve it in two steps: how many whole $big are there, and what stays then?",
        "`//` with $u gives the first number, `%` with $u the second one.",
        "Give both numbers a name. Then return an f-string with `{…}` for each of the names.",
    ],
)


NUMBERS = (
    {"thing": "ticket", "story": "A cinema prints a number on each ticket."},
    {"thing": "locker", "story": "A swimming pool has very many lockers, and each has a number."},
    {"thing": "house", "story": "The houses in a long street have numbers of several digits."},
    {"thing": "page", "story": "A thick book has a number at the foot of each page."},
)


def one_digit(random: Random) -> dict[str, Any]:
    start = random.choice([0, 1])
    digits = random.sample(range(2, 10), 3)
    return random.choice(NUMBERS) | {
        "start": start,
        "some": int("".join(map(str, digits))),
        "lead": digits[0] * 100,
        "third": start + 2,
        "second": start + 1,
        "far": start + random.randint(2, 4),
        "small": digits[2],
        "power": "place" if start == 0 else "(place - 1)",
        "tens": "ten" if start == 0 else "second",
    }


ONE_DIGIT = family(
    one_digit,
    key="one-digit",
    title="One digit of a number",
    idea="Take one digit out of a number.",
    called="One digit of a $thing number",
    concepts=["whole-division", "arithmetic"],
    difficulty="hard",
    statement="""
        $story A game wants to know a single digit of it. Write a function that takes the
        number of the $thing and a place. The number is whole and not below zero. Places are
        counted from the right, and the last digit has place $start. The function returns the
        digit that stands at this place, as a number.
    """,
    promises=[
        Promise(
            says="The result is one digit only",
            shown="one_digit($some, $start)",
            wrong=(" % 10", ""),
            because="nothing of what stands to the left of the digit",
            hidden=("one_digit(10, $start)", "one_digit(9876, $start)"),
        ),
        Promise(
            says="Places are counted from the right, beginning with $start",
            shown="one_digit($lead, $third)",
            wrong=("10 ** $power", "max(10 * $power, 1)"),
            because="the third digit from the right",
            hidden=("one_digit(700, $third)", "one_digit(9000, $third + 1)"),
        ),
        Promise(
            says="To the left of the first digit there is 0 at every place",
            shown="one_digit($small, $far)",
            wrong="""
                def one_digit(number, place):
                    return int(str(number)[$start - 1 - place])
            """,
            because="the number is shorter than that",
            hidden=("one_digit(1, $second)", "one_digit(9, $third)", "one_digit(0, $third)"),
        ),
    ],
    reference='''
        def one_digit(number, place):
            """Return the digit of a number at a place, counted from the right."""
            return number // 10 ** $power % 10
    ''',
    second="""
        def one_digit(number, place):
            for _ in range(place - $start):
                number = number // 10
            return number % 10
    """,
    inputs="random.randint(0, 10 ** random.randint(1, 5)), random.randint($start, 5)",
    hints=[
        "What do `472 // 10` and `472 % 10` give? Try both, then try them with 100.",
        "First drop the digits to the right with `//`. Then keep the last one with `%`.",
        "`10 ** $power` is the number to divide by. After that, take the rest of 10.",
    ],
)


FAMILIES = (PACKING, BIG_AND_SMALL, ONE_DIGIT)
