"""Errors: what they tell, how to expect one, and how to raise one."""

from __future__ import annotations

from random import Random

from coursewright.generator.bank.build import example, lesson, text
from coursewright.generator.bank.family import Topic
from coursewright.generator.bank.topics import handling_exercises, raising_exercises
from coursewright.generator.bank.topics.errors_quiz import QUIZZES
from coursewright.generator.drafts import LessonDraft

BLOCKS = (
    text("""
        # Errors

        When Python cannot go on, it stops with an error. That is a help, not an insult. The
        last line of the message says what happened. The word before the colon is the kind of
        the error. These kinds are common:

        - `ValueError`: the value has the right type, but this one makes no sense.
        - `TypeError`: the value has the wrong type.
        - `IndexError`: the list has no value at this place.
        - `KeyError`: the dictionary does not have this key.
        - `ZeroDivisionError`: something was divided by 0.
        - `NameError`: a name was never given a value, often a typing mistake.

        ## Expect an error

        People type a word where you want a number. You know that this can happen, so be ready.
    """),
    example(
        """
        for text in ["$good", "$bad"]:
            try:
                number = int(text)
                print(number, "is a number")
            except ValueError:
                print(text, "is not a number")
        """,
    ),
    text("""
        Python runs the lines under `try`. If one of them raises a `ValueError`, the rest of
        them is left out. Python jumps to the lines under `except` and then goes on below.
        An error of another kind is not caught.

        Always name the error that you expect. An `except` without a name hides your own
        mistakes too. And keep the part under `try` short.

        ## Go on after an error

        In a loop you can note what went wrong and look at the next value.
    """),
    example(
        '''
        ages = {"Ada": 36, "Bo": 20}
        missing = []
        years = 0
        for name in ["Ada", "Cem", "Bo"]:
            try:
                years += ages[name]
            except KeyError:
                missing.append(name)
        print(years, missing)


        def half_of_first(numbers):
            """Return half of the first number that is not too large, or None."""
            for number in numbers:
                try:
                    if number > 100:
                        continue
                    return 1 / (number / 2)
                except ZeroDivisionError:
                    return None
            return None


        print(half_of_first([500, 8]))
        print(half_of_first([0]) is None)
        for number in reversed([1, 2, 3]):
            print(number)
        '''
    ),
    text("""
        `continue` goes to the next turn of a loop. `return` leaves the whole function, also
        from inside of a loop or a `try`. `None` is the value for "nothing", and you ask for it
        with `is None`. `reversed` goes through a list from its end.

        ## Raise an error

        Sometimes your own function is the one that cannot go on. Do not return a strange number
        and hope that someone sees it. Say it with `raise`.
    """),
    example(
        '''
        def speed(distance, hours):
            """Return the speed. Raises TypeError or ValueError."""
            if isinstance(distance, str):
                raise TypeError("the distance must be a number")
            if hours <= 0 or distance < 0:
                raise ValueError("this trip cannot be")
            return distance / hours


        print(speed(150, 2))
        for distance, hours in [(150, 0), ("far", 2), (0, 3)]:
            try:
                print(speed(distance, hours))
            except ValueError as error:
                print("refused:", error)
            except TypeError:
                print("wrong type")
        '''
    ),
    text("""
        After a `raise` the function is over. So the line below needs no `else`.
        `isinstance(value, str)` tells whether a value is a text; `int` and `list` are types
        too. With `as error` the error gets a name, and printing it shows the message.

        ## In any case

        Two more parts may follow. The lines under `else` run if there was no error.
        The lines under `finally` run in any case, with or without an error.
    """),
    example(
        """
        for text in ["AB12", "oops"]:
            try:
                number = int(text[2:])
            except ValueError:
                print("no number in", text.lower())
            else:
                print("found", number, "in", text.upper())
            finally:
                print("done, with", len(text), "signs")
        assert len("AB12") != 3
        try:
            int("oops")
        except ValueError:
            pass
        else:
            raise AssertionError("this must be refused")
        """
    ),
    text("""
        The last lines are a test that something is refused. `pass` does nothing. If there is no
        error, the test fails with an `AssertionError`. The tests of the exercises are written
        like this.
    """),
)


def teach(random: Random) -> LessonDraft:
    good, bad = random.choice((("12", "twelve"), ("30", "thirty"), ("7", "seven")))
    return lesson(*BLOCKS, good=good, bad=bad)


TOPIC = Topic(
    key="errors",
    title="Errors",
    summary="What errors tell, how to expect one and go on, and how to raise one yourself.",
    objectives=(
        "tell from the kind of an error what went wrong",
        "handle an error that you expect with `try` and `except`",
        "refuse values that make no sense with `raise`",
        "go on with the rest of the work after an error",
    ),
    concepts=("kinds-of-errors", "handling-errors", "raising-errors"),
    needs=("functions", "lists-and-loops", "dictionaries"),
    words=("error", "errors", "exception", "exceptions", "try", "except", "raise"),
    minutes=50,
    lesson=teach,
    families=(*handling_exercises.FAMILIES, *raising_exercises.FAMILIES),
    quizzes=QUIZZES,
)
