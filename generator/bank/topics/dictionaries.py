"""Dictionaries: looking up by key, counting, and grouping."""

from __future__ import annotations

from random import Random

from coursewright.generator.bank.build import example, lesson, text
from coursewright.generator.bank.family import Topic
from coursewright.generator.bank.topics import counting_exercises, lookup_exercises
from coursewright.generator.bank.topics.dictionaries_quiz import QUIZZES
from coursewright.generator.drafts import LessonDraft

BLOCKS = (
    text("""
        # Dictionaries

        In a list you find a value by its place. Often that is not what you want: you look for
        the age of a person, or the price of a book. A **dictionary** keeps such pairs. You
        look something up by its **key**, and you get its **value**.
    """),
    text("""
        ## Keys and values

        A dictionary stands in curly brackets. Each pair is written with a colon between key
        and value. With square brackets you look up a key. `len` counts the pairs, and `in`
        asks whether a key is there.
    """),
    example(
        'ages = {"$a": $n, "$b": $m}\nprint(ages["$b"])\nprint(len(ages))\n'
        'print("$c" in ages)\nprint("$c" not in ages)'
    ),
    text("""
        ## If the key is missing

        Square brackets insist on the key: if it is missing, the program stops with an error.
        The method `get` is more relaxed. `get` takes a second value, which it returns if the
        key is missing. Without a second value, it returns `None` then.
    """),
    example(
        'ages = {"$a": $n, "$b": $m}\nprint(ages.get("$a", 0))\nprint(ages.get("$c", 0))\n'
        'print(ages.get("$c"))\nprint(ages)'
    ),
    text("""
        As the last line shows, `get` only looks something up. It never changes the dictionary.
    """),
    text("""
        ## Adding and replacing

        You set a value with an equals sign. If the key is new, a pair is added. If the key is
        there already, its value is replaced, and no second entry is made. The empty
        dictionary is written as `{}`.
    """),
    example(
        'points = {}\npoints["$a"] = 3\npoints["$b"] = 5\npoints["$a"] = 4\n'
        'print(points)\nassert points == {"$a": 4, "$b": 5}'
    ),
    text("""
        If a function should not change the dictionary that it is given, it makes a copy with
        `dict` first.
    """),
    example('old = {"$a": 1}\nnew = dict(old)\nnew["$b"] = 2\nprint(old)\nprint(new)'),
    text("""
        ## Going through a dictionary

        A loop over a dictionary goes through its keys, in the order in which they came in.
        Most of the time you need the values too. `items` gives you both at once.
    """),
    example(
        'ages = {"$a": $n, "$b": $m}\nfor name in ages:\n    print(name)\n'
        'for name, age in ages.items():\n    print(f"{name} is {age}")'
    ),
    text("""
        To find the oldest person, remember the best name so far. At the start there is none
        yet, so the name is `None`. With `is None` you ask for that.
    """),
    example('''
        def oldest(ages):
            """Return the name of an old person, or None."""
            found = None
            for name in ages:
                if found is None or ages[name] > ages[found] + 1:
                    found = name
            return found


        print(oldest({"$a": $n, "$b": $m}))
        print(oldest({}))
        '''),
    text("""
        ## Counting

        A dictionary can count. Its keys are the words, and its values are how often they were
        there. For a new word, `get` gives 0, so its count becomes 1.
    """),
    example(
        """
        seen = {}
        for animal in ["cat", "dog", "cat"]:
            seen[animal] = seen.get(animal, 0) + 1
        print(seen)
        """
    ),
    text("""
        ## Boxes

        A value can be a list, and then a key works like a label on a box. For a new key, an
        empty list is put there first. After that, something can be added to the box.
    """),
    example(
        """
        shelf = {}
        for word in ["tea", "milk", "pie"]:
            size = len(word)
            if size not in shelf:
                shelf[size] = []
            shelf[size].append(word)
        print(shelf)
        """
    ),
    text("""
        A list of dictionaries is common too. Each of them describes one thing, and all have
        the same keys.
    """),
    example(
        'people = [{"name": "$a", "age": $n}, {"name": "$b", "age": $m}]\n'
        'for person in people:\n    print(person["name"], person["age"])'
    ),
)


def dictionaries_lesson(random: Random) -> LessonDraft:
    first, second, third = random.sample(["Mia", "Ben", "Lea", "Tom", "Ada"], 3)
    age = random.randint(7, 15)
    names = {"a": first, "b": second, "c": third, "n": age, "m": age + 2}
    return lesson(*BLOCKS, **names)


TOPIC = Topic(
    key="dictionaries",
    title="Dictionaries",
    summary="Look up values by their keys, change them, and use a dictionary to count and group.",
    objectives=(
        "look up a value by its key, also if the key may be missing",
        "add and replace values without changing what others still need",
        "count with a dictionary",
        "group things by a property that they share",
    ),
    concepts=("looking-up", "changing", "counting", "grouping"),
    needs=("values-and-arithmetic", "decisions", "strings", "lists-and-loops", "functions"),
    words=(
        "dictionaries", "dictionary", "dicts", "dict", "mappings", "maps", "keys", "counting",
        "grouping", "look-up", "lookup", "hash tables", "data structures",
        "collections",
    ),
    minutes=60,
    lesson=dictionaries_lesson,
    families=(*lookup_exercises.FAMILIES, *counting_exercises.FAMILIES),
    quizzes=QUIZZES,
)  # fmt: skip
