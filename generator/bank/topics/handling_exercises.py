"""Exercises on handling errors: expect one kind, and go on."""

from __future__ import annotations

from random import Random
from typing import Any

from coursewright.generator.bank.promise import Promise
from coursewright.generator.bank.written import family, pick, table

FORMS = table(
    "name where what",
    ("read_seat", "On the web page of a theatre", "seat number"),
    ("read_table", "In a restaurant's booking form", "table number"),
    ("read_locker", "At the desk of a swimming pool", "locker number"),
    ("read_page", "In the search box of an e-book", "page number"),
    ("read_lane", "On the entry form of a race", "lane number"),
)
FALLBACKS = table("otherwise", ("-1",), ("None",), ("0",))


def form(random: Random) -> dict[str, Any]:
    low, high = random.randint(2, 9), random.randint(20, 60)
    return pick(random, FORMS, FALLBACKS) | {
        "low": low,
        "high": high,
        "below": low - 1,
        "above": high + 1,
        "fine": random.randint(low + 1, high - 1),
    }


READ = family(
    form,
    key="read-a-number",
    title="A number, if possible",
    idea="Turn a text into a number, with an answer ready for texts that hold none.",
    concepts=["handling-errors"],
    difficulty="easy",
    statement="""
        $where people type a $what. Valid numbers go from $low to $high, both included. Most people
        type one, some leave the field empty, and some write a whole story. Write `$name(text)`. It
        returns the number as an integer. If there is no valid number in the text, it returns
        $otherwise.
    """,
    promises=[
        Promise(
            says="A text with a valid number gives that number, the lowest and the highest too",
            shown="$name('$low')",
            wrong=("number < $low or", "number <= $low or"),
            because="this number is valid",
            hidden=("$name('$fine')", "$name('$high')", "$name(' $fine ')"),
        ),
        Promise(
            says="A text that is no whole number gives $otherwise",
            shown="$name('many')",
            wrong=("except ValueError", "except TypeError"),
            because="expect that `int` cannot read this",
            hidden=("$name('')", "$name('$fine.5')", "$name('$fine please')", "$name('$fine')"),
        ),
        Promise(
            says="A number below $low or above $high gives $otherwise",
            shown="$name('$above')",
            wrong=(
                "    if number < $low or number > $high:\n        return $otherwise\n",
                "",
            ),
            because="this is a number, but not a valid one",
            hidden=("$name('$below')", "$name('-$fine')", "$name('$high')"),
        ),
    ],
    reference='''
        def $name(text):
            """Return the $what in the text, or $otherwise if there is no valid one."""
            try:
                number = int(text)
            except ValueError:
                return $otherwise
            if number < $low or number > $high:
                return $otherwise
            return number
    ''',
    second="""
        def $name(text):
            valid = {str(number): number for number in range($low, $high + 1)}
            return valid.get(text.strip(), $otherwise)
    """,
    inputs="""(random.choice([str(random.randint($low - 9, $high + 9)), "ten", "", "3.5"]),)""",
    hints=(
        "What does `int` do with a text that is no number? Try it in a cell of your own.",
        "Only the line with `int` belongs under `try`. What should happen under `except`?",
        "After the `try` you have a number. Two comparisons are left before you return it.",
    ),
)

SHOPS = table(
    "name where thing things what",
    ("bill", "A café", "dish", "order", "prices"),
    ("weigh", "A post office", "parcel", "load", "weights"),
    ("add_minutes", "A radio station", "song", "plan", "lengths"),
    ("add_points", "A games club", "task", "done", "points"),
)


def shop(random: Random) -> dict[str, Any]:
    a, b, c, d = random.sample(("north", "star", "river", "moon", "stone", "cloud"), 4)
    known = {a: random.randint(2, 9), b: random.randint(10, 20)}
    return pick(random, SHOPS) | {
        "known": known,
        "all": [a, b, b],
        "strange": [c, a, d],
        "more": [c, d, c, b],
        "one": [a],
        "none": [d],
    }


