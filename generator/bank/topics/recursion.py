"""Recursion: functions that call themselves, for numbers, texts and things in things."""

from __future__ import annotations

from random import Random

from coursewright.generator.bank.build import example, lesson, text
from coursewright.generator.bank.family import Topic
from coursewright.generator.bank.topics import (
    recursive_numbers_exercises,
    recursive_structures_exercises,
)
from coursewright.generator.bank.topics.recursion_quiz import QUIZZES
from coursewright.generator.drafts import LessonDraft

BLOCKS = (
    text("""
        # Recursion

        Some questions hold a smaller question of the same kind. How many people stand in front
        of you in a queue? Ask the one in front of you, and add one. Who stands first knows the
        answer without asking. A function that works like this calls itself. This is called
        **recursion**.

        ## Two parts

        - The **base case** is so small that the answer is known at once.
        - The **recursive step** makes the question smaller and asks the function itself.
    """),
    example(
        '''
        def countdown(number):
            """Return a text that counts down to 0."""
            if number < 0:
                raise ValueError("this never gets to 0")
            if number == 0:
                return "go!"
            return f"{number} " + countdown(number - 1)


        print(countdown($top))
        print(countdown(0))
        ''',
    ),
    text("""
        Each call waits for the next one. The last call is the base case. Then the answers come
        back, one after the other, and each waiting call finishes its own.

        Every call must come nearer to the base case. If not, the calls never end: Python stops
        them with a `RecursionError`. That is why `countdown` refuses a number below 0.

        ## A step with a calculation

        The answer of the smaller question is a value like any other. You can work with it.
    """),
    example(
        '''
        def power_of_two(exponent):
            """Return 2 * 2 * ... * 2, with so many factors."""
            if exponent == 0:
                return 1
            half = power_of_two(exponent // 2)
            if exponent % 2 >= 1:
                half *= 2 * power_of_two(exponent // 2)
                return half
            return half * half


        print([power_of_two(number) for number in range(6)])


        def signs(number):
            """Return how many digits a number has, without its sign."""
            if number < 0:
                return signs(-number)
            if number < 10:
                return 1
            return signs(number // 10) + 1


        print(signs(7), signs(-2024), max(3, int(5 == 5)))
        '''
    ),
    text("""
        In `signs` there are two base cases in a way: the sign is taken off, and then a number
        with one digit is reached in the end. `int(5 == 5)` shows that `True` is 1 as a number.

        ## Two calls in one step

        A step may ask two or more smaller questions. Each call works for itself.
    """),
    example(
        '''
        def rabbits(month):
            """Return the pairs of rabbits: all of last month, and the young ones."""
            if month <= 1:
                return 1
            pairs = rabbits(month - 1)
            pairs += rabbits(month - 2)
            return pairs


        print([rabbits(month) for month in range(8)])
        '''
    ),
    text("""
        ## Texts and lists

        For a text, the smaller question is often about the text without its first letter. A
        call may return a list, and you can use it in a loop or in a comprehension.
    """),
    example(
        '''
        def backwards(text):
            """Return the text from its end to its start."""
            if text == "":
                return ""
            return backwards(text[1:]) + text[0]


        def endings(text):
            """Return the text, the text without its first letter, and so on."""
            if text == "":
                return [""]
            return [text] + [rest for rest in endings(text[1:]) if rest]


        print(backwards("$word"))
        print(endings("$word"))
        ''',
    ),
    text("""
        ## Things in things

        Recursion is at its best with data that holds data of the same kind: lists in lists, or
        dictionaries in dictionaries. Ask for the type with `isinstance`, and call the function
        for what is inside.
    """),
    example(
        '''
        def depth(nest):
            """Return how deep the lists in this list go."""
            deepest = 0
            for part in nest:
                if isinstance(part, list):
                    deepest = max(deepest, depth(part))
            return deepest + 1


        def leaves(place):
            """Return the labels of all that is no dictionary."""
            labels = []
            for label, content in place.items():
                if isinstance(content, dict):
                    for leaf in leaves(content):
                        labels.append(leaf)
                else:
                    labels.append(label)
            return labels


        print(depth([1, [2, [3]], []]))
        print(leaves({"garden": {"tree": 1, "shed": {"spade": 2}}, "gate": 3}))
        '''
    ),
    text("""
        Here the base case has no line of its own: where there is no list inside, there is no
        further call.

        ## How to write one

        Do not try to follow all calls in your head. Trust that the call for the smaller
        question is right, and ask only two things. Is the base case right? And is the answer
        right, if the smaller answer is?
    """),
)


def teach(random: Random) -> LessonDraft:
    top = random.randint(3, 5)
    word = random.choice(("tea", "oak", "sun"))
    return lesson(*BLOCKS, top=top, word=word)


TOPIC = Topic(
    key="recursion",
    title="Recursion",
    summary="Functions that call themselves: a base case, and a step that comes nearer to it.",
    objectives=(
        "find the base case and the step of a question",
        "write a function that calls itself",
        "follow the calls of such a function",
        "work through data that holds data of the same kind",
    ),
    concepts=("base-case", "recursive-step", "nested-data"),
    needs=("functions", "dictionaries", "errors", "comprehensions"),
    words=("recursion", "recursive", "trees", "nested", "nested data"),
    minutes=60,
    lesson=teach,
    families=(*recursive_numbers_exercises.FAMILIES, *recursive_structures_exercises.FAMILIES),
    quizzes=QUIZZES,
)
