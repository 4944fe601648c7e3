"""Exercises on counting and grouping with a dictionary."""

from __future__ import annotations

from random import Random
from typing import Any

from coursewright.generator.bank.promise import Promise
from coursewright.generator.bank.written import family

VOTES = (
    {"what": "A class votes for the place of its next trip", "thing": "votes", "empty": "",
     "why": "An empty text means that somebody did not vote", "pool": "zoo lake farm castle"},
    {"what": "A cinema asks its guests for their favourite drink", "thing": "answers",
     "empty": "none", "why": 'The word `"none"` means that somebody drinks nothing',
     "pool": "tea cola water juice"},
    {"what": "A bird watcher writes down each bird that comes", "thing": "birds", "empty": "?",
     "why": "A question mark means that the bird was too fast", "pool": "robin crow finch owl"},
    {"what": "A library writes down the topic of each book that is lent", "thing": "books",
     "empty": "-", "why": "A dash means that the book has no topic",
     "pool": "history travel art music"},
)  # fmt: skip


def tally(random: Random) -> dict[str, Any]:
    values: dict[str, Any] = dict(random.choice(VOTES))
    a, b, c = random.sample(values["pool"].split(), 3)
    values |= {"a": a, "b": b, "c": c}
    return values


TALLY = family(
    tally,
    key="tally",
    title="Counting",
    idea="Count how often each text is in a list.",
    called="Counting $thing",
    concepts=["counting"],
    difficulty="easy",
    statement="""
        $what. All $thing are in one long list of texts, one after the other. You want to know
        how often each text is there. $why. It is not counted. Write a function that
        takes the list. It returns a dictionary. Each text that was counted is a key, and its
        value is how often it is in the list.
    """,
    promises=[
        Promise(
            says="Each text is counted as often as it is there",
            shown='tally(["$a", "$b", "$a"])',
            wrong=(".get(text, 0) + 1", ".get(text, 1)"),
            because="$a is there twice",
            hidden=('tally(["$c", "$c", "$c", "$c"])', 'tally(["$b", "$a", "$b", "$a", "$b"])'),
        ),
        Promise(
            says='The text `"$empty"` is not counted',
            shown='tally(["$b", "$empty", "$c"])',
            wrong=('if text != "$empty":', "if True:"),
            because="it does not stand for one of the $thing",
            hidden=(
                'tally(["$empty", "$c"])',
                'tally(["$empty", "$empty", "$a", "$empty"])',
                'tally(["$b", "$empty", "$empty"])',
            ),
        ),
        Promise(
            says="Without any $thing the dictionary is empty",
            shown="tally([])",
            wrong=("return counts", "return counts or None"),
            because="an empty dictionary, not `None`",
            hidden=("tally([])", 'tally(["$a"])', 'tally(["$c"])'),
        ),
    ],
    reference='''
        def tally(texts):
            """Return how often each text is in the list."""
            counts = {}
            for text in texts:
                if text != "$empty":
                    counts[text] = counts.get(text, 0) + 1
            return counts
    ''',
    second="""
        def tally(texts):
            kept = [text for text in texts if not text == "$empty"]
            return {text: kept.count(text) for text in kept}
    """,
    inputs="(random.choices(['$a', '$b', '$c', '$empty'], k=random.randint(0, 6)),)",
    hints=[
        "Start with an empty dictionary. What has to happen for each text of the list?",
        "`get` with 0 as its second value gives the count so far, also for a new text.",
        'If it is not `"$empty"`, set `counts[text]` to the count so far, plus 1.',
    ],
)


SHELVES = (
    {"what": "A shop sorts its films into boxes", "thing": "title",
     "pool": "alien arrival brazil big cars coco duel drive", "ends": "heat exit coco"},
    {"what": "A school makes a list of names for each door", "thing": "name",
     "pool": "anna ali ben bea carl cleo dan dora", "ends": "anna mia ben"},
    {"what": "A gardener sorts packets of seeds", "thing": "plant",
     "pool": "aster anise basil bean carrot cress dill daisy", "ends": "bean corn leek"},
    {"what": "An atlas has one page for each letter", "thing": "town",
     "pool": "aachen athens berlin bath cairo cork delhi dover", "ends": "paris tunis cork"},
)  # fmt: skip


def by_letter(random: Random) -> dict[str, Any]:
    values: dict[str, Any] = dict(random.choice(SHELVES))
    place, which = random.choice([(0, "first"), (-1, "last")])
    words = values["pool"].split()
    start = random.choice([0, 2, 4, 6])
    same, other = words[start : start + 2], words[(start + 3) % 8]
    if which == "last":
        *same, other = values["ends"].split()
    values |= {"place": place, "which": which, "a": same[1], "b": same[0], "c": other}
    cap = same[0][:-1] + same[0][-1].upper() if place else same[0].capitalize()
    values |= {"cap": cap, "shout": other.upper()}
    return values


