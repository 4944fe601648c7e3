"""Quiz items on strings."""

from __future__ import annotations

from random import Random

from coursewright.generator.bank.ask import Choice, choose, count, prints
from coursewright.generator.bank.family import QuizFamily
from coursewright.generator.drafts import QuestionDraft

WORDS = ("garden", "planet", "basket", "silver", "monkey", "winter", "python", "orange")
PLACES = "Places are counted from 0, and negative places are counted from the end."
SLICES = "A slice begins at its first place and ends before its second one."
SAME = "A method never changes the text itself, it returns a new one."
FIND = "`find` tells the place where a piece begins, or -1 if it is not there."
EVERY = "Spaces and signs are characters like any other, so `len` counts them too."


def places(random: Random) -> QuestionDraft:
    first, last = random.sample(range(1, 5), 2)
    return prints(
        key="places-in-a-text",
        code='word = "$word"\nprint(word[0])\nprint(word[$i])\nprint(word[-$j])',
        explanation="The first character has place 0, the last one place -1.",
        concepts=["indexing"],
        evidence=PLACES,
        values={"word": random.choice(WORDS), "i": first, "j": last},
    )


def slices(random: Random) -> QuestionDraft:
    start = random.randint(1, 2)
    return prints(
        key="pieces-of-a-text",
        code='word = "$word"\nprint(word[$i:$j])\nprint(word[:$i])\nprint(word[$j:])',
        explanation="The character at the second place is not part of the slice.",
        concepts=["slicing"],
        evidence=SLICES,
        values={"word": random.choice(WORDS), "i": start, "j": start + random.randint(2, 3)},
    )


def last_ones(random: Random) -> QuestionDraft:
    word, k = random.choice(WORDS), random.choice([2, 4])
    options = {
        "word[-$k:]": "It begins $k places before the end and goes on to the end.",
        "word[:-$k]": "This is all but the last $k characters.",
        "word[:$k]": "These are the first $k characters.",
        "word[$k:]": "This leaves out the first $k characters.",
        "word[-$k]": "Without a colon, it is one character only.",
    }
    return choose(
        random,
        key="the-last-characters",
        prompt='Given `word = "$word"`. Which expression gives `"$goal"`?',
        choices=[
            Choice(f"`{piece}`", why, f"(lambda word: {piece} == '$goal')('$word')")
            for piece, why in options.items()
        ],
        explanation="A slice from a negative place goes from there to the end.",
        concepts=["slicing", "indexing"],
        evidence=SLICES,
        values={"word": word, "k": k, "goal": word[-k:]},
    )


def unchanged(random: Random) -> QuestionDraft:
    method = random.choice(["upper()", 'replace("a", "o")', "capitalize()"])
    return prints(
        key="methods-return-new-texts",
        code='name = "$name"\nname.$method\nprint(name)\nname = name.$method\nprint(name)',
        explanation="In the second line, nobody keeps the new text. The fourth line keeps it.",
        concepts=["string-methods"],
        evidence=SAME,
        values={"name": random.choice(["anna", "clara", "dana", "hanna"]), "method": method},
    )


def where(random: Random) -> QuestionDraft:
    word = random.choice(WORDS)
    return count(
        key="where-is-the-letter",
        prompt='What does `"$word".find("$letter")` give?',
        decides='print("$word".find("$letter"))',
        explanation="The first character has place 0. What is not there has place -1.",
        concepts=["searching"],
        evidence=FIND,
        values={"word": word, "letter": random.choice([*word[1:5], "q"])},
    )


def length(random: Random) -> QuestionDraft:
    phrase = random.choice(
        ["a cup of tea", "see you at 5!", "no, thank you", "up and down", "red, blue"]
    )
    return count(
        key="how-long-is-it",
        prompt='What does `len("$phrase")` give?',
        decides='print(len("$phrase"))',
        explanation="Letters, spaces and signs: each of them counts one.",
        concepts=["indexing"],
        evidence=EVERY,
        values={"phrase": phrase},
    )


def true_of_text(random: Random) -> QuestionDraft:
    word = random.choice(["banana", "ananas", "cabana", "havana"])
    return choose(
        random,
        key="true-of-a-text",
        prompt='Given `word = "$word"`. Which are true? Choose all that are.',
        choices=[
            Choice('`"an" in word`', "The piece is there.", "'an' in '$word'"),
            Choice('`word.startswith("$start")`', "It begins like this.",
                   "'$word'.startswith('$start')"),
            Choice('`word == word.upper()`', "Small letters differ from large ones.",
                   "'$word' == '$word'.upper()"),
            Choice('`word.count("a") == 2`', "There are three in this word.",
                   "'$word'.count('a') == 2"),
        ],
        explanation="`in` looks anywhere, `startswith` at the beginning, `count` counts.",
        concepts=["searching", "string-methods"],
        evidence=FIND,
        several=True,
        values={"word": word, "start": word[:2]},
    )  # fmt: skip


QUIZZES = (
    QuizFamily("places-in-a-text", ("indexing",), places),
    QuizFamily("pieces-of-a-text", ("slicing",), slices),
    QuizFamily("the-last-characters", ("slicing", "indexing"), last_ones),
    QuizFamily("methods-return-new-texts", ("string-methods",), unchanged),
    QuizFamily("where-is-the-letter", ("searching",), where),
    QuizFamily("how-long-is-it", ("indexing",), length),
    QuizFamily("true-of-a-text", ("searching", "string-methods"), true_of_text),
)
