"""Quiz items on dictionaries."""

from __future__ import annotations

from random import Random

from coursewright.generator.bank.ask import Choice, choose, count, prints
from coursewright.generator.bank.family import QuizFamily
from coursewright.generator.bank.runs import literal
from coursewright.generator.drafts import QuestionDraft

BRACKETS = "Square brackets insist on the key: if it is missing, the program stops with an error."
GET = "`get` takes a second value, which it returns if the key is missing."
SET = "If the key is there already, its value is replaced, and no second entry is made."
KEYS = "A loop over a dictionary goes through its keys, in the order in which they came in."
COUNT = "For a new word, `get` gives 0, so its count becomes 1."
BOXES = "For a new key, an empty list is put there first."
NAMES = ("Mia", "Ben", "Lea", "Tom", "Ada")
THINGS = ("pen", "ink", "cup", "map", "key")


def replaced(random: Random) -> QuestionDraft:
    a, b = random.sample(THINGS, 2)
    n, m, k = random.sample(range(1, 20), 3)
    return prints(
        key="a-value-is-replaced",
        code='stock = {"$a": $n, "$b": $m}\nstock["$a"] = $k\nstock["$b"] = stock["$b"] + 1\n'
        'print(stock["$a"])\nprint(stock["$b"])\nprint(len(stock))',
        explanation="A key is there once. A new value takes the place of the old one.",
        concepts=["changing"],
        evidence=SET,
        values={"a": a, "b": b, "n": n, "m": m, "k": k},
    )


def missing(random: Random) -> QuestionDraft:
    here, away = random.sample(NAMES, 2)
    n = random.randint(6, 12)
    begin = f'ages = {{"{here}": {n}}}\n'
    lines = {
        f'print(ages["{away}"])': "Square brackets insist on the key.",
        f'print(ages.get("{away}"))': "`get` returns `None` if the key is missing.",
        f'ages["{away}"] = {n}': "This adds a new entry.",
        f'print("{away}" in ages)': "This only asks, and the answer is `False`.",
    }
    return choose(
        random,
        key="which-line-fails",
        prompt='Given `ages = {"$here": $n}`. Which line stops with an error?',
        choices=[
            Choice(f"`{line}`", why, f"failure({begin + line!r}) == 'KeyError'")
            for line, why in lines.items()
        ],
        explanation="There is no key $away, and only one of the lines needs it.",
        concepts=["looking-up"],
        evidence=BRACKETS,
        values={"here": here, "away": away, "n": n},
    )


def with_default(random: Random) -> QuestionDraft:
    a, b, c = random.sample(THINGS, 3)
    n, m, other = random.sample(range(2, 20), 3)
    return count(
        key="get-with-a-second-value",
        prompt='Given `prices = {"$a": $n, "$b": $m}`. What does'
        ' `prices.get("$x", $other) + prices.get("$b", $other)` give?',
        decides='prices = {"$a": $n, "$b": $m}\n'
        'print(prices.get("$x", $other) + prices.get("$b", $other))',
        explanation="The second value is used only if the key is missing.",
        concepts=["looking-up"],
        evidence=GET,
        values={"a": a, "b": b, "x": random.choice([a, c]), "n": n, "m": m, "other": other},
    )


def counting(random: Random) -> QuestionDraft:
    a, b, c = random.sample(THINGS, 3)
    words = random.choice([[a, b, a], [b, a, b, b], [c, a, c, b], [a, a, c, a]])
    return prints(
        key="counting-in-a-loop",
        code="""
            counts = {}
            for word in $words:
                counts[word] = counts.get(word, 0) + 1
            print(counts["$first"])
            print(len(counts))
        """,
        explanation="Each different word is one key, and its value goes up by 1 each time.",
        concepts=["counting"],
        evidence=COUNT,
        values={"words": literal(words), "first": words[0]},
    )


def looping(random: Random) -> QuestionDraft:
    a, b, c = random.sample(THINGS, 3)
    n, m, k = random.sample(range(1, 9), 3)
    return prints(
        key="going-through-items",
        code="""
            stock = {"$a": $n, "$b": $m, "$c": $k}
            for thing, number in stock.items():
                if number $sign $limit:
                    print(thing)
        """,
        explanation="Each round has one key and its value. Only some pass the condition.",
        concepts=["looking-up"],
        evidence=KEYS,
        values={"a": a, "b": b, "c": c, "n": n, "m": m, "k": k,
                "sign": random.choice(["<", ">"]), "limit": sorted([n, m, k])[1]}
        | ({"sign": ">="} if random.random() < 0.5 else {}),
    )  # fmt: skip


def grouping(random: Random) -> QuestionDraft:
    words = random.sample(["sun", "moon", "star", "sky", "rain", "ice", "wind", "fog"], 4)
    return prints(
        key="boxes-in-a-dictionary",
        code="""
            boxes = {}
            for word in $words:
                size = len(word)
                if size not in boxes:
                    boxes[size] = []
                boxes[size].append(word)
            print(len(boxes))
            print(boxes[$size])
        """,
        explanation="The length of a word is its key. Each value is a list of words.",
        concepts=["grouping"],
        evidence=BOXES,
        values={"words": literal(words), "size": len(words[-1])},
    )


def true_of_dictionaries(random: Random) -> QuestionDraft:
    a, b, c = random.sample(THINGS, 3)
    n, m = random.sample(range(3, 20), 2)
    given = f'{{"{a}": {n}, "{b}": {m}}}'
    return choose(
        random,
        key="true-of-a-dictionary",
        prompt='Given `stock = {"$a": $n, "$b": $m}`. Which are true? Choose all that are.',
        choices=[
            Choice('`"$b" in stock`', "It is one of the keys.", f"'$b' in {given}"),
            Choice("`$n in stock`", "`in` looks at the keys only.", f"$n in {given}"),
            Choice("`len(stock) == 2`", "Each key with its value counts once.",
                   f"len({given}) == 2"),
            Choice('`stock.get("$c", 0) == $m`', "The key is missing, so it gives 0.",
                   f"{given}.get('$c', 0) == $m"),
        ],
        explanation="A dictionary is searched by its keys.",
        concepts=["looking-up"],
        evidence=GET,
        several=True,
        values={"a": a, "b": b, "c": c, "n": n, "m": m},
    )  # fmt: skip


QUIZZES = (
    QuizFamily("a-value-is-replaced", ("changing",), replaced),
    QuizFamily("which-line-fails", ("looking-up",), missing),
    QuizFamily("get-with-a-second-value", ("looking-up",), with_default),
    QuizFamily("counting-in-a-loop", ("counting",), counting),
    QuizFamily("going-through-items", ("looking-up",), looping),
    QuizFamily("boxes-in-a-dictionary", ("grouping",), grouping),
    QuizFamily("true-of-a-dictionary", ("looking-up",), true_of_dictionaries),
)
