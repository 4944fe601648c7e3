"""Quiz items on decisions."""

from __future__ import annotations

from random import Random

from coursewright.generator.bank.ask import Choice, choose, count, prints
from coursewright.generator.bank.family import QuizFamily
from coursewright.generator.drafts import QuestionDraft

FIRST = "Python takes the first way whose condition is true, and skips all the others."
SEPARATE = "Two `if` in a row are two separate questions, and both may be answered with yes."
BETWEEN = "You can chain comparisons: `3 <= n <= 7` asks whether n is between 3 and 7."
BOTH = "With `and` both sides must be true, with `or` one of them is enough, and `not` turns"
EDGE = "`<` leaves out the limit itself, and `<=` takes it in."


def first_way(random: Random) -> QuestionDraft:
    low = random.randint(5, 20)
    high = low + random.randint(5, 20)
    words = random.choice([("calm", "windy", "storm"), ("short", "middle", "long")])
    return prints(
        key="the-first-true-way",
        code="""
            number = $n
            if number < $low:
                print("$a")
            elif number < $high:
                print("$b")
            else:
                print("$c")
        """,
        explanation="The conditions are asked from top to bottom until one of them is true.",
        concepts=["branching"],
        evidence=FIRST,
        values={"low": low, "high": high, "n": random.choice([low - 1, low, high - 1, high]),
                "a": words[0], "b": words[1], "c": words[2]},
    )  # fmt: skip


def two_questions(random: Random) -> QuestionDraft:
    limit = random.randint(3, 9)
    return prints(
        key="two-separate-questions",
        code="""
            points = $n
            if points > $low:
                points = points + 10
            if points > $high:
                points = points + 100
            print(points)
        """,
        explanation="Both questions are asked, and the second one sees the new number.",
        concepts=["branching", "comparisons"],
        evidence=SEPARATE,
        values={"n": random.choice([limit, limit + 1]), "low": limit, "high": limit + 5},
    )


def between(random: Random) -> QuestionDraft:
    low = random.randint(3, 15)
    high = low + random.randint(4, 15)
    thing = random.choice(["age", "floor", "page", "score"])
    right = "all(({}) == ({} <= $t <= {}) for $t in range(-9, 99))"
    options = {
        "$low <= $t <= $high": "Both limits are included, and both must hold.",
        "$low < $t < $high": "This leaves out the two limits themselves.",
        "$t >= $low or $t <= $high": "With `or`, every number fits one of the two.",
        "$t <= $low and $t >= $high": "No number is small and large at the same time.",
    }
    return choose(
        random,
        key="between-two-limits",
        prompt="Which condition is true if `$t` is at least $low and at most $high?",
        choices=[
            Choice(f"`{test}`", why, right.format(test, "$low", "$high"))
            for test, why in options.items()
        ],
        explanation="At least and at most both take in the limit.",
        concepts=["comparisons", "boolean-logic"],
        evidence=BETWEEN,
        values={"low": low, "high": high, "t": thing},
    )


def how_many(random: Random) -> QuestionDraft:
    low = random.randint(2, 8)
    high = low + random.randint(3, 9)
    left, right = random.choice([("<", "<="), ("<=", "<"), ("<", "<"), ("<=", "<=")])
    values = {"low": low, "high": high, "left": left, "right": right}
    return count(
        key="count-the-numbers",
        prompt="For how many whole numbers `n` is `$low $left n $right $high` true?",
        decides="print(sum($low $left n $right $high for n in range(100)))",
        explanation="`<` leaves out its limit, `<=` takes it in.",
        concepts=["comparisons"],
        evidence=EDGE,
        values=values,
    )


CONDITIONS = {
    "x > y or y > x": "They differ, so one of them is the larger one.",
    "not x == y": "They are not equal, and `not` makes that true.",
    "x != y and y > 1": "Both sides are true.",
    "x == y or x < 0": "Neither of the two sides is true.",
    "x > 1 and x == y": "The second side is false, and `and` needs both.",
    "not x != y": "They do differ, and `not` makes that false.",
}


def which_are_true(random: Random) -> QuestionDraft:
    x, y = random.sample(range(2, 12), 2)
    conditions = list(CONDITIONS)
    return choose(
        random,
        key="which-conditions-are-true",
        prompt="Given `x = $x` and `y = $y`. Which conditions are true? Choose all that are.",
        choices=[
            Choice(f"`{condition}`", CONDITIONS[condition], f"(lambda x, y: {condition})($x, $y)")
            for condition in (*random.sample(conditions[:3], 2), *random.sample(conditions[3:], 2))
        ],
        explanation="`and` needs both sides, `or` needs one, `not` turns the answer round.",
        concepts=["boolean-logic"],
        evidence=BOTH,
        several=True,
        values={"x": x, "y": y},
    )


OPPOSITES = (
    ("dry and warm", ("not dry or not warm", "not dry and not warm", "dry or warm", "not dry")),
    ("open or free", ("not open and not free", "not open or not free", "open and free",
                      "not free")),
    ("late and not ill", ("not late or ill", "not late and ill", "late or not ill", "not late")),
)  # fmt: skip


def opposite(random: Random) -> QuestionDraft:
    condition, options = random.choice(OPPOSITES)
    a, b = [word for word in condition.split() if word not in ("and", "or", "not")]
    right = f"all(({{}}) == (not ({condition})) for {a} in (0, 1) for {b} in (0, 1))"
    return choose(
        random,
        key="the-opposite",
        prompt="`$a` and `$b` are `True` or `False`. Which condition always has the opposite"
        " answer of `$c`?",
        choices=[
            Choice(
                f"`{option}`",
                "Both answers differ in all four cases."
                if option == options[0]
                else "Try all four cases: in one of them both give the same answer.",
                right.format(option),
            )
            for option in options
        ],
        explanation="The opposite turns each part round, and swaps `and` with `or`.",
        concepts=["boolean-logic"],
        evidence=BOTH,
        values={"a": a, "b": b, "c": condition},
    )


QUIZZES = (
    QuizFamily("the-first-true-way", ("branching",), first_way),
    QuizFamily("two-separate-questions", ("branching", "comparisons"), two_questions),
    QuizFamily("between-two-limits", ("comparisons", "boolean-logic"), between),
    QuizFamily("count-the-numbers", ("comparisons",), how_many),
    QuizFamily("which-conditions-are-true", ("boolean-logic",), which_are_true),
    QuizFamily("the-opposite", ("boolean-logic",), opposite),
)
