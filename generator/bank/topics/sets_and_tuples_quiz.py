"""Quiz items on sets and tuples."""

from __future__ import annotations

from random import Random

from coursewright.generator.bank.ask import Choice, choose, count, prints
from coursewright.generator.bank.family import QuizFamily
from coursewright.generator.bank.written import pick, table
from coursewright.generator.drafts import QuestionDraft

LETTERS = "abcdefgh"
OPERATIONS = table(
    "asked op says",
    ("what is in both sets", "&", "`a & b` holds what is in both sets."),
    ("what is in `a` or in `b` or in both", "|", "`a | b` holds what is in at least one set."),
    ("what is in `a` but **not** in `b`", "-", "`a - b` leaves out what is in `b`."),
    ("what is in just one of the two sets", "^", "`a ^ b` leaves out what is in both."),
)
EVIDENCE = {
    "&": "`a & b` holds what is in both sets.",
    "|": "`a | b` holds what is in at least one of the two sets.",
    "-": "`a - b` holds what is in the first set but not in the second.",
    "^": "`a ^ b` holds what is in just one of the two sets.",
}


def size_of_a_set(random: Random) -> QuestionDraft:
    values = [random.randint(1, 9) for _ in range(3)]
    values += random.sample(values, 2)
    return prints(
        key="size-of-a-set",
        code="""
            numbers = set($values)
            numbers.add($again)
            numbers.add($new)
            print(len(numbers))
        """,
        explanation="Count each number once: the repeats in the list, and the one added again, go.",
        concepts=["sets"],
        evidence="It holds each value only once.",
        values={"values": values, "again": values[0], "new": random.randint(10, 20)},
    )


def which_operation(random: Random) -> QuestionDraft:
    row = pick(random, OPERATIONS)
    a, b = "{1, 2, 3}", "{3, 4}"
    return choose(
        random,
        key="which-operation",
        prompt="`a` and `b` are two sets. Which expression gives $asked?",
        choices=[
            Choice(f"`a {one['op']} b`", one["says"], f"'{one['op']}' == '{row['op']}'")
            for one in OPERATIONS
        ],
        explanation=f"Try it: with `a = {a}` and `b = {b}` the four results differ.",
        concepts=["sets"],
        evidence=EVIDENCE[row["op"]],
        values=row,
    )


def swap(random: Random) -> QuestionDraft:
    one, two, three = random.sample(range(1, 30), 3)
    order = random.choice(("b, c, a", "c, a, b", "b, a, c", "c, b, a"))
    return prints(
        key="swap",
        code="""
            a, b, c = ($one, $two, $three)
            a, b, c = $order
            print(a, b, c)
        """,
        explanation="The right side is worked out with the old values, then the names change.",
        concepts=["unpacking"],
        evidence="Each name gets one value, from left to right.",
        values={"one": one, "two": two, "three": three, "order": order},
    )


def change_a_tuple(random: Random) -> QuestionDraft:
    values = tuple(random.sample(range(10, 60), 3))
    at = random.randint(0, 2)
    program = f"place = {values}\nplace[{at}] = 5"
    reasons = {
        "TypeError": "A tuple cannot be changed, and this is how Python says so.",
        "IndexError": "There are three values, so the index is fine.",
        "ValueError": "The value 5 is not what Python objects to.",
        "KeyError": "Keys belong to dictionaries, and this is a tuple.",
    }
    return choose(
        random,
        key="change-a-tuple",
        prompt="Which error does this program raise?",
        code=program,
        choices=[
            Choice(f"`{error}`", why, f"failure({program!r}) == {error!r}")
            for error, why in reasons.items()
        ],
        explanation="Make a new tuple if you need other values.",
        concepts=["tuples"],
        evidence="To give a tuple a new value at some place raises a `TypeError`.",
    )


def how_many_together(random: Random) -> QuestionDraft:
    first = sorted(random.sample(range(1, 10), random.randint(4, 5)))
    second = sorted(random.sample(range(1, 10), random.randint(3, 5)))
    row = pick(random, OPERATIONS)
    return count(
        key="how-many-together",
        prompt="`a` is the set of the numbers $first, and `b` of $second. How many values are in"
        " `a $op b`?",
        decides="print(len(set($first) $op set($second)))",
        explanation="Write both sets down, and mark the numbers that are in both.",
        concepts=["sets"],
        evidence=EVIDENCE[row["op"]],
        values=row | {"first": first, "second": second},
    )


def may_be_in_a_set(random: Random) -> QuestionDraft:
    one, two = random.sample(range(2, 40), 2)
    word = random.choice(("tea", "oak", "blue", "north"))
    good = [(f"({one}, {two})", "A tuple cannot change, so it may."),
            (f'"{word}"', "A text cannot change, so it may."),
            (f"{one}.5", "A number cannot change, so it may.")]  # fmt: skip
    bad = [(f"[{one}, {two}]", "A list can change, so it may not."),
           (f"{{{one}, {two}}}", "A set can change, so it may not."),
           (f'{{"{word}": {one}}}', "A dictionary can change, so it may not.")]  # fmt: skip
    mixed = random.sample(good, 2) + random.sample(bad, 2)
    return choose(
        random,
        key="may-be-in-a-set",
        prompt="Which of these values may be put into a set? Choose every right one.",
        choices=[
            Choice(f"`{source}`", why, f"failure('set([' + {source!r} + '])') == ''")
            for source, why in mixed
        ],
        explanation="Ask of each value whether it can change. If it can, a set refuses it.",
        concepts=["sets", "tuples"],
        evidence="What goes into a set must not be able to change",
        several=True,
    )


def part_of(random: Random) -> QuestionDraft:
    a, b, c = random.sample(LETTERS, 3)
    return prints(
        key="part-of",
        code="""
            all_of_them = set(["$a", "$b", "$c"])
            print(set(["$c", "$a", "$c"]) <= all_of_them)
            print(all_of_them <= set(["$x", "$b"]))
            print(set() <= all_of_them)
        """,
        explanation="A set is part of another if nothing in it is missing there; nor is an empty"
        " one.",
        concepts=["subsets"],
        evidence="`a <= b` asks whether every value of the first set is in the second one too.",
        values={"a": a, "b": b, "c": c, "x": random.choice([a, c])},
    )


QUIZZES = (
    QuizFamily("size-of-a-set", ("sets",), size_of_a_set),
    QuizFamily("which-operation", ("sets",), which_operation),
    QuizFamily("swap", ("unpacking",), swap),
    QuizFamily("change-a-tuple", ("tuples",), change_a_tuple),
    QuizFamily("how-many-together", ("sets",), how_many_together),
    QuizFamily("may-be-in-a-set", ("sets", "tuples"), may_be_in_a_set),
    QuizFamily("part-of", ("subsets",), part_of),
)
