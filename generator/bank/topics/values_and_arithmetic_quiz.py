"""Quiz items on values and arithmetic."""

from __future__ import annotations

from random import Random

from coursewright.generator.bank.ask import Choice, choose, count, prints
from coursewright.generator.bank.family import QuizFamily
from coursewright.generator.drafts import QuestionDraft

ORDER = "Python multiplies and divides before it adds and subtracts, and round brackets come first"
WHOLE = "The sign `//` says how often a number fits as a whole, and `%` says what is left over."
POINT = "The sign `/` always gives a number with a point, even if nothing is left over."
NAME = "A name can get a new value later, and then the old one is forgotten."
BRACKETS = "each pair of curly brackets is replaced by the value of what stands in it"
PLACES = "`round(number, 2)` rounds to two places behind the point"
RETURN = "`return` hands back a value to whoever called the function."


def order(random: Random) -> QuestionDraft:
    a, b, c, d = random.sample(range(2, 10), 4)
    return prints(
        key="order-of-signs",
        code=random.choice(
            [
                "print($a + $b * $c)\nprint(($a + $b) * $c)\nprint($d - $a - 1)",
                "print($a * $b + $c)\nprint($a * ($b + $c))\nprint($d - ($a - 1))",
                "print($a - $b * $c)\nprint(($a - $b) * $c)\nprint($d + $a * 2)",
            ]
        ),
        explanation="Brackets first, then `*`, then `+` and `-` from left to right.",
        concepts=["arithmetic"],
        evidence=ORDER,
        values={"a": a, "b": b, "c": c, "d": d},
    )


def rest(random: Random) -> QuestionDraft:
    size = random.randint(4, 9)
    total = size * random.randint(3, 8) + random.randint(1, size - 1)
    thing, box = random.choice(
        [("eggs", "cartons"), ("chairs", "rows"), ("cards", "piles"), ("apples", "bags")]
    )
    return count(
        key="how-many-are-left",
        prompt="There are $total $thing, and you make as many full $box of $size as you can."
        " What does `$total % $size` give?",
        decides="print($total % $size)",
        explanation="`%` gives the $thing that do not fill one more of the $box.",
        concepts=["whole-division"],
        evidence=WHOLE,
        values={"total": total, "size": size, "thing": thing, "box": box},
    )