BY_LETTER = family(
    by_letter,
    key="by-letter",
    title="One box for each letter",
    idea="Group texts by one of their letters.",
    concepts=["grouping"],
    difficulty="medium",
    statement="""
        $what. What counts is the $which letter of each $thing, and it does not matter whether
        it is small or large. Write a function that takes a list of texts, none of them empty.
        It returns a dictionary. Its keys are small letters. The value of each key is the list
        of all texts with this letter, just as they were written.
    """,
    promises=[
        Promise(
            says="Texts with the same $which letter are together, in the order of the list",
            shown='by_letter(["$a", "$c", "$b"])',
            wrong=("boxes[letter].append(text)", "boxes[letter].insert(0, text)"),
            because="the order of the list is kept",
            hidden=('by_letter(["$b", "$a", "$b"])', 'by_letter(["$c", "$a", "$b", "$c!$c"])'),
        ),
        Promise(
            says="Small and large letters go into the same box",
            shown='by_letter(["$cap"])',
            wrong=("text[$place].lower()", "text[$place]"),
            because="the key is a small letter",
            hidden=('by_letter(["$shout"])', 'by_letter(["QQ"])', 'by_letter(["Z"])'),
        ),
        Promise(
            says="Without any text there are no boxes",
            shown="by_letter([])",
            wrong=("return boxes", "return boxes or None"),
            because="an empty dictionary, not `None`",
            hidden=("by_letter([])", 'by_letter(["$a"])', 'by_letter(["$c"])'),
        ),
    ],
    reference='''
        def by_letter(texts):
            """Return a dictionary from each letter to its texts."""
            boxes = {}
            for text in texts:
                letter = text[$place].lower()
                if letter not in boxes:
                    boxes[letter] = []
                boxes[letter].append(text)
            return boxes
    ''',
    second="""
        def by_letter(texts):
            found = {}
            for text in texts:
                found.setdefault(text.casefold()[$place:][:1], []).append(text)
            return found
    """,
    inputs="([random.choice('abAB') + random.choice('xyXY') for _ in range("
    "random.randint(0, 5))],)",
    hints=[
        "Each value of the dictionary is a list. When does a new list have to be made?",
        "Work out the letter of a text. If it is not a key yet, put an empty list there.",
        "After that `if`, append the text to `boxes[letter]` in any case.",
    ],
)


RECORDS = (
    {"what": "A sports day has a list of results", "who": "team", "number": "points",
     "names": "red blue green"},
    {"what": "A shop has a list of sales", "who": "product", "number": "pieces",
     "names": "pen ruler glue"},
    {"what": "A charity has a list of gifts", "who": "town", "number": "coins",
     "names": "Bath Cork York"},
    {"what": "A farm has a list of harvests", "who": "field", "number": "bags",
     "names": "north south hill"},
)  # fmt: skip


def totals(random: Random) -> dict[str, Any]:
    values: dict[str, Any] = dict(random.choice(RECORDS))
    names = random.sample(values["names"].split(), 3)
    values |= dict(zip("abc", names, strict=True))
    values |= {"x": random.randint(2, 9), "y": random.randint(10, 20), "one": random.randint(1, 3)}
    return values


TOTALS = family(
    totals,
    key="totals",
    title="A total for each",
    idea="Add up numbers from a list of dictionaries.",
    called="A total for each $who",
    concepts=["counting", "looking-up"],
    difficulty="hard",
    statement="""
        $what. Each entry of the list is a dictionary of its own. It has the key `"$who"`, and
        most of the time the key `"$number"` too. Somebody was in a hurry: if the number is
        missing, it means $one. Write a function that takes the list. It returns a dictionary
        with the sum of the $number for each $who.
    """,
    promises=[
        Promise(
            says="The $number of each $who are added up",
            shown='totals([{"$who": "$a", "$number": $x}, {"$who": "$a", "$number": $y}])',
            wrong=("sums.get(name, 0) + number", "max(sums.get(name, 0), number)"),
            because="both entries count",
            hidden=(
                'totals([{"$who": "$a", "$number": 4}, {"$who": "$b", "$number": 5},'
                ' {"$who": "$a", "$number": 6}])',
                'totals([{"$who": "$c", "$number": 1}] * 4)',
            ),
        ),
        Promise(
            says="If the number is missing, it counts as $one",
            shown='totals([{"$who": "$b"}])',
            wrong=('"$number", $one)', '"$number", 0)'),
            because="no number means $one",
            hidden=('totals([{"$who": "$a"}, {"$who": "$b"}])', 'totals([{"$who": "$c"}])'),
        ),
        Promise(
            says="A number may be 0 as well, and then the $who is still there",
            shown='totals([{"$who": "$c", "$number": 0}])',
            wrong=("return sums", "return {name: one for name, one in sums.items() if one}"),
            because="a sum of 0 is a sum",
            hidden=(
                'totals([{"$who": "$a", "$number": 0}, {"$who": "$b", "$number": 7}])',
                'totals([{"$number": 0, "$who": "$b"}])',
            ),
        ),
    ],
    reference='''
        def totals(entries):
            """Return the sum for each $who."""
            sums = {}
            for entry in entries:
                name = entry["$who"]
                number = entry.get("$number", $one)
                sums[name] = sums.get(name, 0) + number
            return sums
    ''',
    second="""
        def totals(entries):
            found = {}
            for entry in entries:
                complete = {"$number": $one} | entry
                if complete["$who"] in found:
                    found[complete["$who"]] += complete["$number"]
                else:
                    found[complete["$who"]] = complete["$number"]
            return found
    """,
    inputs="""
        def inputs(random):
            for _ in range(300):
                entries = []
                for _ in range(random.randint(0, 4)):
                    entry = {"$who": random.choice(["$a", "$b"])}
                    if random.random() < 0.6:
                        entry["$number"] = random.randint(0, 9)
                    entries.append(entry)
                yield (entries,)
    """,
    hints=[
        "Each round of the loop gives you a small dictionary. What do you need from it?",
        "Use `get` twice: for the number that may be missing, and for the sum so far.",
        'Take the name with `entry["$who"]`. Then set its sum to the old sum plus the number.',
    ],
)


FAMILIES = (TALLY, BY_LETTER, TOTALS)
