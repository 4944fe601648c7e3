"""Classes: values that know something and can do something."""

from __future__ import annotations

from random import Random

from coursewright.generator.bank.build import example, lesson, text
from coursewright.generator.bank.family import Topic
from coursewright.generator.bank.topics import classes_together_exercises, objects_exercises
from coursewright.generator.bank.topics.classes_quiz import QUIZZES
from coursewright.generator.drafts import LessonDraft

BLOCKS = (
    text("""
        # Classes

        A dog has a name and an age, and it can bark. In Python you can make a type of your own
        for such things. This is a **class**. From one class you can make many objects. Each
        object knows its own facts, and all of them can do the same.

        ## A first class
    """),
    example(
        '''
        class Dog:
            """A dog with a name and some tricks."""

            def __init__(self, name):
                """Begin without any trick."""
                self.name = name
                self.tricks = []

            def learn(self, trick):
                """Add one trick."""
                if trick not in self.tricks:
                    self.tricks.append(trick)

            def show(self):
                """Return a text about this dog."""
                return f"{self.name} knows {len(self.tricks)} tricks"


        one = Dog("$name")
        other = Dog("$other")
        one.learn("sit")
        print(one.show())
        print(other.show())
        print(one.name, one.tricks)
        ''',
    ),
    text("""
        - `Dog("...")` makes a new object. Python then calls `__init__` with what you gave.
        - A function inside of a class is called a method.
        - `self` is the object that the method is called on.
        - `self.name` is an attribute: a value that this one object keeps.

        When you call a method, you leave `self` out: what stands before the point becomes
        `self`. Each object has its own attributes, if they are made in `__init__`.

        ## Objects that change

        A method may change the attributes. `min` and `max` help to keep a number in its limits.
    """),
    example(
        '''
        class Volume:
            """How loud a radio is, from 0 to 10."""

            def __init__(self):
                """Begin in the middle."""
                self.level = 5

            def up(self, steps):
                """Make it louder, but never more than 10."""
                self.level = min(self.level + steps, 10)

            def down(self, steps):
                """Make it quieter. Raises ValueError if that cannot be."""
                if steps > self.level:
                    raise ValueError("it is not so loud")
                self.level -= steps


        radio = Volume()
        radio.up(3)
        radio.up(4)
        print(radio.level)
        radio.down(2)
        print(radio.level)
        try:
            radio.down(50)
        except ValueError as error:
            print("refused:", error, "- it is still", radio.level)
        '''
    ),
    text("""
        Note the order in `down`: first ask, and only then change.
        So an object that refuses is just as it was before.

        ## An object that remembers

        Attributes can be of any type. A dictionary is good for remembering who has what.
    """),
    example(
        '''
        class Cloakroom:
            """Who has hung a coat on which hook."""

            def __init__(self):
                """Begin with free hooks."""
                self.hooks = {}

            def hang(self, hook, name):
                """Note that this hook is taken."""
                self.hooks[hook] = name

            def fetch(self, hook):
                """Free the hook, and return whose coat it was, or None."""
                return self.hooks.pop(hook, None)

            def __len__(self):
                """Return how many hooks are taken."""
                return len(self.hooks)


        room = Cloakroom()
        room.hang(7, "Ada")
        room.hang(9, "Bo")
        print(len(room))
        print(room.fetch(7), room.fetch(7))
        print(room.hooks.get(9), room.hooks.get(8))
        '''
    ),
    text("""
        `.get(key)` and `.pop(key, None)` give `None` where a key is missing, and `pop` takes
        the key out.

        Methods with two underscores before and behind are special: Python calls them itself.
        `len(room)` calls `room.__len__()`. Where you do not write such a method, it cannot be
        used.

        ## Methods that make a new object

        A method may take another object of the same class, and it may return a new one.
    """),
    example(
        '''
        class Money:
            """Coins and cents."""

            def __init__(self, coins, cents):
                """Full coins are moved out of the cents."""
                self.coins = coins + cents // 100
                self.cents = cents % 100

            def more(self, cents):
                """Return a new object with some cents more."""
                return Money(self.coins, self.cents + cents)


        small = Money(2, 180)
        large = small.more(30)
        print((small.coins, small.cents), (large.coins, large.cents))
        '''
    ),
    text("""
        ## One class builds on another

        A class can take over all that another one has. This is called inheritance. Name the
        other class in brackets. Then write only what is different.
    """),
    example(
        '''
        class Fee:
            """What a park asks for a visit."""

            def __init__(self, coins):
                """Keep the number of coins."""
                self.coins = coins

            def total(self):
                """Return what is paid."""
                return self.coins

            def text(self):
                """Return a line for the receipt."""
                return f"to pay: {self.total()}"


        class EveningFee(Fee):
            """The fee for a visit after six o'clock."""

            def total(self):
                """Return what is paid: a third."""
                return super().total() // 3


        print(Fee(10).text())
        print(EveningFee(10).text())
        print(isinstance(EveningFee(10), Fee), isinstance(Fee(10), EveningFee))
        '''
    ),
    text("""
        `super().total()` calls the method of the class above.
        In `text` stands `self.total()`, so each object uses the method of its own class.
        An object of the second class is an object of the first one too, but not the other way
        round. `isinstance` tells you.
    """),
)


def teach(random: Random) -> LessonDraft:
    name, other = random.sample(("Rex", "Bella", "Milo", "Luna"), 2)
    return lesson(*BLOCKS, name=name, other=other)


TOPIC = Topic(
    key="classes",
    title="Classes",
    summary="Types of your own: objects that keep facts, and methods that work with them.",
    objectives=(
        "write a class with attributes and methods",
        "keep the attributes of an object within limits",
        "let `len` work with your own objects",
        "let one class build on another",
    ),
    concepts=("attributes", "methods", "special-methods", "inheritance"),
    needs=("functions", "dictionaries", "errors"),
    words=("class", "classes", "object", "objects", "oop", "methods", "inheritance"),
    minutes=70,
    lesson=teach,
    families=(*objects_exercises.FAMILIES, *classes_together_exercises.FAMILIES),
    quizzes=QUIZZES,
)
