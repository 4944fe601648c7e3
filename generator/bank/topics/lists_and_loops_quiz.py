"""Quiz items on lists and loops."""

from __future__ import annotations

from random import Random

from coursewright.generator.bank.ask import Choice, choose, count, prints
from coursewright.generator.bank.family import QuizFamily
from coursewright.generator.drafts import QuestionDraft

ROUNDS = "The indented lines run once for each value, from the first to the last."
RANGE = "`range(2, 6)` counts from 2 up to 5: the first number is in, the last one is not."
APPEND = "`append` adds a value at the end and changes the list itself."
WHILE = "A `while` loop asks its condition before each round, and stops when it is false."
START = "Before the loop, the name gets a value to start with, which is 0 for a sum."
PLACES = "As with strings, places are counted from 0, and -1 is the last one."


def summing(random: Random) -> QuestionDraft:
    numbers = random.sample(range(1, 10), 4)
    return prints(
        key="adding-in-a-loop",
        code="""
            total = $start
            for number in $numbers:
                if number $sign $limit:
                    total += number
            print(total)
        """,
        explanation="Only the numbers that fit the condition are added to the $start.",
        concepts=["accumulating", "for-loops"],
        evidence=START,
        values={
            "start": random.choice([0, 10, 100]), "numbers": numbers,
            "sign": random.choice(["<", ">", ">="]), "limit": sorted(numbers)[2],
        },
    )  # fmt: skip


def ranges(random: Random) -> QuestionDraft:
    low = random.randint(1, 5)
    high = low + random.randint(3, 6)
    options = {
        "range($low, $next)": "The last number is not included, so it ends with $high.",
        "range($low, $high)": "This ends with the number before $high.",
        "range($high)": "This begins with 0 and ends before $high.",
        "range($before, $high)": "This begins one too early and ends one too early.",
    }
    return choose(
        random,
        key="which-range",
        prompt="With which `range` does a `for` loop count from $low up to $high, both included?",
        choices=[
            Choice(f"`{call}`", why, f"list({call}) == list(range($low, $high)) + [$high]")
            for call, why in options.items()
        ],
        explanation="`range` leaves out the number at which it ends.",
        concepts=["for-loops"],
        evidence=RANGE,
        values={"low": low, "high": high, "next": high + 1, "before": low - 1},
    )


def appending(random: Random) -> QuestionDraft:
    a, b, c = random.sample(["ink", "pen", "map", "cup", "key", "hat"], 3)
    return prints(
        key="a-list-grows",
        code='things = ["$a"]\nthings.append("$b")\nthings.append("$c")\nprint(len(things))\n'
        "print(things[$place])\nprint(things)",
        explanation="Each `append` adds one value at the end.",
        concepts=["lists"],
        evidence=APPEND,
        values={"a": a, "b": b, "c": c, "place": random.choice([0, 1, -1])},
    )


def halving(random: Random) -> QuestionDraft:
    start = random.choice([20, 25, 33, 40, 48, 50, 64])
    return count(
        key="rounds-of-a-while-loop",
        prompt="How many numbers does this program print?",
        code="number = $start\nwhile number > $stop:\n    print(number)\n    number = number // 2",
        decides="number, rounds = $start, 0\nwhile number > $stop:\n    rounds += 1\n"
        "    number = number // 2\nprint(rounds)",
        explanation="Write down the number before each round, until it is not above $stop.",
        concepts=["while-loops"],
        evidence=WHILE,
        values={"start": start, "stop": random.choice([1, 2, 3])},
    )


def sum_of_range(random: Random) -> QuestionDraft:
    low = random.randint(1, 4)
    values = {"low": low, "high": low + random.randint(3, 5), "k": random.randint(2, 3)}
    return count(
        key="how-often-does-it-run",
        prompt="What does this program print?",
        code="total = 0\nfor n in range($low, $high):\n    total += $k\nprint(total)",
        decides="print($k * ($high - $low))",
        explanation="The loop runs for each number from $low to the one before $high.",
        concepts=["for-loops", "accumulating"],
        evidence=ROUNDS,
        values=values,
    )


def true_of_lists(random: Random) -> QuestionDraft:
    a, b, c = random.sample(range(2, 20), 3)
    return choose(
        random,
        key="true-of-a-list",
        prompt="Given `row = [$a, $b, $c]`. Which are true? Choose all that are.",
        choices=[
            Choice("`row[-1] == $c`", "Place -1 is the last one.", "[$a, $b, $c][-1] == $c"),
            Choice("`row[1] == $a`", "Places are counted from 0.", "[$a, $b, $c][1] == $a"),
            Choice("`$b in row`", "It is the second value.", "$b in [$a, $b, $c]"),
            Choice("`len(row) == 2`", "There are three values.", "len([$a, $b, $c]) == 2"),
        ],
        explanation="Places begin with 0, and `len` counts the values.",
        concepts=["lists"],
        evidence=PLACES,
        several=True,
        values={"a": a, "b": b, "c": c},
    )


QUIZZES = (
    QuizFamily("adding-in-a-loop", ("accumulating", "for-loops"), summing),
    QuizFamily("which-range", ("for-loops",), ranges),
    QuizFamily("a-list-grows", ("lists",), appending),
    QuizFamily("rounds-of-a-while-loop", ("while-loops",), halving),
    QuizFamily("how-often-does-it-run", ("for-loops", "accumulating"), sum_of_range),
    QuizFamily("true-of-a-list", ("lists",), true_of_lists),
)
