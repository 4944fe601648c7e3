"""Quiz items on sorting and searching."""

from __future__ import annotations

from random import Random

from coursewright.generator.bank.ask import Choice, choose, count, prints
from coursewright.generator.bank.family import QuizFamily
from coursewright.generator.bank.written import pick, table
from coursewright.generator.drafts import QuestionDraft

WORDS = ("fig", "pear", "plum", "apple", "kiwi", "date", "lemon", "cherry")


def sort_in_place(random: Random) -> QuestionDraft:
    return prints(
        key="sort-in-place",
        code="""
            numbers = $numbers
            other = $make
            print(numbers)
            print(other)
        """,
        explanation="Ask of the call two things: does it change the list, and what does it return?",
        concepts=["sorting"],
        evidence="`.sort()` changes the list itself, and it returns `None`.",
        values={
            "numbers": random.sample(range(1, 40), 3),
            "make": random.choice(
                (
                    "sorted(numbers)",
                    "numbers.sort()",
                    "sorted(numbers, reverse=True)",
                    "numbers.sort(reverse=True)",
                )
            ),
        },
    )


def by_a_key(random: Random) -> QuestionDraft:
    words = random.sample(WORDS, 4)
    return prints(
        key="by-a-key",
        code="""
            words = $words
            print(sorted(words, key=$key)$part)
        """,
        explanation="Write the key of each word below it, and sort by that.",
        concepts=["sort-keys"],
        evidence="Values with equal keys stay in the order that they had before.",
        values={
            "words": words,
            "key": random.choice(
                ("len", "lambda word: word[-1]", "lambda word: -len(word)", "lambda word: word[1]")
            ),
            "part": random.choice(("[0]", "[-1]", "[:2]", "")),
        },
    )


KEYS = table(
    "key wish why",
    ("(-p[1], p[0])", "most points first, and by name where they are equal",
     "The minus sign turns the numbers, and the name comes second."),
    ("(p[1], p[0])", "fewest points first, and by name where they are equal",
     "The numbers come first, smallest first, and the name second."),
    ("(p[0], -p[1])", "by name, and most points first where the names are equal",
     "The name comes first, and then the numbers, turned."),
    ("(p[0], p[1])", "by name, and fewest points first where the names are equal",
     "The name comes first, and then the numbers."),
)  # fmt: skip


def which_key(random: Random) -> QuestionDraft:
    row = pick(random, KEYS)
    name, other = random.sample(("Ada", "Bo", "Cem", "Dina"), 2)
    pairs = [(name, 3), (other, 7), (name, 9), (other, 3)]
    result = f"sorted({pairs}, key=lambda p: {{}})"
    return choose(
        random,
        key="which-key",
        prompt="A list has tuples such as `('$name', 3)`: a name and points. With which key does"
        " `sorted` give this order: $wish?",
        choices=[
            Choice(
                f"`lambda p: {one['key']}`",
                one["why"],
                f"{result.format(one['key'])} == {result.format(row['key'])}",
            )
            for one in KEYS
        ],
        explanation="The first part of the key is the main rule, the second one decides ties.",
        concepts=["sort-keys"],
        evidence="The second part counts only if the first parts are equal.",
        values=row | {"name": name},
    )


def looks_by_halves(random: Random) -> QuestionDraft:
    values = sorted(random.sample(range(1, 99), 7))
    return count(
        key="looks-by-halves",
        prompt="You look for $wanted in the list $values, by halves: always look at the middle of"
        " what is left, and drop one half. At how many values do you look until you have found it?",
        decides="""
            values, looks = $values, 0
            while values:
                looks += 1
                middle = len(values) // 2
                if values[middle] == $wanted:
                    break
                values = values[:middle] if values[middle] > $wanted else values[middle + 1:]
            print(looks)
        """,
        explanation="The middle of 7 values is the fourth. Three are left on each side, then one.",
        concepts=["binary-search"],
        evidence="Look at the middle.",
        values={"values": values, "wanted": random.choice(values)},
    )


def fit_for_halving(random: Random) -> QuestionDraft:
    a, b, c, d = sorted(random.sample(range(10, 99), 4))
    lists = {
        f"[{a}, {b}, {c}, {d}]": "It is in order, so one half can be dropped.",
        f"[{a}, {c}, {b}, {d}]": "Two numbers in the middle are the wrong way round.",
        f"[{b}, {a}, {c}, {d}]": "The first two numbers are the wrong way round.",
        f"[{a}, {b}, {d}, {c}]": "The last two numbers are the wrong way round.",
    }
    return choose(
        random,
        key="fit-for-halving",
        prompt="Which of these lists can be searched by halves, as it is?",
        choices=[
            Choice(f"`{source}`", why, f"{source} == sorted({source})")
            for source, why in lists.items()
        ],
        explanation="Halving needs an order: else you do not know in which half to go on.",
        concepts=["binary-search"],
        evidence="In a sorted list you can do much better.",
    )


def one_by_one(random: Random) -> QuestionDraft:
    values = random.sample(range(1, 60), 6)
    limit = sorted(values)[random.randint(1, 4)]
    return prints(
        key="one-by-one-search",
        code="""
            def search(numbers):
                for place in $order:
                    if numbers[place] $sign $limit:
                        return place
                return -1


            print(search($values))
            print(search([]))
        """,
        explanation="Look in the order of the loop. The first place that fits is returned.",
        concepts=["linear-search"],
        evidence="The `return` after the loop is reached only if nothing was found.",
        values={
            "values": values,
            "limit": limit,
            "order": random.choice(("range(len(numbers))", "reversed(range(len(numbers)))")),
            "sign": random.choice((">", "<", "==", ">=")),
        },
    )


def smallest_by_key(random: Random) -> QuestionDraft:
    target = random.randint(10, 40)
    far, near = random.sample(range(2, 9), 2)
    return prints(
        key="smallest-by-key",
        code="""
            numbers = $numbers
            print($end(numbers, key=lambda n: abs(n - $target)))
        """,
        explanation=f"Work out the distance of each number to {target}. If two are equal, the"
        " first counts.",
        concepts=["sort-keys"],
        evidence="`min` and `max` take a key too.",
        values={
            "numbers": random.sample([target - far, target + near, target + far, target - near], 4),
            "target": target,
            "end": random.choice(("min", "max")),
        },
    )


QUIZZES = (
    QuizFamily("sort-in-place", ("sorting",), sort_in_place),
    QuizFamily("by-a-key", ("sort-keys",), by_a_key),
    QuizFamily("which-key", ("sort-keys",), which_key),
    QuizFamily("looks-by-halves", ("binary-search",), looks_by_halves),
    QuizFamily("fit-for-halving", ("binary-search",), fit_for_halving),
    QuizFamily("one-by-one-search", ("linear-search",), one_by_one),
    QuizFamily("smallest-by-key", ("sort-keys",), smallest_by_key),
)