def whole(random: Random) -> QuestionDraft:
    size, full = random.sample(range(3, 8), 2)
    rest = random.choice([one for one in range(1, size) if one != full])
    total = size * full + rest
    thing, box = random.choice(
        [("pens", "boxes"), ("players", "teams"), ("stamps", "sheets"), ("bulbs", "packs")]
    )
    values = {"n": total, "k": size, "thing": thing, "box": box, "goal": total // size}
    target = "($n {} $k) == $goal and type($n {} $k) is int"
    options = {
        "//": "`//` says how often $k fits into $n as a whole.",
        "/": "This keeps a part behind the point; there is no such thing as a part of a full one.",
        "%": "This is what is left over.",
        "-": "This only takes $k away once.",
    }
    return choose(
        random,
        key="which-division",
        prompt="You put $n $thing into $box of $k. Which line shows how many of the $box are full?",
        choices=[
            Choice(f"`print($n {sign} $k)`", why, target.format(sign, sign))
            for sign, why in options.items()
        ],
        explanation="Whole division leaves out the rest: here it gives $goal.",
        concepts=["whole-division"],
        evidence=WHOLE,
        values=values,
    )


def renamed(random: Random) -> QuestionDraft:
    first, second = random.sample(range(2, 12), 2)
    names = random.choice([("price", "total"), ("width", "area"), ("speed", "way")])
    return prints(
        key="a-name-gets-a-new-value",
        code="$x = $a\n$y = $x * 3\n$x = $b\nprint($x)\nprint($y)",
        explanation="`$y` was worked out with the old value, and it is not worked out again.",
        concepts=["arithmetic"],
        evidence=NAME,
        values={"a": first, "b": second, "x": names[0], "y": names[1]},
    )


def sentence(random: Random) -> QuestionDraft:
    name = random.choice(["Ada", "Ben", "Kim", "Zoe", "Sam"])
    thing = random.choice(["books", "cats", "plants", "songs"])
    return prints(
        key="text-with-values",
        code='name = "$name"\n$thing = $n\nprint(f"{name}: {$thing + 1} $thing")\nprint("{name}")',
        explanation="Only an f-string replaces its brackets. Plain text stays as it is.",
        concepts=["f-strings"],
        evidence=BRACKETS,
        values={"name": name, "thing": thing, "n": random.randint(2, 9)},
    )


def true_of_division(random: Random) -> QuestionDraft:
    k = random.randint(3, 8)
    n = k * random.randint(3, 6)
    values = {"n": n, "k": k, "q": n // k, "more": n + 1}
    return choose(
        random,
        key="true-of-numbers",
        prompt="Which of these are true? Choose all that are.",
        choices=[
            Choice(
                "`$n / $k` shows a number with a point",
                "`/` always gives a number with a point: `$q.0`.",
                "'.' in printed('print($n / $k)')",
            ),
            Choice("`$n % $k` is 0", "$k fits into $n with nothing left over.", "$n % $k == 0"),
            Choice(
                "`$more // $k` is one more than `$q`",
                "$more is not enough for one more, so it is still $q.",
                "$more // $k == $q + 1",
            ),
            Choice("`$k ** 2` is the same as `$k * 2`", "It is $k times $k.", "$k ** 2 == $k * 2"),
        ],
        explanation="`/` keeps the point, `//` drops the rest, `%` is the rest.",
        concepts=["whole-division", "arithmetic"],
        evidence=POINT,
        several=True,
        values=values,
    )


def rounded(random: Random) -> QuestionDraft:
    number = random.choice([3.14159, 2.71828, 1.41421, 7.38906, 9.86961])
    places = random.choice([1, 2, 3])
    return count(
        key="rounded-to-places",
        prompt="What does `round($number, $places)` give?",
        decides="print(round($number, $places))",
        explanation="The second number says how many places behind the point are kept.",
        concepts=["rounding"],
        evidence=PLACES,
        values={"number": number, "places": places},
    )


def returned(random: Random) -> QuestionDraft:
    name, factor = random.choice([("double", 2), ("triple", 3), ("tenfold", 10)])
    n = random.randint(2, 9)
    call = "def $f(n):\n    {}\n\n\nresult = $f($n) + 1"
    choices = {
        "return n * $k": "The value is handed back, so 1 can be added to it.",
        "print(n * $k)": "It only shows the value. Nothing comes back to add 1 to.",
        "value = n * $k": "The value gets a name, but it is not handed back.",
        "n * $k": "The value is worked out and then forgotten.",
    }
    return choose(
        random,
        key="hand-back-a-value",
        prompt="A function begins with `def $f(n):` and has one more line. With which line does"
        " `result = $f($n) + 1` work?",
        choices=[
            Choice(f"`{line}`", why, f"failure({call.format(line)!r}) == ''")
            for line, why in choices.items()
        ],
        explanation="Without `return`, a function hands back nothing to calculate with.",
        concepts=["functions"],
        evidence=RETURN,
        values={"f": name, "k": factor, "n": n},
    )


QUIZZES = (
    QuizFamily("order-of-signs", ("arithmetic",), order),
    QuizFamily("how-many-are-left", ("whole-division",), rest),
    QuizFamily("which-division", ("whole-division",), whole),
    QuizFamily("a-name-gets-a-new-value", ("arithmetic",), renamed),
    QuizFamily("text-with-values", ("f-strings",), sentence),
    QuizFamily("true-of-numbers", ("whole-division", "arithmetic"), true_of_division),
    QuizFamily("rounded-to-places", ("rounding",), rounded),
    QuizFamily("hand-back-a-value", ("functions",), returned),
)
