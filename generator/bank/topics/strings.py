"""Strings: characters and their places, slices, methods, and searching."""

from __future__ import annotations

from random import Random

from coursewright.generator.bank.build import example, lesson, text
from coursewright.generator.bank.family import Topic
from coursewright.generator.bank.topics import text_exercises, text_methods_exercises
from coursewright.generator.bank.topics.strings_quiz import QUIZZES
from coursewright.generator.drafts import LessonDraft

BLOCKS = (
    text("""
        # Strings

        A **string** is a piece of text. Names, messages and codes are strings, and most
        programs handle a lot of them. In this lesson you take texts apart, tidy them up and
        look for things in them.
    """),
    text("""
        ## Characters and their places

        A string is a row of characters, and `len` says how many there are. Spaces and signs
        are characters like any other, so `len` counts them too. In square brackets you ask for
        one character by its place. Places are counted from 0, and negative places are counted
        from the end.
    """),
    example('town = "$town"\nprint(len(town))\nprint(town[0])\nprint(town[2])\nprint(town[-1])'),
    text("""
        ## Pieces of a text

        With a colon in the brackets you get a **slice**, which is a piece of the text. A slice
        begins at its first place and ends before its second one. If you leave out a place, the
        slice goes to the beginning or to the end.
    """),
    example(
        'town = "$town"\nprint(town[1:4])\nprint(town[:3])\nprint(town[3:])\n'
        "print(town[-2:])\nprint(town[:100])"
    ),
    text("""
        A slice never fails: if the text is too short, you get what is there. A third number is
        the step. With -1 you read a text backwards.
    """),
    example('print("desserts"[::-1])\nprint("abcdef"[::2])'),
    text("""
        ## Joining and repeating

        With `+` you join texts, and with `*` you repeat one. The empty text `""` has no
        characters at all. If you repeat a text 0 times or less, it is what you get.
    """),
    example(
        'print("sun" + "flower")\nprint("ha" * 3)\nprint("-" * (2 + 3) + ">")\n'
        'print("x" * (2 - 5) == "")'
    ),
    text("""
        ## Methods

        A **method** is a function that belongs to a value. You write it after a point. These
        methods of a string tidy it up. A method never changes the text itself, it returns a
        new one. So give the result a name if you need it later.
    """),
    example(
        'word = "  hELLO "\nprint(word.strip())\nprint(word.strip().lower())\n'
        "print(word.strip().upper())\nprint(word.strip().capitalize())\n"
        'print("12-10-07".replace("-", ""))\nprint(len(word))'
    ),
    text("""
        You see that methods can follow each other. They are worked out from left to right, and
        each one gets the result of the one before.
    """),
    text("""
        ## Searching

        With `in` and `not in` you ask whether a piece is part of a text. `find` tells the
        place where a piece begins, or -1 if it is not there. `count` tells how often it is
        there, and `startswith` and `endswith` look at the two ends.
    """),
    example(
        'mail = "mia@home.example"\nprint("@" in mail)\nprint("!" not in mail)\n'
        'print(mail.find("@"))\nprint(mail.find("!") == -1)\nprint(mail.count("m"))\n'
        'print(mail.startswith("mia"))\nprint(mail.endswith(".example"))'
    ),
    text("""
        The place from `find` is useful for slices. This function takes what stands before a
        sign. What stands behind it would begin one place later.
    """),
    example(
        '''
        def user(mail):
            """Return what stands before the @ of an address."""
            at = mail.find("@")
            if at == -1:
                return ""
            return mail[:at]


        print(user("mia@home.example"))
        print(user("nobody") == "")
        print("mia@home.example"[3 + 1:])
        '''
    ),
)


def strings_lesson(random: Random) -> LessonDraft:
    town = random.choice(["Lisbon", "Dublin", "Madrid", "Vienna", "Athens"])
    return lesson(*BLOCKS, town=town)


TOPIC = Topic(
    key="strings",
    title="Strings",
    summary="Take texts apart with places and slices, tidy them up, and search in them.",
    objectives=(
        "find single characters by their place",
        "cut a piece out of a text with a slice",
        "tidy up texts with their methods",
        "search in a text",
    ),
    concepts=("indexing", "slicing", "string-methods", "searching"),
    needs=("values-and-arithmetic", "decisions"),
    words=("strings", "string", "text", "texts", "characters", "slices", "slicing", "words"),
    minutes=45,
    lesson=strings_lesson,
    families=(*text_exercises.FAMILIES, *text_methods_exercises.FAMILIES),
    quizzes=QUIZZES,
)
