"""Exercises on looking things up in a dictionary."""

from __future__ import annotations

from random import Random
from typing import Any

from coursewright.generator.bank.promise import Promise
from coursewright.generator.bank.runs import literal
from coursewright.generator.bank.written import family

BILLS = (
    {"who": "A café", "list": "menu", "thing": "dish", "things": "dishes",
     "pool": "tea soup cake bread", "other": "pizza"},
    {"who": "A market stall", "list": "prices", "thing": "fruit", "things": "fruits",
     "pool": "apple pear plum fig", "other": "mango"},
    {"who": "A fun fair", "list": "rides", "thing": "ride", "things": "rides",
     "pool": "swing train wheel boat", "other": "tower"},
    {"who": "A copy shop", "list": "services", "thing": "service", "things": "services",
     "pool": "copy scan print bind", "other": "fold"},
)  # fmt: skip


def bill(random: Random) -> dict[str, Any]:
    values: dict[str, Any] = dict(random.choice(BILLS))
    a, b, c = random.sample(values["pool"].split(), 3)
    p, q, flat = random.sample(range(2, 12), 3)
    values |= {"a": a, "b": b, "c": c, "p": p, "q": q, "flat": flat}
    values["card"] = f'{{"{a}": {p}, "{b}": {q}}}'
    return values


BILL = family(
    bill,
    key="bill",
    title="The whole bill",
    idea="Look up prices and add them up.",
    concepts=["looking-up"],
    difficulty="easy",
    statement="""
        $who has a dictionary of its prices. Each key is the name of a $thing, and its value is
        the price in coins. A guest orders some $things, and the names are in a list. What has
        no price yet costs $flat coins. Write a function that takes the dictionary first and
        the list after it. It returns what the guest has to pay. Nothing is added to the
        dictionary.
    """,
    promises=[
        Promise(
            says="Each $thing is paid as often as it was ordered",
            shown='bill($card, ["$a", "$b", "$a"])',
            wrong=("for name in order:", "for name in set(order):"),
            because="$a was ordered twice",
            hidden=('bill($card, ["$b", "$b"])', 'bill({"$c": 1}, ["$c", "$c", "$c"])'),
        ),
        Promise(
            says="Each $thing without a price costs $flat coins",
            shown='bill($card, ["$other", "$c"])',
            wrong="""
                def bill($list, order):
                    total = 0
                    for name in order:
                        total += $list.get(name, 0)
                    if any(name not in $list for name in order):
                        total += $flat
                    return total
            """,
            because="neither of the two is in the dictionary",
            hidden=('bill({}, ["$a", "$b"])', 'bill({"$c": 0}, ["$a", "$c", "$other"])'),
        ),
        Promise(
            says="If nothing is ordered, there is nothing to pay",
            shown="bill($card, [])",
            wrong=("return total", "return total or None"),
            because="the sum is 0",
            hidden=("bill({}, [])", 'bill({"$c": 3}, [])', 'bill({"$a": 0, "$b": 1}, ["$a"])'),
        ),
        Promise(
            says="The dictionary that was given is not changed",
            shown='bill($card, ["$other", "$b"])',
            wrong=("$list.get(", "$list.setdefault("),
            because="`get` looks something up and adds nothing",
            hidden=('bill({}, ["$b"])', 'bill($card, ["$c", "$a"])'),
            keeps=True,
        ),
    ],
    reference='''
        def bill($list, order):
            """Return what this order costs, in coins."""
            total = 0
            for name in order:
                total += $list.get(name, $flat)
            return total
    ''',
    second="""
        def bill($list, order):
            known = [$list[name] for name in order if name in $list]
            return sum(known) + $flat * (len(order) - len(known))
    """,
    inputs="""
        def inputs(random):
            for _ in range(300):
                known = {name: random.randint(0, 9) for name in "abc"[: random.randint(0, 3)]}
                yield known, random.choices("abcd", k=random.randint(0, 4))
    """,
    hints=[
        "Go through the list, not through the dictionary. What do you look up in each round?",
        "`get` takes a second value. It is used if the key is not there.",
        "In the loop, add `$list.get(name, $flat)` to the total.",
    ],
)


