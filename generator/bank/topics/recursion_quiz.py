"""Quiz items on recursion."""

from __future__ import annotations

from random import Random

from coursewright.generator.bank.ask import Choice, choose, count, prints
from coursewright.generator.bank.family import QuizFamily
from coursewright.generator.bank.written import pick, table
from coursewright.generator.drafts import QuestionDraft

STEPS = table(
    "step",
    ("n + f(n - 1)",),
    ("2 * f(n - 1)",),
    ("f(n - 1) + 3",),
    ("f(n - 1) - n",),
    ("2 * f(n - 1) + 1",),
)


def follow_the_calls(random: Random) -> QuestionDraft:
    return count(
        key="follow-the-calls",
        prompt="What is `f($n)`?",
        code="""
            def f(n):
                if n == 0:
                    return $base
                return $step
        """,
        decides="""
            value = $base
            for n in range(1, $n + 1):
                value = $again
            print(value)
        """,
        explanation="Begin at the base case: f(0) is known. Then work out f(1), f(2) and so on.",
        concepts=["recursive-step"],
        evidence="Then the answers come back, one after the other",
        values=(row := pick(random, STEPS))
        | {
            "n": random.randint(3, 5),
            "base": random.randint(1, 6),
            "again": row["step"].replace("f(n - 1)", "value"),
        },
    )


def order_of_printing(random: Random) -> QuestionDraft:
    step = random.randint(1, 3)
    lines = random.choice((("print(n)", f"show(n + {step})"), (f"show(n + {step})", "print(n)")))
    return prints(
        key="order-of-printing",
        code="""
            def show(n):
                if n > $last:
                    return
                $lines


            show($first)
        """,
        explanation="What stands before the call is done on the way in, what stands behind it on"
        " the way back.",
        concepts=["recursive-step"],
        evidence="and each waiting call finishes its own.",
        values={
            "lines": "\n    ".join(lines),
            "first": random.randint(1, 5),
            "last": random.randint(7, 9),
        },
    )


ENDLESS = table(
    "step test why",
    ("n - 1", "n == 0", "It comes down to 0 one by one, and 0 is the base case."),
    ("n + 1", "n == 0", "It moves away from 0."),
    ("n - 2", "n == 0", "From an odd number it jumps over 0."),
    ("n", "n == 0", "It always asks the same question again."),
)


def which_one_ends(random: Random) -> QuestionDraft:
    start = random.choice((3, 5, 7, 9, 11))
    change = random.choice(("1 + f({})", "2 * f({})", "f({}) + 3"))
    program = "def f(n):\n    if {}:\n        return 1\n    return {}\n"
    return choose(
        random,
        key="which-one-ends",
        prompt=f"With which last line does the call `f({start})` come to an end?",
        code="def f(n):\n    if n == 0:\n        return 1\n    ...",
        choices=[
            Choice(
                f"`return {change.format(row['step'])}`",
                row["why"],
                f"failure({program.format(row['test'], change.format(row['step']))!r}"
                f" + 'f({start})') == ''",
            )
            for row in ENDLESS
        ],
        explanation="Each call has to come nearer to the base case, and to meet it.",
        concepts=["base-case"],
        evidence="Every call must come nearer to the base case.",
    )


def how_many_calls(random: Random) -> QuestionDraft:
    n, gap, low = random.randint(3, 6), random.choice((1, 2)), random.choice((0, 1))
    return count(
        key="how-many-calls",
        prompt=f"How often is `f` called in all, when a program calls `f({n})`? Count the first"
        " call too.",
        code="""
            def f(n):
                if n <= $low:
                    return 1
                return f(n - 1) + f(n - $gap)
        """,
        decides="""
            def calls(n):
                return 1 if n <= $low else 1 + calls(n - 1) + calls(n - $gap)


            print(calls($n))
        """,
        explanation="Draw a tree: every call that is no base case has two calls below it.",
        concepts=["recursive-step"],
        evidence="Each call works for itself.",
        values={"n": n, "gap": gap, "low": low},
    )


def lists_inside(random: Random) -> QuestionDraft:
    a, b, c, d = random.sample(range(1, 10), 4)
    return prints(
        key="lists-inside",
        code="""
            def f(items):
                result = 0
                for item in items:
                    if isinstance(item, list):
                        result = result + $inside
                    else:
                        result = result + $number
                return result


            print(f($nest))
        """,
        explanation="Begin with the innermost list, and go on to the outside.",
        concepts=["nested-data"],
        evidence="Ask for the type with `isinstance`, and call the function for what is inside.",
        values={
            "inside": random.choice(("f(item)", "f(item) + 1", "2 * f(item)")),
            "number": random.choice(("item", "1")),
            "nest": random.choice(
                ([a, [b, [c]], [d]], [[a, b], c, [[d]]], [[[a]], [b], c], [a, [], [b, [c, d]]])
            ),
        },
    )


def text_step_by_step(random: Random) -> QuestionDraft:
    return prints(
        key="text-step-by-step",
        code="""
            def f(text):
                if len(text) <= 1:
                    return text
                return $result


            print(f("$word"))
        """,
        explanation="Write the calls below each other, until the text has one letter.",
        concepts=["base-case", "recursive-step"],
        evidence="The last call is the base case.",
        values={
            "result": random.choice(
                ("f(text[1:]) + text[0]", 'text[0] + "-" + f(text[1:])', "f(text[:-1])",
                 "text[-1] + f(text[1:])")
            ),
            "word": random.choice(("tea", "oak", "moon", "lamp", "star")),
        },
    )  # fmt: skip


ROLES = {
    "The base case": ("it ends the calls, as its answer is known", "This ends the calls."),
    "The recursive step": ("it calls the function for less", "This makes the question smaller."),
    "The docstring": ("it tells a reader what the function does", "This is there for readers."),
    "The first line": ("it gives the function its name", "This names the function."),
}


def which_role(random: Random) -> QuestionDraft:
    asked = random.choice(("The base case", "The recursive step"))
    names = random.sample(("total", "count", "climb", "unpack"), 1)
    return choose(
        random,
        key="which-role",
        prompt=f"A function `{names[0]}` calls itself. Which part of it is meant here: $role?",
        choices=[Choice(part, why, f"'{part}' == '{asked}'") for part, (_, why) in ROLES.items()],
        explanation="One part ends the calls, and another one makes the question smaller.",
        concepts=["base-case"],
        evidence=(
            "The **base case** is so small that the answer is known at once."
            if asked == "The base case"
            else "The **recursive step** makes the question smaller and asks the function itself."
        ),
        values={"role": ROLES[asked][0]},
    )


QUIZZES = (
    QuizFamily("follow-the-calls", ("recursive-step",), follow_the_calls),
    QuizFamily("order-of-printing", ("recursive-step",), order_of_printing),
    QuizFamily("which-one-ends", ("base-case",), which_one_ends),
    QuizFamily("how-many-calls", ("recursive-step",), how_many_calls),
    QuizFamily("lists-inside", ("nested-data",), lists_inside),
    QuizFamily("text-step-by-step", ("base-case", "recursive-step"), text_step_by_step),
    QuizFamily("which-role", ("base-case",), which_role),
)
