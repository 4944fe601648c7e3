"""Exercises on going through a list."""

from __future__ import annotations

from random import Random
from typing import Any

from coursewright.generator.bank.promise import Promise
from coursewright.generator.bank.written import family

GIFTS = (
    {"who": "A shop", "each": "order", "gives": "adds up the orders that get a gift",
     "name": "gift_total", "what": "coins"},
    {"who": "A runner", "each": "run", "gives": "adds up the runs that were long enough",
     "name": "long_runs", "what": "kilometres"},
    {"who": "A baker", "each": "delivery", "gives": "adds up the deliveries that need a van",
     "name": "van_total", "what": "loaves"},
    {"who": "A beekeeper", "each": "hive", "gives": "adds up the hives that were good this year",
     "name": "good_honey", "what": "jars"},
)  # fmt: skip


def total_from(random: Random) -> dict[str, Any]:
    n = random.randint(5, 40)
    return random.choice(GIFTS) | {"n": n, "m": n - 1}


TOTAL_FROM = family(
    total_from,
    key="total-from",
    title="Only the large ones",
    idea="Add up the numbers that are large enough.",
    concepts=["for-loops", "accumulating"],
    difficulty="easy",
    statement="""
        $who keeps a list with one number for each $each, in $what. At the end of the year,
        somebody $gives. These are the ones with $n $what or more. All the others are left out.
        Write a function that takes the list of numbers and returns the sum of those that
        count. The list may be empty, and it may be that none of its numbers counts.
    """,
    promises=[
        Promise(
            says="Numbers from $n on are added up",
            shown="$name([$n + 2, $n, 1])",
            wrong=("number >= $n", "number > $n"),
            because="$n itself counts",
            hidden=("$name([$n])", "$name([$n, $n, $n])", "$name([1, $n + 1, $n])"),
        ),
        Promise(
            says="Numbers below $n are left out",
            shown="$name([$n - 1, $n + 1, 2])",
            wrong=("number >= $n", "number >= $n - 1"),
            because="$m is too small",
            hidden=("$name([$n + 5, $n - 1])", "$name([$n - 1, $n + 3, $n - 1])"),
        ),
        Promise(
            says="If no number counts, the sum is 0",
            shown="$name([])",
            wrong=("return total", "return total or None"),
            because="nothing was added",
            hidden=("$name([1])", "$name([0, 0])", "$name([2, 1, 3])"),
        ),
    ],
    reference='''
        def $name(numbers):
            """Return the sum of the numbers that are large enough."""
            total = 0
            for number in numbers:
                if number >= $n:
                    total += number
            return total
    ''',
    second="""
        def $name(numbers):
            return sum(number for number in numbers if not number < $n)
    """,
    inputs="([random.randint(0, 2 * $n) for _ in range(random.randint(0, 6))],)",
    hints=[
        "You need a name for the sum. What is its value before the first number?",
        "A `for` loop looks at each number. An `if` in it decides whether the number is added.",
        "Start with `total = 0`. In the loop: `if number >= $n:` and then `total += number`.",
    ],
)


LIMITED = (
    {"what": "A sensor in a greenhouse measures the temperature every hour. When the sun shines"
     " on it, its numbers are too high", "name": "temperatures"},
    {"what": "A step counter writes down the steps of each minute. When it is shaken, its numbers"
     " are too high", "name": "steps"},
    {"what": "A scale in a kitchen writes down each weight. When somebody leans on it, its numbers"
     " are too high", "name": "weights"},
    {"what": "A microphone writes down how loud it is. When a door bangs, its numbers are too"
     " high", "name": "levels"},
)  # fmt: skip


def capped(random: Random) -> dict[str, Any]:
    n = random.randint(20, 60)
    return random.choice(LIMITED) | {"n": n}