CONTESTS = (
    {"what": "A cooking contest has a dictionary with the points of each cook", "sign": ">",
     "most": "most points", "name": "winner", "names": "Mia Ben Lea Tom Ada", "turn": 1},
    {"what": "A race has a dictionary with the seconds of each runner", "sign": "<",
     "most": "fewest seconds", "name": "winner", "names": "Kim Sam Zoe Max Eva", "turn": -1},
    {"what": "A page for travellers has a dictionary with the price of each hotel", "sign": "<",
     "most": "lowest price", "name": "cheapest", "names": "Star Moon Hill Lake Park", "turn": -1},
    {"what": "A map has a dictionary with the height of each mountain", "sign": ">",
     "most": "largest height", "name": "highest", "names": "Bald Long Cold Twin Old", "turn": 1},
)  # fmt: skip


def best_of_all(random: Random) -> dict[str, Any]:
    values: dict[str, Any] = dict(random.choice(CONTESTS))
    a, b, c, d, e = random.sample(values["names"].split(), 5)
    turn, n = values["turn"], random.randint(30, 60)
    best, good, poor = n + 9 * turn, n + 2 * turn, n - 5 * turn
    entries: dict[str, dict[str, int]] = {
        "late": {a: poor, b: good, c: n, d: best}, "later": {b: n, d: poor, a: n, e: poor, c: good},
        "tie": {c: good, a: best, b: best}, "tie2": {e: n, d: n}, "tie3": {b: best, a: best, d: n},
        "one": {d: n},
    }  # fmt: skip
    values |= {name: literal(one) for name, one in entries.items()}
    return values


BEST_OF_ALL = family(
    best_of_all,
    key="best-of-all",
    title="Who is best?",
    idea="Find the name that goes with the best number.",
    called="Who has the $most?",
    concepts=["looking-up"],
    difficulty="medium",
    statement="""
        $what. Each key is a name, and each value is a number. You want the name that goes with
        the best number, so the one with the $most. Write a function that takes the dictionary
        and returns this name. It may happen that two of them are equally good. There may also
        be no entries, and then there is no name to return.
    """,
    promises=[
        Promise(
            says="The name with the $most is returned, wherever it stands",
            shown="$name($late)",
            wrong=(".items():", ".items() if len(numbers) < 4 else list(numbers.items())[:2]:"),
            because="look at every entry",
            hidden=("$name($later)", "$name({'p': 1, 'q': 2, 'r': 9, 's': -9})"),
        ),
        Promise(
            says="If two are equally good, the first of them is returned",
            shown="$name($tie)",
            wrong=("number $sign numbers[best]", "number $sign= numbers[best]"),
            because="the first one was there before",
            hidden=("$name($tie2)", "$name($tie3)", "$name({'z': 0, 'a': 0})"),
        ),
        Promise(
            says="Without entries the result is `None`",
            shown="$name({})",
            wrong=("return best", "return best or ''"),
            because="there is no name to return",
            hidden=("$name({})", "$name($one)", "$name({'zero': 0})"),
        ),
    ],
    reference='''
        def $name(numbers):
            """Return the name with the $most, or None."""
            best = None
            for name, number in numbers.items():
                if best is None or number $sign numbers[best]:
                    best = name
            return best
    ''',
    second="""
        def $name(numbers):
            if len(numbers) == 0:
                return None
            return max(numbers, key=lambda name: $turn * numbers[name])
    """,
    inputs="({name: random.randint(-3, 6) for name in random.sample('abcdef',"
    " random.randint(0, 5))},)",
    hints=[
        "Remember the best name so far. What is it before the loop has begun?",
        "A name is better if there is none yet, or if its number is better.",
        "Ask for `best is None` first, then `or`, then compare with `numbers[best]`.",
    ],
)


