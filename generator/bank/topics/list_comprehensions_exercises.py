"""Exercises on comprehensions that build a new list or dictionary."""

from __future__ import annotations

from random import Random
from typing import Any

from coursewright.generator.bank.promise import Promise
from coursewright.generator.bank.written import family, pick, table

STOCKS = table(
    "name who values value",
    ("new_prices", "A shop changes its prices", "prices", "price"),
    ("new_scores", "A club changes the scores of a game", "scores", "score"),
    ("new_lengths", "A carpenter cuts some planks again", "lengths", "length"),
    ("new_wages", "A firm changes what it pays in an hour", "wages", "wage"),
)
SIDES = table(
    "sign strict far left_out",
    (">=", ">", "below", "Numbers below $limit are left out, and $limit itself stays"),
    ("<=", "<", "above", "Numbers above $limit are left out, and $limit itself stays"),
)
CHANGES = table(
    "change words",
    ("{} * $by", "multiplied by $by"),
    ("{} + $by", "made larger by $by"),
    ("{} - $by", "made smaller by $by"),
)


def stock(random: Random) -> dict[str, Any]:
    values = pick(random, STOCKS, SIDES, CHANGES)
    limit, by = random.randint(10, 40), random.randint(2, 6)
    out = -1 if values["sign"] == ">=" else 1
    change = values["change"].replace("$by", str(by))
    return values | {
        "limit": limit,
        "left_out": values["left_out"].replace("$limit", str(limit)),
        "words": values["words"].replace("$by", str(by)),
        "change": change.format(values["value"]),
        "slip": change.format(limit),
        "edge": [limit, limit + out],
        "inside": [limit - 5 * out, limit - 2 * out],
        "outside": [limit + out, limit + 4 * out],
        "one_out": [limit + 2 * out],
    }


KEEP = family(
    stock,
    key="keep-and-change",
    title="Keep some, change them",
    idea="Build a list of some numbers of another list, each of them changed.",
    concepts=["list-comprehensions"],
    difficulty="easy",
    statement="""
        $who. The old $values are whole numbers in a list. Some of them are dropped, and all the
        others are $words. Write `$name($values)`. It returns a new list of the new $values, in the
        same order as before. It does not touch the old list, as that is needed for the books. Look
        closely at the number $limit.
    """,
    promises=[
        Promise(
            says="$left_out",
            shown="$name($edge)",
            wrong=("$value $sign $limit", "$value $strict $limit"),
            because="look at the limit again",
        ),
        Promise(
            says="Every number that stays is $words",
            shown="$name($inside)",
            wrong=("[$change for", "[$slip for"),
            because="change each number by itself",
        ),
        Promise(
            says="The list that was given is not changed",
            shown="$name($outside)",
            wrong=(
                "    return",
                "    $values[:] = [one for one in $values if one $sign $limit]\n    return",
            ),
            because="build a new list",
            hidden=("$name($one_out)",),
            keeps=True,
        ),
    ],
    reference='''
        def $name($values):
            """Return a new list: the $values that stay, $words."""
            return [$change for $value in $values if $value $sign $limit]
    ''',
    second="""
        def $name($values):
            result = []
            for $value in $values:
                if not ($value $strict $limit or $value == $limit):
                    continue
                result.append($change)
            return result
    """,
    inputs="(random.choices(range($limit - 4, $limit + 5), k=random.randint(0, 5)),)",
    hints=(
        "How would you write this with a loop and `append`?",
        "A list comprehension has three parts here: what to put in, `for`, and `if`.",
        "Begin with the condition: which comparison keeps $limit itself?",
    ),
)

INDEXES = table(
    "name who words word",
    ("index", "A teacher makes a list of new words", "words", "word"),
    ("cards", "Two friends make cards for a word game", "terms", "term"),
    ("vocabulary", "A pupil writes down the new words of a lesson", "words", "word"),
    ("rare_words", "A writer collects words that she likes", "ideas", "idea"),
)
MEASURES = table(
    "measure says",
    ("len({})", "number of its letters"),
    ("{}.upper()", "same word in capital letters"),
    ("{}[::-1]", "same word written backwards"),
    ('{}.count("a")', "number of times that the letter a is in it"),
)


