"""Exercises on parameters with default values."""

from __future__ import annotations

from random import Random
from typing import Any

from coursewright.generator.bank.promise import Promise
from coursewright.generator.bank.written import family

SALES = (
    {"who": "A cinema", "thing": "tickets", "fee": "service fee"},
    {"who": "A print shop", "thing": "posters", "fee": "set-up fee"},
    {"who": "A flower shop", "thing": "roses", "fee": "wrapping fee"},
    {"who": "A web shop", "thing": "mugs", "fee": "shipping fee"},
)


def order_total(random: Random) -> dict[str, Any]:
    price, fee, other, free = random.sample(range(2, 25), 4)
    return random.choice(SALES) | {"p": price, "f": fee, "q": other, "g": free}


ORDER_TOTAL = family(
    order_total,
    key="order-total",
    title="What does the order cost?",
    idea="Calculate with two default values.",
    concepts=["default-values"],
    difficulty="easy",
    statement="""
        $who sells $thing. Most of the time one of them costs $p coins, and each order has a
        fixed fee of $f coins, the $fee. For some customers the price or the fee is different.
        Write a function that takes the number of $thing. The `price` of one and the `fee` may
        be given too. It returns what the whole order costs. It has to be possible to give the
        two by name.
    """,
    promises=[
        Promise(
            says="If only the number is given, the price is $p and the fee is $f",
            shown="order_total(3)",
            wrong=("price=$p", "price=$p + 1"),
            because="3 times $p, and $f for the fee",
            hidden=("order_total(1)", "order_total(10)", "order_total(50)"),
        ),
        Promise(
            says="Another price can be given",
            shown="order_total(3, price=$q)",
            wrong=("count * price", "count * $p"),
            because="each one costs $q now",
            hidden=("order_total(2, $q)", "order_total(4, price=0)", "order_total(1, price=1)"),
        ),
        Promise(
            says="Another fee can be given",
            shown="order_total(3, price=$p, fee=$g)",
            wrong=("+ fee", "+ $f"),
            because="the fee is $g now",
            hidden=(
                "order_total(2, $p, $g)",
                "order_total(0, price=$p, fee=0)",
                "order_total(1, fee=1, price=$p)",
            ),
        ),
    ],
    reference='''
        def order_total(count, price=$p, fee=$f):
            """Return the cost of an order, in coins."""
            return count * price + fee
    ''',
    second="""
        def order_total(count, price=$p, fee=$f):
            total = fee
            for _ in range(count):
                total += price
            return total
    """,
    inputs="random.choice([(random.randint(1, 9),), (random.randint(0, 9), random.randint(0,"
    " 9)), (random.randint(1, 9), $p, random.randint(0, 9))])",
    hints=[
        "How does a parameter get a value for the case that nobody gives one?",
        "Write the default value after the name of the parameter, with one `=` between them.",
        "The first line is `def order_total(count, price=$p, fee=$f):`. Then return the sum.",
    ],
)


CARDS = (
    {"where": "A menu", "left": "the name of a dish", "name": "menu_line"},
    {"where": "A table of contents", "left": "the title of a chapter", "name": "contents_line"},
    {"where": "A price list", "left": "the name of a product", "name": "price_line"},
    {"where": "A programme for a concert", "left": "the name of a song", "name": "song_line"},
)


def padded(random: Random) -> dict[str, Any]:
    width = random.randint(9, 14)
    fill, other = random.sample([".", "-", "_", "*", "~"], 2)
    words = random.sample(["soup", "salad", "river", "ocean", "tea", "north"], 3)
    values = random.choice(CARDS) | {"w": width, "fill": fill, "other": other}
    values |= {"long": "x".join(words * 2)[: width + 5], "a": words[0], "b": words[1]}
    values |= {"c": words[2], "wide": width + 4, "whole": "abcdefghijklmnop"[:width]}
    return values


PADDED = family(
    padded,
    key="padded",
    title="Lines of the same width",
    idea="Fill up a text, with a width and a sign.",
    concepts=["default-values"],
    difficulty="medium",
    statement="""
        $where looks tidy if all lines are equally long. So behind $left, the rest of the line
        is filled with a sign. Write a function that takes the text. The `width` of the line
        and the sign, called `fill`, may be given too. It returns the text with as many signs
        after it as are needed. Nothing is ever cut off.
    """,
    promises=[
        Promise(
            says='Lines are $w wide and filled with `"$fill"` if nothing else is given',
            shown='$name("$a")',
            wrong=("width=$w", "width=$w + 1"),
            because="the whole line has $w characters",
            hidden=('$name("$b")', '$name("$c")', '$name("")'),
        ),
        Promise(
            says="Another width can be given",
            shown='$name("$b", width=$wide)',
            wrong=("(width - len(text))", "($w - len(text))"),
            because="the whole line has $wide characters",
            hidden=('$name("$a", $w - 1)', '$name("$c", width=$w + 1)', '$name("", width=2)'),
        ),
        Promise(
            says="Another sign can be given",
            shown='$name("$c", width=$w, fill="$other")',
            wrong=("fill * ", '"$fill" * '),
            because="filled with the other sign",
            hidden=('$name("$a", $w, "$other")', '$name("", fill="o", width=$w)'),
        ),
        Promise(
            says="A text that is too long stays as it is",
            shown='$name("$long")',
            wrong=("return text +", "return text[:width] +"),
            because="nothing is cut off",
            hidden=('$name("$long!")', '$name("$a $long")', '$name("$long$long")'),
        ),
    ],
    reference='''
        def $name(text, width=$w, fill="$fill"):
            """Return the text, filled up to the width of a line."""
            return text + fill * (width - len(text))
    ''',
    second="""
        def $name(text, width=$w, fill="$fill"):
            line = text
            while len(line) < width:
                line += fill
            return line
    """,
    inputs="random.choice([('ab' * random.randint(0, 9),), ('ab', random.randint(0, 20)),"
    " ('abc' * random.randint(0, 4), $w, random.choice('$fill$other'))])",
    hints=[
        "How many signs are missing? Work it out from two numbers.",
        "A text times a number is repeated. If the number is 0 or less, nothing comes out.",
        "`fill * (width - len(text))` makes the signs. Add them to the text and return it.",
    ],
)


