"""Exercises on functions that return several values, and on functions that use others."""

from __future__ import annotations

from random import Random
from typing import Any

from coursewright.generator.bank.promise import Promise
from coursewright.generator.bank.written import family

SHARES = (
    {"who": "Some children share sweets", "thing": "sweets", "person": "children"},
    {"who": "Some pirates share coins", "thing": "coins", "person": "pirates"},
    {"who": "Some friends share cards for a game", "thing": "cards", "person": "players"},
    {"who": "Some rabbits share carrots", "thing": "carrots", "person": "rabbits"},
)


def share_out(random: Random) -> dict[str, Any]:
    people = random.choice([4, 6, 8])
    half = people // 2
    values = random.choice(SHARES) | {"d": people, "k": random.choice([10, 12, 14, 16])}
    values |= {"even": people * 4 + half, "odd": people * 5 + half, "more": people * 7 + half}
    values |= {"six": people * 6 + half, "two": people * 2 + half, "ten": people * 10 + half}
    return values


SHARE_OUT = family(
    share_out,
    key="share-out",
    title="Sharing out",
    idea="Return two results of one division.",
    concepts=["several-results", "default-values"],
    difficulty="easy",
    statement="""
        $who. Each one gets the same number, and as many as possible. What cannot be shared out
        evenly is left over. Write a function that takes the number of $thing. The number of
        $person, called `people`, may be given too. If it is not given, there are $d of them.
        The function returns two numbers as a tuple.
    """,
    promises=[
        Promise(
            says="The first number is what each one gets",
            shown="share_out($k * 3 + $k // 2, people=$k)",
            wrong=("total // people", "round(total / people)"),
            because="as many as possible, but not more than there are",
            hidden=("share_out(5 * $k + $k // 2, $k)", "share_out($k + $k // 2, people=$k)"),
        ),
        Promise(
            says="The second number is what is left over",
            shown="share_out(2 * $k + 1, people=$k)",
            wrong=("total % people", "people - total % people"),
            because="one cannot be shared out",
            hidden=("share_out(3 * $k + 2, people=$k)", "share_out(0, $k)", "share_out(1, 5)"),
        ),
        Promise(
            says="Without `people`, there are $d $person",
            shown="share_out($even)",
            wrong=("people=$d", "people=$d + 1"),
            because="shared among $d",
            hidden=("share_out($six)", "share_out($two)", "share_out($ten)"),
        ),
    ],
    reference='''
        def share_out(total, people=$d):
            """Return what each one gets, and what is left over."""
            return total // people, total % people
    ''',
    second="""
        def share_out(total, people=$d):
            each = 0
            while total >= people:
                total -= people
                each += 1
            return each, total
    """,
    inputs="random.randint(0, 60), random.randint(2, 12)",
    hints=[
        "What each one gets and what is left over are two results of one division.",
        "`//` gives the first number and `%` the second. A comma puts them into a tuple.",
        "The first line is `def share_out(total, people=$d):`. Return both with a comma.",
    ],
)


MEASURES = (
    {"what": "A weather page shows how cold and how warm a week was", "name": "degrees"},
    {"what": "A phone shows the quietest and the loudest moment of a walk", "name": "levels"},
    {"what": "A teacher looks at the lowest and the highest mark of a test", "name": "marks"},
    {"what": "A shop wants to know the smallest and the largest order", "name": "orders"},
)


def extremes(random: Random) -> dict[str, Any]:
    n = random.randint(10, 40)
    a, b, c = random.sample(range(1, 9), 3)
    values: dict[str, Any] = dict(random.choice(MEASURES))
    low_first = random.choice([True, False])
    ends = ("min", "max") if low_first else ("max", "min")
    words = ("smallest", "largest") if low_first else ("largest", "smallest")
    values |= {"f": ends[0], "s": ends[1], "one": words[0], "two": words[1], "n": n}
    values |= {"mixed": [n, n + a, n - b, n + c - 20 if low_first else n + 20, n]}
    values |= {"three": [5, 3, 9] if low_first else [5, 9, 3]}
    values |= {"few": [2, 1, 4] if low_first else [2, 4, 1]}
    values |= {"end": [n + 5 - b, n - b, n + c, n + 10 if low_first else n - 10]}
    return values | {"turn": not low_first}


