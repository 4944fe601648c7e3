"""Decisions: comparisons, branches, and conditions of several parts."""

from __future__ import annotations

from random import Random

from coursewright.generator.bank.build import example, lesson, text
from coursewright.generator.bank.family import Topic
from coursewright.generator.bank.topics import boolean_logic_exercises, branching_exercises
from coursewright.generator.bank.topics.decisions_quiz import QUIZZES
from coursewright.generator.drafts import LessonDraft

BLOCKS = (
    text("""
        # Decisions

        Until now, your programs did the same every time. Now they learn to choose. A program
        asks a question about its values, and goes on in one way or in another.
    """),
    text("""
        ## Questions with two answers

        A comparison is a question. Its answer is one of two values, `True` or `False`. The
        signs are `<` and `>`, and `<=` and `>=` for "or equal". Two signs `==` ask whether
        values are equal, and `!=` whether they differ.
    """),
    example("age = $n\nprint(age < 18)\nprint(age >= 18)\nprint(age == 18)\nprint(age != 18)"),
    text("""
        Take care at the limit: `<` leaves out the limit itself, and `<=` takes it in. You can
        chain comparisons: `3 <= n <= 7` asks whether n is between 3 and 7.
    """),
    example("n = 7\nprint(n < 7)\nprint(n <= 7)\nprint(3 <= n <= 7)"),
    text("""
        ## Choosing a way

        After `if` comes a condition and a colon. The indented lines below it run only if the
        condition is true. With `elif` you ask a further question, and `else` catches
        everything that is left. Python takes the first way whose condition is true, and skips
        all the others.
    """),
    example(
        '''
        def weather(degrees):
            """Return a word for the weather."""
            if degrees < 5:
                return "cold"
            elif degrees > 25:
                return "hot"
            else:
                return "mild"


        print(weather(5))
        print(weather(26))
        print(weather(-3))
        '''
    ),
    text("""
        When a function has returned, it is over. So the `else` may be left out after a
        `return`: what comes below runs only if no condition was true. Two `if` in a row are
        two separate questions, and both may be answered with yes.
    """),
    example(
        '''
        def discount(books, member):
            """Return how many coins are taken off."""
            coins = 0
            if books > 3:
                coins = coins + 2
            if member:
                coins = coins + 5
            return coins


        print(discount(4, True))
        print(discount(3, True))
        print(discount(1, False))
        '''
    ),
    text("""
        ## Questions of several parts

        Conditions can be joined. With `and` both sides must be true, with `or` one of them is
        enough, and `not` turns the answer round. Brackets show what belongs together, as in a
        calculation.
    """),
    example(
        "sunny = True\nwarm = False\nprint(sunny and warm)\nprint(sunny or warm)\n"
        "print(not warm)\nprint(sunny and (warm or not warm))"
    ),
    text("""
        A condition is a value like any other. If a function should answer yes or no, it can
        return the condition itself. There is no need for an `if`.
    """),
    example(
        '''
        def is_weekend(day):
            """Return whether a day, counted from 1 for Monday, is free."""
            return day == 6 or day == 7


        print(is_weekend(6))
        print(is_weekend(1))
        assert is_weekend(7) is True, "Sunday is free"
        '''
    ),
    text("""
        A test asks for such an answer with `is True` or `is False`. And remember the rest from
        the lesson before: a number can be divided by 3 if `n % 3 == 0`.
    """),
    example("n = 12\nprint(n % 3 == 0)\nprint(n % 5 == 0)\nprint(n % 2 == 0 and n > 10)"),
    text("""
        ## Testing at the limits

        Most mistakes sit right at a limit. If a rule says "from 18 on", try 17, 18 and 19.
        Then you see at once whether the limit is on the side where it belongs.
    """),
)


def decisions_lesson(random: Random) -> LessonDraft:
    limit = random.randint(14, 19)
    return lesson(*BLOCKS, n=limit)


TOPIC = Topic(
    key="decisions",
    title="Decisions",
    summary="Compare values, choose a way with if, elif and else, and join conditions.",
    objectives=(
        "compare values, with care at the limits",
        "let a program choose with `if`, `elif` and `else`",
        "join conditions with `and`, `or` and `not`",
    ),
    concepts=("comparisons", "branching", "boolean-logic"),
    needs=("values-and-arithmetic",),
    words=(
        "decisions", "conditions", "conditionals", "comparisons", "branching", "branches", "if",
        "elif", "else", "boolean", "booleans", "boolean logic", "logic",
    ),
    minutes=50,
    lesson=decisions_lesson,
    families=(*branching_exercises.FAMILIES, *boolean_logic_exercises.FAMILIES),
    quizzes=QUIZZES,
)  # fmt: skip
