"""Quiz items on functions."""

from __future__ import annotations

from random import Random

from coursewright.generator.bank.ask import Choice, choose, count, prints
from coursewright.generator.bank.family import QuizFamily
from coursewright.generator.drafts import QuestionDraft

DEFAULT = "The value after `=` is used if the call does not give one."
NAMED = "Values with a name may come in any order, but they stand behind those without."
TUPLE = "With a comma, a function returns several values at once, as a **tuple**."
NOTHING = "If a function ends without `return`, its result is `None`, which means: nothing here."
OWN = "Names that are made inside a function are its own, and nobody outside sees them."
SORTED = "`sorted` makes a new list and leaves the old one alone."


def defaults(random: Random) -> QuestionDraft:
    a, b, c = random.sample(range(2, 9), 3)
    return prints(
        key="with-and-without-default",
        code="""
            def size(width, height=$a):
                return width * height


            print(size($b))
            print(size($b, $c))
            print(size(height=$c, width=10))
        """,
        explanation="Only the first call does not give a height, so it is $a there.",
        concepts=["default-values"],
        evidence=DEFAULT,
        values={"a": a, "b": b, "c": c},
    )


def possible_calls(random: Random) -> QuestionDraft:
    name, first, second = random.choice(
        [("book", "title", "copies"), ("order", "dish", "count"), ("play", "song", "times")]
    )
    word = random.choice(["Moon", "Rain", "Star"])
    calls = {
        f'{name}("{word}")': "The second parameter has a default value.",
        f'{name}({second}=2, {first}="{word}")': "With names, the order does not matter.",
        f"{name}()": f"There is no default value for {first}.",
        f'{name}("{word}", 2, 3)': "There are only two parameters.",
        f'{name}({second}=2, "{word}")': "A value without a name must not follow one with a name.",
    }
    begin = f"def {name}({first}, {second}=1):\n    return None\n\n\n"
    chosen = random.sample(list(calls)[2:], 2)
    return choose(
        random,
        key="which-calls-are-possible",
        prompt="A function begins with `def $f($a, $b=1):`. Which calls are possible? Choose all"
        " that are.",
        choices=[
            Choice(f"`{call}`", calls[call], f"failure({begin + call!r}) == ''")
            for call in (*list(calls)[:2], *chosen)
        ],
        explanation="A parameter without a default value has to be given once, and only once.",
        concepts=["default-values"],
        evidence=NAMED,
        several=True,
        values={"f": name, "a": first, "b": second},
    )


def unpacking(random: Random) -> QuestionDraft:
    n, k = random.randint(20, 50), random.randint(3, 7)
    first, second = random.choice([("whole", "rest"), ("full", "left"), ("each", "over")])
    return prints(
        key="two-results",
        code="""
            def split(number):
                return number // $k, number % $k


            $a, $b = split($n)
            print($b)
            print($a)
            print(split($k))
        """,
        explanation="The first name gets the first value. Printed whole, a tuple has brackets.",
        concepts=["several-results"],
        evidence=TUPLE,
        values={"n": n, "k": k, "a": first, "b": second},
    )


def nothing_returned(random: Random) -> QuestionDraft:
    name, sign = random.choice([("shout", "!"), ("wonder", "?"), ("mumble", "...")])
    program = f'def {name}(text):\n    print(text + "{sign}")\n\n\nresult = {name}("Hi")\n'
    options = {
        "`None`": ("result is None", "There is no `return`, so nothing is handed back."),
        "The text that was shown": ('result == "Hi$m"', "It was only shown to people."),
        'The text `"Hi"`': ('result == "Hi"', "That went in, but it does not come out."),
        "The number `0`": ("result == 0", "Python does not make up a number."),
    }
    return choose(
        random,
        key="a-function-without-return",
        prompt="What does the name `result` stand for at the end?",
        code=program,
        choices=[
            Choice(option, why, f"printed({program!r} + 'print({test})').endswith('True')")
            for option, (test, why) in options.items()
        ],
        explanation="Showing a value and handing it back are different things.",
        concepts=["helper-functions"],
        evidence=NOTHING,
        values={"m": sign},
    )


def own_names(random: Random) -> QuestionDraft:
    a, b = random.sample(range(2, 9), 2)
    name = random.choice(["total", "number", "value"])
    return prints(
        key="names-inside-and-outside",
        code="""
            def twice(n):
                $name = n * 2
                return $name


            $name = $a
            print(twice($b))
            print($name)
        """,
        explanation="Inside and outside, the same word names two different things.",
        concepts=["helper-functions"],
        evidence=OWN,
        values={"a": a, "b": b, "name": name},
    )


def polite(random: Random) -> QuestionDraft:
    numbers = random.sample(range(1, 20), 3)
    while numbers == sorted(numbers):
        random.shuffle(numbers)
    return prints(
        key="sorted-or-sort",
        code="""
            def first(numbers):
                ordered = sorted(numbers$order)
                return ordered[0]


            given = $numbers
            print(first(given))
            print(given)
        """,
        explanation="The new list is in order, but the one that was given is not.",
        concepts=["leaving-arguments-alone"],
        evidence=SORTED,
        values={"numbers": numbers, "order": random.choice(["", ", reverse=True"])},
    )


def chained(random: Random) -> QuestionDraft:
    a, b, n = random.sample(range(2, 8), 3)
    return count(
        key="a-function-calls-another",
        prompt="What does `outer($n)` give?",
        code="""
            def inner(x):
                return x + $a


            def outer(x):
                return inner(x) * inner($b)
        """,
        decides="print(($n + $a) * ($b + $a))",
        explanation="Each call of `inner` has its own `x`.",
        concepts=["helper-functions"],
        evidence=OWN,
        values={"a": a, "b": b, "n": n},
    )


QUIZZES = (
    QuizFamily("with-and-without-default", ("default-values",), defaults),
    QuizFamily("which-calls-are-possible", ("default-values",), possible_calls),
    QuizFamily("two-results", ("several-results",), unpacking),
    QuizFamily("a-function-without-return", ("helper-functions",), nothing_returned),
    QuizFamily("names-inside-and-outside", ("helper-functions",), own_names),
    QuizFamily("sorted-or-sort", ("leaving-arguments-alone",), polite),
    QuizFamily("a-function-calls-another", ("helper-functions",), chained),
)