STOCKS = (
    {"who": "A shop", "first": "stock", "second": "delivery", "pool": "pens rulers pads inks"},
    {"who": "A kitchen", "first": "pantry", "second": "shopping", "pool": "eggs rolls apples nuts"},
    {"who": "A toy box", "first": "toys", "second": "presents", "pool": "cars dolls blocks balls"},
    {"who": "A library", "first": "books", "second": "gifts", "pool": "novels maps comics poems"},
)


def add_up(random: Random) -> dict[str, Any]:
    values: dict[str, Any] = dict(random.choice(STOCKS))
    a, b, c = random.sample(values["pool"].split(), 3)
    n, m, k = (random.randint(2, 20) for _ in range(3))
    values |= {"a": a, "b": b, "c": c, "n": n, "m": m, "k": k}
    return values


ADD_UP = family(
    add_up,
    key="add-up",
    title="What came in",
    idea="Add one dictionary to another without changing them.",
    concepts=["looking-up", "changing"],
    difficulty="medium",
    statement="""
        $who keeps a dictionary of what is there. Each key is a kind of thing, and its value is
        how many there are. A second dictionary of the same form tells what came in today.
        Write a function that takes both. It returns a new dictionary with everything that is
        there now. Things of the same kind are added up. Neither of the two dictionaries is
        changed.
    """,
    promises=[
        Promise(
            says="What is in both dictionaries is added up",
            shown='add_up({"$a": $n}, {"$a": $m})',
            wrong=(".get(thing, 0) + number", ".get(thing, 0) * 0 + number"),
            because="$n and $m together",
            hidden=(
                'add_up({"$a": 1, "$b": 2}, {"$b": 3, "$a": 4})',
                'add_up({"x": 1}, {"x": 1})',
            ),
        ),
        Promise(
            says="What came in for the first time is there too",
            shown='add_up({"$a": $n}, {"$b": $k})',
            wrong=(
                "    for thing, number in $second.items():",
                "    for thing, number in $second.items():\n"
                "        if thing not in $first:\n            continue",
            ),
            because="there were no $b before",
            hidden=('add_up({}, {"$c": $m, "$a": 1})', 'add_up({"$c": 5}, {"$b": 1, "$a": 2})'),
        ),
        Promise(
            says="What did not come in stays as it was",
            shown='add_up({"$a": $n, "$c": $k}, {})',
            wrong=("return result", "return result if $second else {}"),
            because="nothing is lost",
            hidden=('add_up({"$b": 1}, {})', 'add_up({"x": 2, "y": 0}, {})'),
        ),
        Promise(
            says="The first dictionary that was given is not changed",
            shown='add_up({"$b": 0, "$a": $n}, {"$b": $m})',
            wrong=("result = dict($first)", "result = $first"),
            because="make a copy first",
            hidden=('add_up({"$c": 0}, {"$c": 1})', 'add_up({"$a": 3, "$c": 0}, {"$c": $k})'),
            keeps=True,
        ),
    ],
    reference='''
        def add_up($first, $second):
            """Return a new dictionary with everything from both."""
            result = dict($first)
            for thing, number in $second.items():
                result[thing] = result.get(thing, 0) + number
            return result
    ''',
    second="""
        def add_up($first, $second):
            together = {}
            for part in ($first, $second):
                for thing in part:
                    together[thing] = together.get(thing, 0) + part[thing]
            return together
    """,
    inputs="{name: random.randint(0, 9) for name in random.sample('abc', random.randint(0, 3))"
    "}, {name: random.randint(0, 9) for name in random.sample('abc', random.randint(0, 3))}",
    hints=[
        "Start with a copy of the first dictionary. Then go through the second one.",
        "`dict(…)` makes a copy. `items` gives you each key together with its value.",
        "Set `result[thing]` to what was there, which `get` tells, plus the new number.",
    ],
)


FAMILIES = (BILL, BEST_OF_ALL, ADD_UP)
