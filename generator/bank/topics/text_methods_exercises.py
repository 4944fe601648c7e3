"""Exercises on the methods of texts."""

from __future__ import annotations

from random import Random
from typing import Any

from coursewright.generator.bank.promise import Promise
from coursewright.generator.bank.written import family

MIRRORED = ("anna", "otto", "hannah", "bob", "eve", "ava", "elle")
NAMES = ("Mia", "Ben", "Lena", "Tom", "Ruth", "Carl", "Nora", "Paul")
SURNAMES = ("Moss", "Baker", "Stone", "Hill", "Frost", "Lake", "Wells", "Reed")
ORDERS = (
    ("{first[0]}. {last}", "an initial, a full stop, a space and the last name", "first"),
    ("{last} {first[0]}.", "the last name, a space, an initial and a full stop", "second"),
    ("{last}, {first[0]}.", "the last name, a comma, a space, an initial and a full stop", "third"),
    ("{first[0]} {last}", "an initial, a space and the last name", "fourth"),
)


def name_badge(random: Random) -> dict[str, Any]:
    form, words, _ = random.choice(ORDERS)
    given, other = random.sample(NAMES, 2)
    same, same2, same3 = random.sample(MIRRORED, 3)
    family, family2, family3 = random.sample(SURNAMES, 3)
    event = random.choice(["a summer school", "a chess club", "a city run", "a book fair"])
    return {
        "event": event,
        "words": words,
        "form": form,
        "given": given,
        "other": other,
        "family": family,
        "family2": family2,
        "family3": family3,
        "same": same,
        "same2": same2,
        "same3": same3,
        "title": same.capitalize(),
        "lower": family.lower(),
        "shout": family2.upper(),
    }


NAME_BADGE = family(
    name_badge,
    key="name-badge",
    title="Names on badges",
    idea="Tidy up two names and take an initial.",
    concepts=["string-methods", "indexing"],
    difficulty="easy",
    statement="""
        At $event, everyone gets a badge. People type in their first and their last name, and
        some of them are careless. Write a function that takes both names. It returns the text
        for the badge: $words. Only the first letter of each name is large. Spaces before and
        after a name are dropped. No name is empty.
    """,
    promises=[
        Promise(
            says="The initial is the first letter of the first name",
            shown='badge("$given", "$family")',
            wrong=("{first[0]}", "{first[-1].upper()}"),
            because="the first letter of $given",
            hidden=('badge("$other", "$family2")', 'badge("Zed", "$family3")'),
        ),
        Promise(
            says="Names are written with one large letter and small ones after it",
            shown='badge("$same", "$lower")',
            wrong=("last.strip().capitalize()", "last.strip()"),
            because="it does not matter how it was typed",
            hidden=('badge("$same2", "$shout")', 'badge("$same3", "mcKAY")'),
        ),
        Promise(
            says="Spaces around a name are dropped",
            shown='badge("  $title", "$family")',
            wrong=("first.strip()", "first"),
            because="the spaces are not part of the name",
            hidden=('badge(" $title ", "$family2")', 'badge("   Eve", "$family3")'),
        ),
    ],
    reference='''
        def badge(first, last):
            """Return the text for a badge."""
            first = first.strip().capitalize()
            last = last.strip().capitalize()
            return f"$form"
    ''',
    second="""
        def badge(first, last):
            start = first.lstrip()[:1].upper()
            rest = last.split()[0]
            name = rest[0].upper() + rest[1:].lower()
            return "$form".replace("{first[0]}", start).replace("{last}", name)
    """,
    inputs="random.choice(['anna', 'BOB', 'Mia', ' Eve', 'li ']),"
    " random.choice(['moss', 'Hill', 'REED', ' Lake ', 'mcKay'])",
    hints=[
        "Three things have to be done with the names. Which methods of a text do them?",
        "`strip` drops spaces at both ends, and `capitalize` makes one large letter.",
        "`first = first.strip().capitalize()` does both. Then `first[0]` is the initial.",
    ],
)


CODES = (
    {"what": "library card", "prefix": "LIB"}, {"what": "parking permit", "prefix": "P-"},
    {"what": "voucher", "prefix": "GIFT"}, {"what": "student card", "prefix": "S1"},
    {"what": "train ticket", "prefix": "RT"},
)  # fmt: skip


def code_check(random: Random) -> dict[str, Any]:
    values: dict[str, Any] = dict(random.choice(CODES))
    prefix = values["prefix"]
    size = len(prefix) + random.randint(4, 6)
    rest = size - len(prefix)
    tail = "".join(random.sample("123456789ABCDEF", rest))
    full = prefix + tail
    cases = {
        "good": full, "plain": prefix + "xyzuvw"[:rest], "nines": prefix + "9" * rest,
        "ones": prefix + "1" * rest,
        "long": full + "7", "short": full[:-1], "gap": full[:-2] + " 7", "gap2": full[:-1] + " ",
        "other": "XY" + full[2:], "lower": "x" + full[1:], "zeros": "0" * size,
        "digits": "123456789012"[:size],
        "blank": prefix + " " * rest,
    }  # fmt: skip
    return values | cases | {"n": size, "k": rest, "start": len(prefix)}


