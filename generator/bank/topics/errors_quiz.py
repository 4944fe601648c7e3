"""Quiz items on errors."""

from __future__ import annotations

from random import Random

from coursewright.generator.bank.ask import Choice, choose, count, prints
from coursewright.generator.bank.family import QuizFamily
from coursewright.generator.bank.written import pick, table
from coursewright.generator.drafts import QuestionDraft

FAULTS = table(
    "program error evidence",
    ('int("$word")', "ValueError", "the value has the right type, but this one makes no sense"),
    ("[$one, $two][$two]", "IndexError", "the list has no value at this place"),
    ('{"$word": $one}[$one]', "KeyError", "the dictionary does not have this key"),
    ('"$word" + $two', "TypeError", "the value has the wrong type"),
    ("print(${word}s)", "NameError", "a name was never given a value, often a typing mistake"),
)
REASONS = {
    "ValueError": "That is for a value of the right type that makes no sense.",
    "IndexError": "That is for a place that a list does not have.",
    "KeyError": "That is for a key that a dictionary does not have.",
    "ZeroDivisionError": "That is for a division by zero.",
    "TypeError": "That is for a value of the wrong type.",
    "NameError": "That is for a name that has no value.",
}
WORDS = ("apple", "lemon", "onion", "pear", "plum")


def drawn(random: Random) -> dict[str, str]:
    one, two = random.sample(range(2, 30), 2)
    return {"one": str(one), "two": str(two), "word": random.choice(WORDS)}


def which_error(random: Random) -> QuestionDraft:
    fault, values = pick(random, FAULTS), drawn(random)
    others = random.sample([error for error in REASONS if error != fault["error"]], 3)
    return choose(
        random,
        key="which-error",
        prompt="Which kind of error does this line raise?",
        code=fault["program"],
        choices=[
            Choice(f"`{error}`", REASONS[error], f"'{fault['error']}' == '{error}'")
            for error in (fault["error"], *others)
        ],
        explanation="Ask what is wrong here: the type, the value, the place, the key or the name.",
        concepts=["kinds-of-errors"],
        evidence=fault["evidence"],
        values=values,
    )


def path_of_a_try(random: Random) -> QuestionDraft:
    first, last = random.sample(("start", "begin", "hello", "one"), 2)
    text = random.choice(("15", "4.5", "six", "-8", ""))
    return prints(
        key="path-of-a-try",
        code="""
            try:
                print("$first")
                number = int("$text")
                print(number)
            except ValueError:
                print("sorry")
            print("$last")
        """,
        explanation="If `int` cannot read the text, the rest under `try` is left out. The last"
        " line runs in both cases.",
        concepts=["handling-errors"],
        evidence="Python jumps to the lines under `except` and then goes on below.",
        values={"first": first, "last": last, "text": text},
    )


def in_any_case(random: Random) -> QuestionDraft:
    values = drawn(random) | {"divisor": random.choice(("0", "1", "2"))}
    return prints(
        key="in-any-case",
        code="""
            try:
                result = 6 / $divisor
            except ZeroDivisionError:
                print("$word")
            else:
                print($two)
            finally:
                print($one)
        """,
        explanation="One of `except` and `else` runs. `finally` runs after both.",
        concepts=["handling-errors"],
        evidence="The lines under `finally` run in any case, with or without an error.",
        values=values,
    )


def how_many_numbers(random: Random) -> QuestionDraft:
    texts = random.choices(("3", "x", "2.5", " 7 ", "-1", "five", "", "08"), k=random.randint(5, 7))
    return count(
        key="how-many-numbers",
        prompt="How many lines does this program print?",
        code="""
            for text in $texts:
                try:
                    print(int(text))
                except ValueError:
                    continue
        """,
        decides="""
            good = 0
            for text in $texts:
                good += text.strip().lstrip("-").isdigit()
            print(good)
        """,
        explanation="Count the texts that `int` can read. It reads spaces around a number, and no"
        " point.",
        concepts=["handling-errors"],
        evidence="`continue` goes to the next turn of a loop.",
        values={"texts": texts},
    )


def which_except(random: Random) -> QuestionDraft:
    fault, values = pick(random, FAULTS), drawn(random)
    others = random.sample([row["error"] for row in FAULTS if row["error"] != fault["error"]], 3)
    program = "try:\n    {}\nexcept {}:\n    pass"
    return choose(
        random,
        key="which-except",
        prompt="Which name must stand in place of `Kind`, so that the program prints `sorry`?",
        code=program.format(fault["program"], "Kind").replace("pass", "print('sorry')"),
        choices=[
            Choice(
                f"`{error}`",
                REASONS[error],
                f"failure({program.format(fault['program'], error)!r}) == ''",
            )
            for error in (fault["error"], *others)
        ],
        explanation="Find out which kind of error the second line raises. Only that one is caught.",
        concepts=["handling-errors", "kinds-of-errors"],
        evidence="An error of another kind is not caught.",
        values=values,
    )


def refused_or_not(random: Random) -> QuestionDraft:
    low = random.randint(3, 30)
    numbers = random.sample([low - 2, low - 1, low, low + 1, 2 * low], 4)
    if min(numbers) >= low or max(numbers) < low:
        numbers[0] = low - 1
    program = f"def f(n):\n    if n < {low}:\n        raise ValueError('no')\n    return n\n"
    return choose(
        random,
        key="refused-or-not",
        prompt="The program has run these lines. Which of the calls raise an error? Choose every"
        " right one.",
        code=program.replace("f(n)", "check(number)")
        .replace("n <", "number <")
        .replace("return n", "return number"),
        choices=[
            Choice(
                f"`check({number})`",
                f"{number} is {'below' if number < low else 'not below'} {low}.",
                f"failure({program + f'f({number})'!r}) == 'ValueError'",
            )
            for number in numbers
        ],
        explanation=f"The condition is true for numbers below {low}, and {low} itself is not.",
        concepts=["raising-errors"],
        evidence="Say it with `raise`.",
        several=True,
    )


def message(random: Random) -> QuestionDraft:
    low = random.randint(3, 9)
    return prints(
        key="message",
        code="""
            def check(number):
                if number > $low:
                    raise ValueError("too large")
                return "fine"


            for number in $numbers:
                try:
                    print(check(number))
                except ValueError as error:
                    print(error)
        """,
        explanation=f"Only a number above {low} is refused. Then the message is printed.",
        concepts=["raising-errors"],
        evidence="With `as error` the error gets a name, and printing it shows the message.",
        values={"low": low, "numbers": random.sample([low - 1, low, low + 1, low * 2], 3)},
    )


QUIZZES = (
    QuizFamily("which-error", ("kinds-of-errors",), which_error),
    QuizFamily("path-of-a-try", ("handling-errors",), path_of_a_try),
    QuizFamily("in-any-case", ("handling-errors",), in_any_case),
    QuizFamily("how-many-numbers", ("handling-errors",), how_many_numbers),
    QuizFamily("which-except", ("handling-errors", "kinds-of-errors"), which_except),
    QuizFamily("refused-or-not", ("raising-errors",), refused_or_not),
    QuizFamily("message", ("raising-errors",), message),
)