BILL = family(
    shop,
    key="add-what-is-known",
    title="Add what is known",
    idea="Add values from a dictionary, and collect the keys that are missing.",
    concepts=["handling-errors"],
    difficulty="medium",
    statement="""
        $where has a dictionary of $what: for each $thing a whole number. Now there is a list of
        names, and the numbers of all of them must be added. Some names may be missing in the
        dictionary. The program must not stop there. Write `$name($what, $things)`. It returns a
        tuple of two parts: the sum for all names that are known, and a list of the names that are
        not.
    """,
    promises=[
        Promise(
            says="The first part is the sum for all known names, each as often as it comes",
            shown="$name($known, $all)",
            wrong=("total +=", "total ="),
            because="add the number of every name",
            hidden=("$name($known, [])",),
        ),
        Promise(
            says="The second part lists the unknown names, in the order in which they come",
            shown="$name($known, $strange)",
            wrong=("unknown.append($thing)", "unknown.append($thing)\n            break"),
            because="go on after a name that is not known",
            hidden=("$name({}, $strange)",),
        ),
        Promise(
            says="The dictionary is not changed",
            shown="$name($known, $none)",
            wrong=(
                "unknown.append($thing)",
                "unknown.append($thing)\n            $what[$thing] = 0",
            ),
            because="leave the dictionary as it was",
            hidden=("$name({'tea': 3}, ['tea', 'coffee'])",),
            keeps=True,
        ),
    ],
    reference='''
        def $name($what, $things):
            """Return the sum for the known names, and the list of the unknown ones."""
            total = 0
            unknown = []
            for $thing in $things:
                try:
                    total += $what[$thing]
                except KeyError:
                    unknown.append($thing)
            return (total, unknown)
    ''',
    second="""
        def $name($what, $things):
            known = [$what[$thing] for $thing in $things if $thing in $what]
            return (sum(known), [$thing for $thing in $things if $thing not in $what])
    """,
    inputs="""(
            {name: random.randint(1, 9) for name in random.sample("abcdef", random.randint(0, 4))},
            random.choices("abcdef", k=random.randint(0, 5)),
        )""",
    hints=(
        "Which error does a dictionary raise for a key that it does not have?",
        "Inside the loop, try to add the number. If that fails, remember the name.",
        "Name the error after `except`: it is `KeyError`. Under it, append to a second list.",
    ),
)

RATES = table(
    "name who many few unit",
    ("speeds", "A cyclist writes down her tours", "kilometres", "hours", "kilometres an hour"),
    ("prices", "A shopper writes down what he bought", "coins", "pieces", "coins a piece"),
    ("reading_speeds", "A pupil writes down what she read", "pages", "days", "pages a day"),
    ("flows", "A gardener tests his water pumps", "litres", "minutes", "litres a minute"),
)


def rates(random: Random) -> dict[str, Any]:
    a, b, c = random.sample(range(2, 9), 3)
    return pick(random, RATES) | {
        "uneven": [(a * 2, 4 if a % 2 else 2 * a), (2 * b + 1, 2)],
        "zero": [(a * 3, 3), (b, 0), (c * 2, 2)],
        "negative": [(a * 2, 2), (b, -c)],
        "only_zero": [(0, 0), (c, 0)],
        "late": [(b, 0), (a, -1)],
    }