CAPPED = family(
    capped,
    key="capped",
    title="Too high to be true",
    idea="Make a new list in which no number is too high.",
    concepts=["lists", "for-loops"],
    difficulty="easy",
    statement="""
        $what. Nobody believes a number above $n. Write a function that takes the list of
        numbers, and returns a new list. In the new list, each number above $n is replaced by
        $n. All other numbers stay as they are, and in the same order. The list that was given
        must not change, since somebody may want to see the real numbers later.
    """,
    promises=[
        Promise(
            says="Numbers above $n become $n",
            shown="capped([5, $n + 1, 8])",
            wrong=("number > $n", "number > $n + 1"),
            because="one more than $n is too high",
            hidden=("capped([$n + 1])", "capped([7, 7, $n + 1, $n])"),
        ),
        Promise(
            says="All other numbers stay, in the same order",
            shown="capped([4, -2, 0])",
            wrong=("else:", "elif number > 0:"),
            because="none of them is above $n",
            hidden=("capped([0])", "capped([-1, 3, -1])", "capped([3, 0, 9, 0])"),
        ),
        Promise(
            says="The list that was given is not changed",
            shown="capped([$n + 9, 3])",
            wrong=("    return result", "    $name[:] = result\n    return result"),
            because="make a new list",
            hidden=("capped([1, 2, 3 * $n])", "capped([$n + 5, $n + 5])"),
            keeps=True,
        ),
    ],
    reference='''
        def capped($name):
            """Return a new list in which no number is too high."""
            result = []
            for number in $name:
                if number > $n:
                    result.append($n)
                else:
                    result.append(number)
            return result
    ''',
    second="""
        def capped($name):
            return [min(number, $n) for number in $name]
    """,
    inputs="([random.randint(-5, $n + 10) for _ in range(random.randint(0, 6))],)",
    hints=[
        "You need an empty list at the start. What happens to it in each round of the loop?",
        "`append` adds one value to the new list. An `if` decides which value it is.",
        "If the number is above $n, append $n. Under `else`, append the number itself.",
    ],
)


SEARCHED = (
    {"what": "A lake has a pole in it. Each day, somebody writes down how deep the water is",
     "ask": "the first day on which the water was deeper than a limit", "name": "depths",
     "unit": "day", "sign": ">", "more": "above", "step": 1},
    {"what": "A shop writes down how many umbrellas it sells each day",
     "ask": "the first day on which it sold more than a limit", "name": "sold", "unit": "day",
     "sign": ">", "more": "above", "step": 1},
    {"what": "A swimmer writes down the time for each length of the pool",
     "ask": "the first length that took less time than a limit", "name": "times", "unit": "length",
     "sign": "<", "more": "below", "step": -1},
    {"what": "A school writes down how warm it is in a room every morning",
     "ask": "the first morning on which it was colder than a limit", "name": "degrees",
     "unit": "morning", "sign": "<", "more": "below", "step": -1},
)  # fmt: skip


def first_place(random: Random) -> dict[str, Any]:
    values: dict[str, Any] = dict(random.choice(SEARCHED))
    step, n = values["step"], random.randint(10, 30)
    values |= {"n": n, "y": n + step, "z": n + 3 * step, "no": n - 2 * step, "never": n - 5 * step}
    return values


FIRST_PLACE = family(
    first_place,
    key="first-place",
    title="When was it first?",
    idea="Find out when a number was past a limit for the first time.",
    concepts=["lists", "for-loops"],
    difficulty="medium",
    statement="""
        $what. You want to know $ask. Write a function that takes the list of numbers and the
        limit. It returns the number of the $unit: the first $unit in the list has the number 1, the
        next one 2, and so on. If no number in the list is $more the limit, the function
        returns 0.
    """,
    promises=[
        Promise(
            says="A number that is equal to the limit is not $more it",
            shown="which_$unit([$no, $n, $y], $n)",
            wrong=("[place] $sign limit", "[place] $sign= limit"),
            because="the second number is exactly the limit",
            hidden=("which_$unit([$n, $y], $n)", "which_$unit([$n, $n, $z], $n)"),
        ),
        Promise(
            says="If several numbers are $more the limit, the first of them is meant",
            shown="which_$unit([$no, $y, $never, $z], $n)",
            wrong="""
                def which_$unit($name, limit):
                    found = 0
                    for place in range(len($name)):
                        if $name[place] $sign limit:
                            found = place + 1
                    return found
            """,
            because="there is an earlier one",
            hidden=("which_$unit([$z, $y], $n)", "which_$unit([$no, $no, $z, $z], $n)"),
        ),
        Promise(
            says="If no number is $more the limit, the answer is 0",
            shown="which_$unit([$no, $never], $n)",
            wrong=("return 0", "return None"),
            because="there is nothing to find",
            hidden=("which_$unit([], $n)", "which_$unit([$no], $n)", "which_$unit([], 0)"),
        ),
    ],
    reference='''
        def which_$unit($name, limit):
            """Return which number is the first one $more the limit, or 0."""
            for place in range(len($name)):
                if $name[place] $sign limit:
                    return place + 1
            return 0
    ''',
    second="""
        def which_$unit($name, limit):
            found = [at for at, value in enumerate($name, 1) if value $sign limit]
            return min(found, default=0)
    """,
    inputs="[random.randint($n - 4, $n + 4) for _ in range(random.randint(0, 5))], $n",
    hints=[
        "You need the place and the number. Which loop gives you places?",
        "`range(len(…))` counts the places. As soon as you find one, `return` ends everything.",
        "If the number at this place is $more the limit, return the place plus 1.",
    ],
)


FAMILIES = (TOTAL_FROM, CAPPED, FIRST_PLACE)