CODE_CHECK = family(
    code_check,
    key="code-check",
    title="Is the code right?",
    idea="Check the length and the parts of a code.",
    concepts=["string-methods", "searching"],
    difficulty="medium",
    statement="""
        Each $what has a code. A right code begins with `"$prefix"`, it is $n characters long,
        and there is no space in it. Small and large letters may follow, digits too. Write a
        function that takes a text. It returns `True` if the text is a right code and `False`
        if it is not.
    """,
    promises=[
        Promise(
            says="Right codes are accepted, with small letters too",
            shown='is_code("$plain")',
            wrong=('and " " not in text', 'and " " not in text and text == text.upper()'),
            because="letters may be small",
            hidden=('is_code("$good")', 'is_code("$nines")', 'is_code("$ones")'),
        ),
        Promise(
            says="A code of another length is refused",
            shown='is_code("$long")',
            wrong=("len(text) == $n and ", ""),
            because="it must be $n characters long",
            hidden=('is_code("$short")', 'is_code("$prefix")', 'is_code("$good$good")'),
        ),
        Promise(
            says='A code that does not begin with `"$prefix"` is refused',
            shown='is_code("$other")',
            wrong=('text.startswith("$prefix") and ', ""),
            because="the beginning is wrong",
            hidden=(
                'is_code("$lower")',
                'is_code("$zeros")',
                'is_code("$digits")',
            ),
        ),
        Promise(
            says="A code with a space in it is refused",
            shown='is_code("$gap")',
            wrong=(' and " " not in text', ""),
            because="spaces are not allowed",
            hidden=('is_code("$gap2")', 'is_code("$blank")'),
        ),
    ],
    reference='''
        def is_code(text):
            """Return whether this text is a right code."""
            return len(text) == $n and text.startswith("$prefix") and " " not in text
    ''',
    second="""
        def is_code(text):
            if text[:$start] != "$prefix":
                return False
            if text.count(" ") > 0:
                return False
            return len(text) == $n
    """,
    inputs="""
        def inputs(random):
            for _ in range(300):
                letters = random.choice(["1Z", "a1Z "])
                tail = "".join(random.choices(letters, k=random.randint($k - 1, $k + 1)))
                yield (random.choice(["$prefix", "$prefix", "QQ"]) + tail,)
    """,
    hints=[
        "There are three rules. Which of them can you check with a method of the text?",
        "`startswith` looks at the beginning, `len` counts, and `not in` looks for a space.",
        "Join three conditions with `and`. The first one is `len(text) == $n`.",
    ],
)


IGNORED = (
    {"sign": " ", "called": "spaces", "a": "nurses run", "b": "top spot", "c": "step on no pets"},
    {"sign": "-", "called": "hyphens", "a": "top-spot", "b": "never-odd-or-even", "c": "no-on"},
    {"sign": ",", "called": "commas", "a": "nurses,run", "b": "step,on,no,pets", "c": "was,saw"},
    {"sign": ".", "called": "full stops", "a": "top.spot", "b": "n.oo.n", "c": "r.a.d.a.r."},
)  # fmt: skip


def mirror(random: Random) -> dict[str, Any]:
    values = random.choice(IGNORED) | dict(zip("uvw", random.sample(MIRRORED, 3), strict=True))
    values |= {"cap": values["u"].capitalize(), "cap2": values["v"].capitalize()}
    values |= {"w1": random.choice(["abca", "noon"[:3] + "en", "radiar"]), "shout": "Level"}
    return values


MIRROR = family(
    mirror,
    key="mirror",
    title="Words in a mirror",
    idea="Find out whether a text reads the same backwards.",
    concepts=["string-methods", "slicing"],
    difficulty="medium",
    statement="""
        Some texts read the same from both ends, such as `"$u"`. In a puzzle magazine you look
        for texts of this kind. It does not matter whether a letter is small or large, and
        $called do not count at all. Write a function that takes a text. It returns `True` if
        the text reads the same from both ends, and `False` if it does not. A text without
        characters reads the same too.
    """,
    promises=[
        Promise(
            says="All characters have to agree, not only the outer ones",
            shown='reads_the_same("$w1")',
            wrong=("plain == plain[::-1]", "plain[:1] == plain[-1:]"),
            because="look at the letters in the middle",
            hidden=(
                'reads_the_same("$u")',
                'reads_the_same("xabbcx")',
                'reads_the_same("ab")',
                'reads_the_same("")',
                'reads_the_same("q")',
            ),
        ),
        Promise(
            says="Small and large letters count as the same",
            shown='reads_the_same("$cap")',
            wrong=(".lower()", ""),
            because="the first letter is only larger",
            hidden=('reads_the_same("$cap2")', 'reads_the_same("$shout")'),
        ),
        Promise(
            says="There may be $called anywhere in the text",
            shown='reads_the_same("$a")',
            wrong=('.replace("$sign", "")', ""),
            because="$called do not count",
            hidden=(
                'reads_the_same("$b")',
                'reads_the_same("$c")',
                'reads_the_same("$v$sign")',
            ),
        ),
    ],
    reference='''
        def reads_the_same(text):
            """Return whether a text reads the same from both ends."""
            plain = text.lower().replace("$sign", "")
            return plain == plain[::-1]
    ''',
    second="""
        def reads_the_same(text):
            kept = [one.upper() for one in text if one != "$sign"]
            while len(kept) > 1:
                if kept.pop() != kept.pop(0):
                    return False
            return True
    """,
    inputs="(''.join(random.choices('aaabA$sign', k=random.randint(0, 5))),)",
    hints=[
        "Tidy the text up first, and give the result a name. Then compare it with something.",
        "`lower` and `replace` tidy up. A slice with the step -1 reads a text backwards.",
        "`plain[::-1]` is the text read backwards. Return whether it is equal to `plain`.",
    ],
)


FAMILIES = (NAME_BADGE, CODE_CHECK, MIRROR)