RATE = family(
    rates,
    key="one-by-one",
    title="One by one",
    idea="Divide pair by pair, with a gap where that cannot be done.",
    concepts=["handling-errors", "raising-errors"],
    difficulty="medium",
    statement="""
        $who. Each entry is a tuple of two whole numbers: first the $many, then the $few. For each
        entry the $unit are wanted. Sometimes the second number is 0, as nobody wrote it down. Then
        there must be a gap in the result, and the work goes on. A negative second number makes no
        sense at all. Write `$name(entries)`. It returns a list with one result for each entry.
    """,
    promises=[
        Promise(
            says="Each result is the $many divided by the $few, and it is not rounded",
            shown="$name($uneven)",
            wrong=("$many / $few)", "round($many / $few))"),
            because="divide, and keep what stands after the point",
            hidden=("$name([])",),
        ),
        Promise(
            says="Where the second number is 0 there is `None` in the result",
            shown="$name($zero)",
            wrong=("results.append(None)", "continue"),
            because="a gap in its place, then go on",
            hidden=("$name($only_zero)",),
        ),
        Promise(
            says="A negative second number is refused",
            shown="$name($negative)",
            wrong=("if $few < 0:", "if $few < 0 and $many < 0:"),
            because="this entry makes no sense",
            hidden=("$name($late)", "$name([(0, -1)])", "$name([(4, 2)])"),
        ),
    ],
    reference='''
        def $name(entries):
            """Return the $unit of each entry. Raises ValueError for a negative number."""
            results = []
            for $many, $few in entries:
                if $few < 0:
                    raise ValueError("the second number must not be negative")
                try:
                    results.append($many / $few)
                except ZeroDivisionError:
                    results.append(None)
            return results
    ''',
    second="""
        def $name(entries):
            if any(few < 0 for many, few in entries):
                raise ValueError("negative")
            return [many / few if few else None for many, few in entries]
    """,
    inputs="""([
            (random.randint(0, 20), random.randint(0, 4)) for _ in range(random.randint(0, 4))
        ],)""",
    hints=(
        "Which error does Python raise when you divide by 0?",
        "Refuse the negative number first, with `if` and `raise`. Then try to divide.",
        "Under `except ZeroDivisionError` append `None`. The loop then goes on by itself.",
    ),
)

SEARCHES = table(
    "name where which order slip",
    ("first_number", "In a long letter", "first", "texts", "reversed(texts)"),
    ("last_number", "In a long letter", "last", "reversed(texts)", "texts"),
    ("first_price", "On an old receipt", "first", "texts", "reversed(texts)"),
    ("last_score", "On a score sheet", "last", "reversed(texts)", "texts"),
    ("first_year", "In the notes of a family", "first", "texts", "reversed(texts)"),
)


def search(random: Random) -> dict[str, Any]:
    values = pick(random, SEARCHES)
    a, b, c = (str(number) for number in random.sample(range(2, 99), 3))
    junk = random.sample(("and", "of", "-", "x2", "four", ""), 2)
    odd = [*junk, a] if values["which"] == "first" else [a, *junk]
    return values | {"many": [a, b, c], "odd": odd, "junk": junk, "two": [c, a], "minus": ["-3"]}


SEARCH = family(
    search,
    key="the-one-that-works",
    title="The one that works",
    idea="Find the text in a list that can be read as a number.",
    concepts=["handling-errors", "raising-errors"],
    difficulty="medium",
    statement="""
        $where there are words and numbers. Somebody cut it into a list of short texts, one for each
        word. You need one number of it: the $which one. What is not a whole number is of no
        interest. Write `$name(texts)`. It returns the number as an integer. If there is none, that
        is an error, and your function must say so.
    """,
    promises=[
        Promise(
            says="It returns the $which whole number of the list",
            shown="$name($many)",
            wrong=("in $order:", "in $slip:"),
            because="there are several numbers, and the $which is wanted",
            hidden=("$name($two)",),
        ),
        Promise(
            says="Texts that are no whole numbers are passed over",
            shown="$name($odd)",
            wrong=("continue", "break"),
            because="try the next text",
        ),
        Promise(
            says="A list without any whole number is refused",
            shown="$name($junk)",
            wrong=('raise ValueError("there is no number")', "return None"),
            because="there is nothing to return",
            hidden=("$name([])", "$name(['7.5'])", "$name($minus)"),
        ),
    ],
    reference='''
        def $name(texts):
            """Return the $which whole number. Raises ValueError if there is none."""
            for text in $order:
                try:
                    return int(text)
                except ValueError:
                    continue
            raise ValueError("there is no number")
    ''',
    second="""
        def $name(texts):
            numbers = [int(text) for text in texts if text.removeprefix("-").isdigit()]
            if not numbers:
                raise ValueError("none")
            return numbers[0 if "$which" == "first" else -1]
    """,
    inputs="""(random.choices(["7", "-3", "15", "x", "no", "2.5"], k=random.randint(1, 6)),)""",
    hints=(
        "Try to return the first text as a number. What if that fails?",
        "Put `try` and `except` into the loop. A `return` leaves the loop at once.",
        "After the loop you know that no text worked. There you `raise ValueError`.",
    ),
)

FAMILIES = (READ, BILL, RATE, SEARCH)
