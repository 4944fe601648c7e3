"""Quiz items on classes."""

from __future__ import annotations

from random import Random

from coursewright.generator.bank.ask import Choice, choose, count, prints
from coursewright.generator.bank.family import QuizFamily
from coursewright.generator.bank.written import pick, table
from coursewright.generator.drafts import QuestionDraft

THINGS = table(
    "kind level up",
    ("Lamp", "light", "brighter"),
    ("Lift", "floor", "rise"),
    ("Game", "points", "score"),
    ("Oven", "heat", "warm"),
)
SIMPLE = """
    class $kind:
        def __init__(self, $level):
            self.$level = $level

        def $up(self, steps):
            self.$level = self.$level + steps

"""


def drawn(random: Random) -> dict[str, object]:
    a, b, c = random.sample(range(1, 30), 3)
    return pick(random, THINGS) | {"a": a, "b": b, "c": c}


def two_objects(random: Random) -> QuestionDraft:
    return prints(
        key="two-objects",
        code=SIMPLE
        + """
    one = $kind($a)
    two = $kind($b)
    one.$up($c)
    print(one.$level)
    print(two.$level)
        """,
        explanation="The method changes the object before the point, and no other one.",
        concepts=["attributes"],
        evidence="Each object has its own attributes, if they are made in `__init__`.",
        values=drawn(random),
    )


def two_names(random: Random) -> QuestionDraft:
    values = drawn(random)
    second = random.choice(("one", f"{values['kind']}({values['a']})"))
    return prints(
        key="two-names",
        code=SIMPLE
        + """
    one = $kind($a)
    two = $second
    two.$up($b)
    print(one.$level)
        """,
        explanation="`two = one` makes no new object: both names mean the same one. A call of the"
        " class makes a new one.",
        concepts=["attributes"],
        evidence='`Dog("...")` makes a new object.',
        values=values | {"second": second},
    )


PARTS = table(
    "part is",
    ("self", "the object that the method is called on"),
    ("__init__", "the method that Python calls for a new object"),
    ("super()", "a way to call a method of the class above"),
    ("isinstance", "a way to ask for the class of an object"),
)
SENTENCES = {
    "self": "`self` is the object that the method is called on.",
    "__init__": "Python then calls `__init__` with what you gave.",
    "super()": "`super().total()` calls the method of the class above.",
    "isinstance": "`isinstance` tells you.",
}


def which_part(random: Random) -> QuestionDraft:
    row = pick(random, PARTS)
    a, b = random.sample(("a", "b", "c", "x", "y"), 2)
    return choose(
        random,
        key="which-part",
        prompt=f"In a class with the methods `{a}` and `{b}`: which name stands for this? It is"
        " $is.",
        choices=[
            Choice(f"`{one['part']}`", f"It is {one['is']}.", f"'{one['part']}' == '{row['part']}'")
            for one in PARTS
        ],
        explanation="Each of these four names has one task.",
        concepts=["methods", "inheritance"],
        evidence=SENTENCES[row["part"]],
        values=row,
    )


def call_it_right(random: Random) -> QuestionDraft:
    values = drawn(random)
    kind, level, up, a, b = (values[name] for name in ("kind", "level", "up", "a", "b"))
    program = (
        f"class {kind}:\n    def __init__(self, {level}):\n        self.{level} = {level}\n"
        f"    def {up}(self, steps):\n        self.{level} += steps\n"
        f"it = {kind}({a})\n"
    )
    calls = {
        f"it.{up}({b})": "The object stands before the point, and becomes `self`.",
        f"it.{up}(it, {b})": "The object becomes `self` by itself: this is one value too many.",
        f"{up}(it, {b})": f"There is no function `{up}` outside of the class.",
        f"{kind}.{up}({b})": "Here nothing becomes `self`, so one value is missing.",
    }
    return choose(
        random,
        key="call-it-right",
        prompt="`it` is an object of this class. Which call works?",
        code=program.rsplit("it =", 1)[0].strip(),
        choices=[
            Choice(f"`{call}`", why, f"failure({program + call!r}) == ''")
            for call, why in calls.items()
        ],
        explanation="A method is called on an object, with a point between them.",
        concepts=["methods"],
        evidence="When you call a method, you leave `self` out",
    )


def at_the_limit(random: Random) -> QuestionDraft:
    limit, steps = random.randint(8, 15), random.sample(range(2, 9), 3)
    low = random.choice((True, False))
    return count(
        key="at-the-limit",
        prompt="Which number does this program print?",
        code="""
            class Counter:
                def __init__(self):
                    self.value = $start

                def step(self, size):
                    self.value = $rule


            counter = Counter()
            for size in $steps:
                counter.step(size)
            print(counter.value)
        """,
        decides=f"""
            value = {limit if low else 0}
            for size in {steps}:
                value = value - size if {low} else value + size
                if value < 0:
                    value = 0
                if value > {limit}:
                    value = {limit}
            print(value)
        """,
        explanation="Work it out step by step, and look at the limit after each step.",
        concepts=["methods"],
        evidence="`min` and `max` help to keep a number in its limits.",
        values={
            "start": limit if low else 0,
            "rule": "max(self.value - size, 0)" if low else f"min(self.value + size, {limit})",
            "steps": steps,
        },
    )


def own_method(random: Random) -> QuestionDraft:
    first, second = random.sample(("miaow", "woof", "moo", "tweet", "baa"), 2)
    times = random.randint(2, 4)
    return prints(
        key="own-method",
        code="""
            class Animal:
                def sound(self):
                    return "$first"

                def twice(self):
                    return self.sound() + " " + self.sound()


            class Other(Animal):
                def $name(self):
                    return $result


            print(Animal().twice())
            print(Other().twice())
        """,
        explanation="`self.sound()` looks at the class of the object first, then at the one above.",
        concepts=["inheritance"],
        evidence="so each object uses the method of its own class.",
        values={
            "first": first,
            "name": random.choice(("sound", "sound", "once")),
            "result": random.choice((f'"{second}"', f'super().sound() + "{second[:times]}"')),
        },
    )


def how_long(random: Random) -> QuestionDraft:
    words = random.choices(("tea", "milk", "salt", "rice"), k=random.randint(3, 5))
    return prints(
        key="how-long",
        code="""
            class Basket:
                def __init__(self):
                    self.things = []

                def add(self, thing):
                    $rule

                def __len__(self):
                    return len(self.things)


            basket = Basket()
            for word in $words:
                basket.add(word)
            print(len(basket))
        """,
        explanation="`len` asks the object, and its method counts what was kept.",
        concepts=["special-methods"],
        evidence="`len(room)` calls `room.__len__()`.",
        values={
            "words": words,
            "rule": random.choice(
                (
                    "self.things.append(thing)",
                    "self.things = [thing]",
                    "self.things = self.things + [thing, thing]",
                )
            ),
        },
    )


QUIZZES = (
    QuizFamily("two-objects", ("attributes",), two_objects),
    QuizFamily("two-names", ("attributes",), two_names),
    QuizFamily("which-part", ("methods", "inheritance"), which_part),
    QuizFamily("call-it-right", ("methods",), call_it_right),
    QuizFamily("at-the-limit", ("methods",), at_the_limit),
    QuizFamily("own-method", ("inheritance",), own_method),
    QuizFamily("how-long", ("special-methods",), how_long),
)