def index(random: Random) -> dict[str, Any]:
    values, limit = pick(random, INDEXES, MEASURES), random.randint(3, 5)
    short, exact, long, longest = (
        random.choice(words)
        for words in (
            ("ox", "al", "um"),
            {3: ("oak", "ash"), 4: ("palm", "oats"), 5: ("maple", "apple")}[limit],
            ("banana", "papaya", "cabana"),
            ("cardamom", "marzipan", "macadamia"),
        )
    )
    return values | {
        "limit": limit,
        "entry": values["measure"].format(values["word"]),
        "slip": values["measure"].format(f"{values['word']}[:{limit}]"),
        "edge": [short, exact],
        "long": [long, longest],
        "short": [short],
    }


INDEX = family(
    index,
    key="words-to-look-up",
    title="Words to look up",
    idea="Build a dictionary from a list of words.",
    concepts=["dictionary-comprehensions"],
    difficulty="medium",
    statement="""
        $who. There is a list of words, all in small letters. It is to become a dictionary, so that
        one can look things up. Short words are of no use: a word counts only if it has at least
        $limit letters. Write `$name($words)`. In the dictionary that it returns, the keys are the
        words that count. The value of each word is the $says.
    """,
    promises=[
        Promise(
            says="The keys are the words with at least $limit letters",
            shown="$name($edge)",
            wrong=("len($word) >= $limit", "len($word) > $limit"),
            because="$limit letters are enough",
        ),
        Promise(
            says="The value of each word is the $says",
            shown="$name($long)",
            wrong=("{$word: $entry for", "{$word: $slip for"),
            because="look at the whole word",
        ),
        Promise(
            says="If no word counts, the dictionary is empty",
            shown="$name([])",
            wrong=(">= $limit}", ">= $limit} or None"),
            because="an empty dictionary, and not nothing",
            hidden=("$name($short)",),
        ),
    ],
    reference='''
        def $name($words):
            """Return a dictionary of the words that count."""
            return {$word: $entry for $word in $words if len($word) >= $limit}
    ''',
    second="""
        def $name($words):
            result = {}
            for $word in $words:
                if $word[$limit - 1 :]:
                    result[$word] = $entry
            return result
    """,
    inputs="""(random.choices(
            ["ox", "oak", "palm", "maple", "banana", "cardamom", "a", "ash"],
            k=random.randint(0, 4),
        ),)""",
    hints=(
        "How does a dictionary comprehension differ from one for a list?",
        "Before `for` stand two things with a colon between them: the key and the value.",
        "The condition comes last: `if len(...) >= ...`. All of it stands in curly brackets.",
    ),
)

COUPLES = table(
    "name who sign example",
    ("matches", "In a league every team plays at the home of every other team", " - ", "teams"),
    ("outfits", "A theatre tries out shirts and trousers in some colours", " on ", "colours"),
    ("trips", "A bus company tests its lines between some towns", " to ", "towns"),
    ("scoops", "An ice cream shop sells two scoops in one cup", " with ", "flavours"),
)


def couples(random: Random) -> dict[str, Any]:
    a, b, c, d = random.sample(("red", "blue", "mint", "lime", "rose", "plum", "gold"), 4)
    return pick(random, COUPLES) | {
        "one": [a],
        "three": [b, c, d],
        "two": [b, a],
        "more": [d, c],
        "same": [a, b],
        "twin": [a],
    }


