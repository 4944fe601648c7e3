"""Exercises on loops that remember something."""

from __future__ import annotations

from random import Random
from typing import Any

from coursewright.generator.bank.promise import Promise
from coursewright.generator.bank.written import family

GOALS = (
    {"who": "Mia saves for a bicycle", "unit": "coins", "every": "week", "what": "puts aside"},
    {"who": "A tank is filled for the garden", "unit": "litres", "every": "minute",
     "what": "gets"},
    {"who": "A club collects signatures", "unit": "signatures", "every": "day", "what": "gets"},
    {"who": "Tom learns words for a test", "unit": "words", "every": "day", "what": "learns"},
)  # fmt: skip


def until_goal(random: Random) -> dict[str, Any]:
    step = random.randint(3, 9)
    values = random.choice(GOALS) | {"step": step, "exact": 4 * step, "rounds": 12}
    values |= {"far": 14 * step - 1, "farther": 20 * step, "start": step * 10}
    return values


UNTIL_GOAL = family(
    until_goal,
    key="until-goal",
    title="How long does it take?",
    idea="Count the rounds until a goal is reached.",
    concepts=["while-loops", "accumulating"],
    difficulty="medium",
    statement="""
        $who. There is a goal, a number of $unit. Some of the $unit are there from the start,
        and each $every there are $step more. Write a function that takes the number at the
        start and the goal. It returns how many ${every}s have to pass until the goal is
        reached. Use a `while` loop, because nobody knows before how many rounds it takes.
    """,
    promises=[
        Promise(
            says="It counts the ${every}s until the goal is reached, however many there are",
            shown="rounds_until(0, $far)",
            wrong=("amount < goal", "amount < goal and count < 10"),
            because="$step more each $every, until there is enough",
            hidden=("rounds_until(1, $farther)", "rounds_until(0, 100 * $step - 1)"),
        ),
        Promise(
            says="The goal is reached as soon as there is exactly as much",
            shown="rounds_until(0, $exact)",
            wrong=("amount < goal", "amount <= goal"),
            because="exactly the goal is enough",
            hidden=("rounds_until($step, $exact)", "rounds_until(0, $step)"),
        ),
        Promise(
            says="If there is more than enough from the start, the answer is 0",
            shown="rounds_until($start, $step)",
            wrong=("return count", "return max(count, 1)"),
            because="there is nothing to wait for",
            hidden=("rounds_until(1, 0)", "rounds_until($start, $start - 1)"),
        ),
    ],
    reference='''
        def rounds_until(start, goal):
            """Return how many rounds it takes to reach the goal."""
            amount = start
            count = 0
            while amount < goal:
                amount += $step
                count += 1
            return count
    ''',
    second="""
        def rounds_until(start, goal):
            missing = max(goal - start, 0)
            return (missing + $step - 1) // $step
    """,
    inputs="random.randint(0, 3 * $step), random.randint(0, 9 * $step)",
    hints=[
        "Which two numbers change from round to round? Give both of them a name.",
        "The loop goes on while the goal is not reached. It adds $step, and it counts.",
        "`while amount < goal:`, then `amount += $step` and one more for the count.",
    ],
    required=["While"],
)


CHANGES = (
    {"what": "A weather station writes down the temperature of each day", "word": "rises",
     "sign": ">", "more": "higher", "up": 1},
    {"what": "A hiker writes down how high up the path is after each hour", "word": "climbs",
     "sign": ">", "more": "higher", "up": 1},
    {"what": "A shop writes down the price of a kilogram of apples each week", "word": "drops",
     "sign": "<", "more": "lower", "up": -1},
    {"what": "A nurse writes down the pulse of a patient every hour", "word": "falls",
     "sign": "<", "more": "lower", "up": -1},
)  # fmt: skip


def count_changes(random: Random) -> dict[str, Any]:
    values: dict[str, Any] = dict(random.choice(CHANGES))
    up, n = values["up"], random.randint(20, 60)
    values |= {"n": n, "u": n + up, "v": n + 2 * up, "d": n - 2 * up, "e": n - up}
    return values