EXTREMES = family(
    extremes,
    key="extremes",
    title="From one end to the other",
    idea="Return two ends of a list.",
    concepts=["several-results", "leaving-arguments-alone"],
    difficulty="medium",
    statement="""
        $what. Write a function that takes a list of numbers. It returns two of them as a
        tuple, first the $one one, then the $two one. The list may be empty. Then there is
        neither, and each of the two is `None`. The list that was given should stay as it is,
        since it is still in use.
    """,
    promises=[
        Promise(
            says="The $one number comes first, and then the $two one",
            shown="extremes($mixed)",
            wrong=("$s($name)", "$name[-1]"),
            because="look at the whole list",
            hidden=("extremes([3, 1, 2])", "extremes([2, 9, 1, 5])", "extremes([-4, -9, -6])"),
        ),
        Promise(
            says="If there are no numbers, both are `None`",
            shown="extremes([])",
            wrong=("return None, None", "return None"),
            because="a tuple too, with `None` twice",
            hidden=("extremes([])", "extremes([0])", "extremes([7])"),
        ),
        Promise(
            says="The list that was given is not changed",
            shown="extremes($end)",
            wrong=("    return $f", "    $name.sort()\n    return $f"),
            because="do not sort the list itself",
            hidden=(
                "extremes($three)",
                "extremes($few)",
            ),
            keeps=True,
        ),
    ],
    reference='''
        def extremes($name):
            """Return the $one and the $two number."""
            if not $name:
                return None, None
            return $f($name), $s($name)
    ''',
    second="""
        def extremes($name):
            ordered = [None, *sorted($name, reverse=$turn)]
            return ordered[min(1, len($name))], ordered[-1]
    """,
    inputs="([random.randint(-9, 9) for _ in range(random.randint(0, 6))],)",
    hints=[
        "Python has functions that find these two numbers. What do they do with no numbers?",
        "Ask first whether the list is empty. `min` and `max` do the rest.",
        "`if not $name:` is true for an empty list. There, return `None` twice, with a comma.",
    ],
)


COMPARED = (
    {"what": "A library counts its visitors each day", "of": "visitors", "name": "busy_days",
     "sign": ">", "more": "above"},
    {"what": "A teacher has the points of a whole class", "of": "points", "name": "strong_ones",
     "sign": ">", "more": "above"},
    {"what": "A farm writes down the litres of milk of each cow", "of": "litres",
     "name": "weak_ones", "sign": "<", "more": "below"},
    {"what": "A runner writes down the minutes of each run", "of": "minutes", "name": "fast_ones",
     "sign": "<", "more": "below"},
)  # fmt: skip


def against_mean(random: Random) -> dict[str, Any]:
    n = random.randint(8, 30)
    return random.choice(COMPARED) | {"n": n, "u": n + 4, "d": n - 4, "e": n + 2, "c": n - 2}


AGAINST_MEAN = family(
    against_mean,
    key="against-mean",
    title="Compared with the average",
    idea="Write two functions, one uses the other.",
    concepts=["helper-functions"],
    difficulty="medium",
    statement="""
        $what. Write two functions. Both take a list of numbers. The first one returns the
        average: the sum of the numbers, divided by how many there are. The second one uses the
        first one. It returns a new list of the numbers that are $more the average, in the same
        order. If there are no numbers, say that their average is 0.
    """,
    promises=[
        Promise(
            says="`mean` returns the average, with what stands behind the point",
            shown="mean([$n, $n + 1])",
            wrong=("sum(numbers) / len(numbers)", "sum(numbers) // len(numbers) / 1"),
            because="the average lies between the two",
            hidden=("mean([1, 2, 2, 2])", "mean([7])", "mean([-3, 0])", "mean([10, 20, 30])"),
        ),
        Promise(
            says="`$name` returns those $more the average, but not those that are equal to it",
            shown="$name([$u, $n, $d])",
            wrong=("number $sign average", "number $sign= average"),
            because="one of the numbers is the average itself",
            hidden=(
                "$name([$n, $u, $d, $e, $c])",
                "$name([5, 5, 5])",
                "$name([1, 1, 4])",
                "$name([])",
                "$name([9])",
                "$name([-2, 2, -2, 2])",
            ),
        ),
        Promise(
            says="Without numbers the average is 0",
            shown="mean([])",
            wrong=("return 0", "return None"),
            because="nothing can be divided by 0",
            hidden=("mean([])", "mean([0])", "mean([4])", "mean([0, 0])"),
        ),
    ],
    reference='''
        def mean(numbers):
            """Return the average, which is 0 if there are no numbers."""
            if not numbers:
                return 0
            return sum(numbers) / len(numbers)


        def $name(numbers):
            """Return the numbers $more their average."""
            average = mean(numbers)
            found = []
            for number in numbers:
                if number $sign average:
                    found.append(number)
            return found
    ''',
    second="""
        def mean(numbers):
            total = 0
            for number in numbers:
                total += number
            return total / len(numbers) if numbers else 0


        def $name(numbers):
            middle = mean(numbers)
            return [number for number in numbers if number $sign middle]
    """,
    inputs="([random.randint(0, 9) for _ in range(random.randint(0, 6))],)",
    hints=[
        "Write `mean` first and try it. What goes wrong if the list is empty?",
        "In the second function, call `mean` once before the loop and keep the result.",
        "Then go through the numbers. If one is $more the average, append it to a new list.",
    ],
)


FAMILIES = (SHARE_OUT, EXTREMES, AGAINST_MEAN)
