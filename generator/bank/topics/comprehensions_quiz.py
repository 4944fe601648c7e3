"""Quiz items on comprehensions."""

from __future__ import annotations

import operator
from random import Random

from coursewright.generator.bank.ask import Choice, choose, count, prints
from coursewright.generator.bank.family import QuizFamily
from coursewright.generator.bank.written import pick, table
from coursewright.generator.drafts import QuestionDraft

TESTS = table(
    "test", ("n > $limit",), ("n < $limit",), ("n % 2 == 0",), ("n % 2 == 1",), ("n != $limit",)
)
CHANGES = table("change", ("n * 2",), ("n + 5",), ("n - 1",), ("10 * n",))


def a_new_list(random: Random) -> QuestionDraft:
    numbers = random.sample(range(1, 12), 4)
    row = pick(random, TESTS, CHANGES)
    test = row["test"].replace("$limit", str(sorted(numbers)[1]))
    return prints(
        key="a-new-list",
        code="""
            numbers = $numbers
            print([$change for n in numbers if $test])
        """,
        explanation="Go through the list: ask the condition of the old number, then change it.",
        concepts=["list-comprehensions"],
        evidence="A condition at the end decides which values are used at all.",
        values=row | {"numbers": numbers, "test": test},
    )


WANTED = table(
    "source why says",
    ("[n + $by for n in numbers]", "This adds $by to every number.", "every number plus $by"),
    ("[n for n in numbers] + [$by]", "This is the old list with $by behind it.",
     "the old list, with $by as one more number"),
    ("[n for n in numbers if n > $by]", "This keeps what is above $by.",
     "only the numbers that are above $by"),
    ("[n > $by for n in numbers]", "This is a list of `True` and `False`.",
     "for every number, whether it is above $by"),
)  # fmt: skip


def which_comprehension(random: Random) -> QuestionDraft:
    by = random.randint(2, 9)
    row = pick(random, WANTED)
    given = f"(lambda numbers: {{}})([{by - 1}, {by}, {by + 3}])".replace("$by", str(by))
    wanted = given.format(row["source"])
    return choose(
        random,
        key="which-comprehension",
        prompt="`numbers` is a list of numbers. Which expression gives this: $wish?",
        choices=[
            Choice(f"`{one['source']}`", one["why"], f"{given.format(one['source'])} == {wanted}")
            for one in WANTED
        ],
        explanation="What stands before `for` is put into the new list.",
        concepts=["list-comprehensions"],
        evidence="What is put into the new list stands first.",
        values={"by": by, "wish": row["says"].replace("$by", str(by))},
    )


def a_dictionary(random: Random) -> QuestionDraft:
    words = random.sample(("oak", "lime", "maple", "fig", "cherry", "ash"), 3)
    value = random.choice(("len(w)", "w[0]", "w[-1]", "w.upper()"))
    return prints(
        key="a-dictionary",
        code="""
            words = $words
            sizes = {w: $value for w in words if len(w) != $size}
            print(len(sizes))
            print(sizes["$last"])
        """,
        explanation="Each word that is kept becomes a key. Look up the value for the last one.",
        concepts=["dictionary-comprehensions"],
        evidence="A key and a value with a colon between them make a dictionary",
        values={
            "words": [*words, words[0]],
            "value": value,
            "size": next(n for n in (3, 4, 5) if n != len(words[2])),
            "last": words[2],
        },
    )


def how_many_pairs(random: Random) -> QuestionDraft:
    one, two = random.sample(range(2, 6), 2)
    test = random.choice(("x != y", "x < y", "x == y", "x <= y", "x > y"))
    return count(
        key="how-many-pairs",
        prompt="How many entries does the list `pairs` have?",
        code="pairs = [(x, y) for x in range($one) for y in range($two) if $test]",
        decides="""
            found = 0
            for x in range($one):
                for y in range($two):
                    found += $test
            print(found)
        """,
        explanation="Without the condition there are $one times $two. Count those that it keeps.",
        concepts=["nested-loops"],
        evidence="For each of its values the second one runs from start to end.",
        values={"one": one, "two": two, "test": test},
    )


SIGNS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def any_or_all(random: Random) -> QuestionDraft:
    limit = random.randint(4, 20)
    numbers = [limit, limit + 2, limit + 5]
    tests = [
        ("all", ">=", limit),
        ("any", "<", limit),
        ("all", "<=", random.choice(numbers)),
        ("any", ">", random.choice(numbers)),
    ]
    return choose(
        random,
        key="any-or-all",
        prompt="Which of these expressions are `True`? Choose every right one.",
        code=f"numbers = {numbers}",
        choices=[
            Choice(
                f"`{which}(n {sign} {edge} for n in numbers)`",
                f"`n {sign} {edge}` is true for {sum(SIGNS[sign](n, edge) for n in numbers)} of"
                " the three.",
                f"{which}(n {sign} {edge} for n in {numbers})",
            )
            for which, sign, edge in tests
        ],
        explanation="For `all` look for one number that fails, for `any` for one that fits.",
        concepts=["any-and-all"],
        evidence="`all` is true if every value is true, and `any` if at least one is.",
        several=True,
    )


def nothing_at_all(random: Random) -> QuestionDraft:
    low = random.randint(20, 60)
    first, second = random.sample(("all", "any", "sum"), 2)
    return prints(
        key="nothing-at-all",
        code="""
            numbers = $numbers
            large = [n for n in numbers if n > $low]
            print($first(n > 0 for n in large))
            print($second(n > 0 for n in large))
        """,
        explanation="No number is that large, so the list `large` is empty.",
        concepts=["any-and-all", "generator-expressions"],
        evidence="For an empty list `all` gives `True` and `any` gives `False`.",
        values={
            "low": low,
            "numbers": random.sample(range(1, low), 3),
            "first": first,
            "second": second,
        },
    )


def with_a_number(random: Random) -> QuestionDraft:
    start = random.choice((0, 1, 2, 5))
    words = random.sample(("red", "blue", "green", "white", "black"), 3)
    return prints(
        key="with-a-number",
        code="""
            for number, word in enumerate($words$start):
                if number != $skip:
                    print(number, word)
        """,
        explanation="The numbers go up by one, from the first one on.",
        concepts=["enumerate"],
        evidence="The first number is 0, or the one that you give as a second argument.",
        values={
            "words": words,
            "start": f", {start}" if start else "",
            "skip": start + random.randint(0, 2),
        },
    )


QUIZZES = (
    QuizFamily("a-new-list", ("list-comprehensions",), a_new_list),
    QuizFamily("which-comprehension", ("list-comprehensions",), which_comprehension),
    QuizFamily("a-dictionary", ("dictionary-comprehensions",), a_dictionary),
    QuizFamily("how-many-pairs", ("nested-loops",), how_many_pairs),
    QuizFamily("any-or-all", ("any-and-all",), any_or_all),
    QuizFamily("nothing-at-all", ("any-and-all", "generator-expressions"), nothing_at_all),
    QuizFamily("with-a-number", ("enumerate",), with_a_number),
)