COUNT_CHANGES = family(
    count_changes,
    key="count-changes",
    title="How often was it more?",
    idea="Compare each number with its neighbour.",
    called="How often was it $more?",
    concepts=["lists", "for-loops"],
    difficulty="medium",
    statement="""
        $what. You want to know how often a number was $more than the one just before it. Write
        a function that takes the list of numbers and returns this count. The first number has
        nothing before it, so it never counts. If two neighbours are equal, that does not count
        either.
    """,
    promises=[
        Promise(
            says="Each number is compared with the one just before it",
            shown="count_$word([$v, $d, $e])",
            wrong=("numbers[place - 1]", "numbers[0]"),
            because="the last number is $more than its neighbour",
            hidden=("count_$word([$n, $u, $n])", "count_$word([$v, $d, $e, $d, $e])"),
        ),
        Promise(
            says="Equal neighbours do not count",
            shown="count_$word([$n, $n, $n])",
            wrong=("] $sign ", "] $sign= "),
            because="none of them is $more than another",
            hidden=("count_$word([$n, $n])", "count_$word([$n, $n, $d])"),
        ),
        Promise(
            says="With fewer than two numbers, the count is 0",
            shown="count_$word([$n])",
            wrong=("count = 0", "count = 0 if len(numbers) > 1 else None"),
            because="there is nothing to compare",
            hidden=("count_$word([])", "count_$word([0])", "count_$word([-1])"),
        ),
    ],
    reference='''
        def count_$word(numbers):
            """Return how often a number is $more than the one before it."""
            count = 0
            for place in range(1, len(numbers)):
                if numbers[place] $sign numbers[place - 1]:
                    count += 1
            return count
    ''',
    second="""
        def count_$word(numbers):
            pairs = zip(numbers, numbers[1:])
            return sum(1 for before, now in pairs if now $sign before)
    """,
    inputs="([random.randint(1, 5) for _ in range(random.randint(0, 6))],)",
    hints=[
        "How many pairs of neighbours are there among five numbers? Which is the first pair?",
        "Go through the places, beginning with 1. The neighbour has a place that is one less.",
        "Compare `numbers[place]` with `numbers[place - 1]`, and add 1 to the count.",
    ],
)


STREAKS = (
    {"what": "A weather station writes down the rain of each day, in millimetres", "sign": "==",
     "n": 0, "long": "days without rain", "bad": 7, "good": 0, "good2": 0, "edge": 1},
    {"what": "A team writes down how many goals it scored in each match", "sign": ">", "n": 0,
     "long": "matches with at least one goal", "bad": 0, "good": 1, "good2": 3, "edge": 0},
    {"what": "A gardener writes down the lowest temperature of each night", "sign": "<", "n": 0,
     "long": "nights below zero", "bad": 0, "good": -1, "good2": -6, "edge": 1},
    {"what": "A pupil writes down how many pages she reads each day", "sign": ">=", "n": 10,
     "long": "days with 10 pages or more", "bad": 9, "good": 10, "good2": 25, "edge": 0},
)  # fmt: skip


def longest_streak(random: Random) -> dict[str, Any]:
    values: dict[str, Any] = dict(random.choice(STREAKS))
    good, other, bad = (values[name] for name in ("good", "good2", "bad"))
    first, second = random.sample([1, 2, 3], 2)
    values |= {
        "two": [*[good] * first, bad, *[other] * second, bad],
        "end": [bad, bad, *[other, good] * random.randint(1, 2)],
        "none": [bad] * random.randint(2, 4),
        "three": [good, bad, other, bad, good, good, bad],
        "start": [good, good, good, bad, bad],
        "whole": [good] * random.randint(4, 6),
    }
    return values


LONGEST_STREAK = family(
    longest_streak,
    key="longest-streak",
    title="The longest streak",
    idea="Find the longest streak in a list.",
    concepts=["for-loops", "accumulating"],
    difficulty="hard",
    statement="""
        $what. You want to know the longest streak of $long: how many were there in a row,
        without a break? Write a function that takes the list of numbers and returns the length
        of the longest streak. The streak may stand anywhere in the list, and it may be that
        there is none at all.
    """,
    promises=[
        Promise(
            says="A break ends a streak, and the longest one counts",
            shown="longest_streak($two)",
            wrong=("            current = 0", "            current += 0"),
            because="the break is not part of a streak",
            hidden=("longest_streak($three)", "longest_streak([$good, $bad, $good, $bad])"),
        ),
        Promise(
            says="A streak at the end of the list counts too",
            shown="longest_streak($end)",
            wrong="""
                def longest_streak(numbers):
                    best = 0
                    current = 0
                    for number in numbers:
                        if number $sign $n:
                            current += 1
                        else:
                            best = max(best, current)
                            current = 0
                    return best
            """,
            because="the list is over, and so is the streak",
            hidden=("longest_streak($whole)", "longest_streak([$bad, $good2])"),
        ),
        Promise(
            says="Without any streak the answer is 0",
            shown="longest_streak($none)",
            wrong=("return best", "return best or None"),
            because="nothing to count",
            hidden=("longest_streak([])", "longest_streak([$bad])", "longest_streak([$edge])"),
        ),
    ],
    reference='''
        def longest_streak(numbers):
            """Return the length of the longest streak."""
            best = 0
            current = 0
            for number in numbers:
                if number $sign $n:
                    current += 1
                    if current > best:
                        best = current
                else:
                    current = 0
            return best
    ''',
    second="""
        def longest_streak(numbers):
            marks = "".join("x" if number $sign $n else " " for number in numbers)
            return max((len(run) for run in marks.split()), default=0)
    """,
    inputs="([random.choice([$good, $good2, $bad, $n, $edge]) for _ in range("
    "random.randint(0, 7))],)",
    hints=[
        "Remember two numbers: how long the streak is now, and how long the best one was.",
        "In each round the streak grows by one, or it is over. When do you look at the best?",
        "Right after the streak has grown, ask whether it is longer than the best one.",
    ],
)


FAMILIES = (UNTIL_GOAL, COUNT_CHANGES, LONGEST_STREAK)