RANKS = (
    {"what": "In a long contest everybody has a list of scores", "only": "the highest ones count",
     "name": "best_scores", "given": "scores", "best": "highest", "order": ", reverse=True"},
    {"what": "A runner has a list of all times in seconds", "only": "the shortest ones count",
     "name": "best_times", "given": "times", "best": "shortest", "order": ""},
    {"what": "A shop gives away the cheapest things of an order", "only": "the lowest prices count",
     "name": "gift_value", "given": "prices", "best": "lowest", "order": ""},
    {"what": "A gardener weighs every pumpkin", "only": "the heaviest ones go to the market",
     "name": "market_weight", "given": "weights", "best": "heaviest", "order": ", reverse=True"},
)  # fmt: skip


def best_few(random: Random) -> dict[str, Any]:
    count = random.randint(2, 3)
    numbers = random.sample(range(10, 99), count + 3)
    values = random.choice(RANKS) | {"k": count, "numbers": numbers}
    best, by = (max(numbers), -1) if values["order"] else (min(numbers), 1)
    values |= {"mixed": sorted(numbers, key=str), "equal": [best, best + by, best, best + 2 * by]}
    return values | {"few": sorted(random.sample(range(10, 99), count), reverse=True)}


BEST_FEW = family(
    best_few,
    key="best-few",
    title="Only the best ones count",
    idea="Add up the best few numbers and leave the list alone.",
    concepts=["default-values", "leaving-arguments-alone"],
    difficulty="hard",
    statement="""
        $what. Of these, $only. There are $k of them, unless somebody asks for another number.
        Write a function that takes the list. How many count may be given too, and is called
        `count`. The function returns the sum of those that count. If there are fewer in the list
        than that, all of them are added up.
    """,
    promises=[
        Promise(
            says="The $best are added up, and equal ones are all kept",
            shown="$name($equal, count=$k)",
            wrong=("sorted($given", "sorted(set($given)"),
            because="two of them are equal, and both are in the list",
            hidden=("$name([5, 5, 5, 5], count=$k)", "$name([7, 1, 7, 1, 7, 1], count=$k)"),
        ),
        Promise(
            says="Without a number, $k of them count",
            shown="$name($numbers)",
            wrong=("count=$k", "count=$k + 1"),
            because="the $best, $k of them",
            hidden=("$name($mixed)", "$name([1, 2, 3, 4, 5, 6])", "$name([])", "$name([8])"),
        ),
        Promise(
            says="Another number can be given",
            shown="$name($numbers, count=1)",
            wrong=("[:count]", "[:$k]"),
            because="only one of them",
            hidden=("$name($numbers, count=0)", "$name($mixed, 1)", "$name($numbers, 99)"),
        ),
        Promise(
            says="The list that was given keeps its order",
            shown="$name($few, count=$k)",
            wrong=("    return ", "    $given.sort()\n    return "),
            because="do not sort the list itself",
            hidden=("$name([2, 3, 1], count=$k)", "$name([3, 4, 2], count=$k)"),
            keeps=True,
        ),
    ],
    reference='''
        def $name($given, count=$k):
            """Return the sum of those that count."""
            return sum(sorted($given$order)[:count])
    ''',
    second="""
        def $name($given, count=$k):
            rest = sorted($given)
            if "$order":
                rest = rest[::-1]
            total = 0
            for place, number in enumerate(rest):
                if place < count:
                    total += number
            return total
    """,
    inputs="[random.randint(1, 9) for _ in range(random.randint(0, 6))],"
    " random.choice([$k, random.randint(0, 5)])",
    hints=[
        "Put all of them in order first. Then it is easy to take some from the front.",
        "`sorted` makes a new list. A slice up to `count` takes the first ones, and `sum` adds.",
        "Return `sum(sorted(…)[:count])`. With `reverse=True`, the largest number comes first.",
    ],
)


FAMILIES = (ORDER_TOTAL, PADDED, BEST_FEW)