COUPLE = family(
    couples,
    key="each-with-each",
    title="Each with each",
    idea="Put every entry of one list together with every entry of another one.",
    concepts=["list-comprehensions", "nested-loops"],
    difficulty="medium",
    statement="""
        $who. There are two lists of $example. Every entry of the first list is put together with
        every entry of the second one, but nothing is put together with itself. Write
        `$name(first, second)`. It returns a list of texts. Each text is the entry of the first
        list, then `$sign` (with a space before and behind), then the entry of the second list.
    """,
    promises=[
        Promise(
            says="Every entry of `first` comes with every entry of `second`",
            shown="$name($one, $three)",
            wrong=("in second if", "in second[:2] if"),
            because="do not forget any of them",
            hidden=("$name([], $two)", "$name($two, [])"),
        ),
        Promise(
            says="First come all texts with the first entry of `first`, then those with the next",
            shown="$name($two, $more)",
            wrong=(
                "for one in first for two in second if",
                "for two in second for one in first if",
            ),
            because="the order is not the right one",
        ),
        Promise(
            says="No entry is put together with itself",
            shown="$name($same, $twin)",
            wrong=(" if one != two", ""),
            because="both parts are the same here",
            hidden=("$name($twin, $twin)",),
        ),
    ],
    reference='''
        def $name(first, second):
            """Return a text for each entry of `first` with each entry of `second`."""
            return [f"{one}$sign{two}" for one in first for two in second if one != two]
    ''',
    second="""
        def $name(first, second):
            result = []
            for one in first:
                for two in second:
                    if one == two:
                        continue
                    result.append("$sign".join([one, two]))
            return result
    """,
    inputs="tuple(random.sample('abcde', random.randint(0, 3)) for _ in range(2))",
    hints=(
        "How many loops would you need, and which one is the outer one?",
        "A comprehension may have two `for` parts. The first one is the outer loop.",
        "Write `for ... in first for ... in second if ...`, and an f-string before it.",
    ),
)

NOTES = table(
    "name who thing",
    ("number_lines", "A cook writes down the steps of a recipe", "step"),
    ("ranking", "A judge writes down who came in, one after the other", "name"),
    ("agenda", "A club collects what it wants to talk about", "point"),
    ("chapters", "A writer collects the titles of her chapters", "title"),
)
MARKS = table("mark words", (".", "a point"), (":", "a colon"), (")", "a round bracket"))


def notes(random: Random) -> dict[str, Any]:
    a, b, c = random.sample(("tea", "rice", "salt", "corn", "soup", "milk"), 3)
    return pick(random, NOTES, MARKS) | {
        "start": random.choice((1, 1, 10, 100)),
        "plain": [a, b],
        "blank": ["", c, "  "],
        "wide": [f"  {a} "],
        "more": [f"{b} and {c}  "],
    }


NUMBER = family(
    notes,
    key="number-the-lines",
    title="Numbers in front",
    idea="Clean a list of lines, and put a number in front of each.",
    concepts=["list-comprehensions", "enumerate"],
    difficulty="medium",
    statement="""
        $who. That makes a list of lines, and each line is one $thing. The lines come as they were
        typed in: some are empty, and some have spaces before or behind the words. Now each $thing
        gets a number. Write `$name(lines)`. It returns a new list of texts. Each text is the
        number, $words, one space and then the line.
    """,
    promises=[
        Promise(
            says="The lines are numbered in their order, and the first number is $start",
            shown="$name($plain)",
            wrong=('f"{number}', 'f"{$start}'),
            because="each line has the next number",
            hidden=("$name([])",),
        ),
        Promise(
            says="Lines without any word are left out, and have no number",
            shown="$name($blank)",
            wrong=(" if line.strip()]", "]"),
            because="two of these lines are empty",
        ),
        Promise(
            says="Spaces before and behind a line are taken away",
            shown="$name($wide)",
            wrong=("[line.strip() for", "[line for"),
            because="the spaces around are not wanted",
            hidden=("$name($more)",),
        ),
    ],
    reference='''
        def $name(lines):
            """Return the lines that hold words, each with its number in front."""
            kept = [line.strip() for line in lines if line.strip()]
            return [f"{number}$mark {line}" for number, line in enumerate(kept, $start)]
    ''',
    second="""
        def $name(lines):
            result = []
            for line in lines:
                words = line.strip()
                if words:
                    result.append(str(len(result) + $start) + "$mark " + words)
            return result
    """,
    inputs="(random.choices(['tea', ' rice', 'salt ', '', '  '], k=random.randint(0, 4)),)",
    hints=(
        "Do it in two steps: first clean the list, then number it.",
        "An empty text counts as false, so `if line.strip()` leaves it out.",
        "`enumerate(kept, $start)` gives each line together with its number.",
    ),
)

FAMILIES = (KEEP, INDEX, COUPLE, NUMBER)
