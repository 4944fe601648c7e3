"""The JSON shapes of question banks and of what answers say about questions."""

from __future__ import annotations

from coursewright.grader.item_statistics import FLAGS
from coursewright.records.bank_tables import DIFFICULTIES
from coursewright.records.course import KINDS
from coursewright.services.shapes import (
    COUNT,
    NUMBER,
    TEXT,
    TIME,
    Schema,
    many,
    maybe,
    one_of,
    ref,
    shape,
)

FLAG: Schema = {"type": "boolean"}
TEXTS: Schema = {"type": "array", "items": TEXT}
SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
DIFFICULTY = maybe(one_of(*DIFFICULTIES))
WHOSE = one_of("course", "mine")

OPTION: Schema = {
    "type": "object",
    "properties": {"text": TEXT, "correct": maybe(FLAG), "why": TEXT},
    "required": ["text"],
    "additionalProperties": False,
}
CONTENT: Schema = {
    "type": "object",
    "properties": {
        "key": TEXT,
        "kind": one_of(*KINDS),
        "prompt": TEXT,
        "options": {"type": "array", "items": OPTION, "maxItems": 100},
        "answer": {"anyOf": [{"type": "null"}, TEXT, NUMBER]},
        "tolerance": NUMBER,
        "relative": NUMBER,
        "code": TEXT,
        "accepted": TEXTS,
        "explanation": TEXT,
        "points": NUMBER,
        "concepts": TEXTS,
    },
    "required": ["kind", "prompt"],
    "additionalProperties": False,
}
SENT: Schema = {
    "type": "object",
    "properties": {"question": ref("BankContent"), "difficulty": DIFFICULTY, "version": COUNT},
    "required": ["question"],
    "additionalProperties": False,
}
ENTRY = {
    "id": COUNT,
    "whose": WHOSE,
    "version": COUNT,
    "question": ref("BankContent"),
    "difficulty": DIFFICULTY,
    "archived": FLAG,
    "changed_at": TIME,
}

COMPONENTS: dict[str, Schema] = {
    "BankContent": CONTENT,
    "BankQuestionSent": SENT,
    "BankQuestion": shape(**ENTRY),
    "BankChange": shape(
        version=COUNT,
        by=maybe(TEXT),
        at=TIME,
        question=ref("BankContent"),
        difficulty=DIFFICULTY,
    ),
    "BankQuestionWithHistory": shape(**ENTRY, history=many("BankChange")),
    "Bank": shape(
        questions=many("BankQuestion"),
        concepts={"type": "object", "additionalProperties": COUNT},
        after=maybe(COUNT),
    ),
    "BankArchived": shape(archived=FLAG),
    "BankCopied": shape(to=WHOSE),
    "BankDocument": shape(
        questions={
            "type": "array",
            "maxItems": 2000,
            "items": {
                "type": "object",
                "properties": {"question": ref("BankContent"), "difficulty": DIFFICULTY},
                "required": ["question"],
                "additionalProperties": False,
            },
        }
    ),
    "BankImportSent": {
        "oneOf": [ref("BankDocument"), shape(csv={"type": "string", "maxLength": 5_000_000})]
    },
    "BankImported": shape(added=COUNT, known=COUNT),
    "ItemChoice": shape(text=TEXT, right=FLAG, count=COUNT, share=SHARE, upper=COUNT, lower=COUNT),
    "ItemStatistics": shape(
        source=one_of("bank", "lesson"),
        place=TEXT,
        key=TEXT,
        kind=one_of(*KINDS),
        prompt=TEXT,
        concepts=TEXTS,
        answers=COUNT,
        left_out=COUNT,
        difficulty=maybe(SHARE),
        discrimination=maybe({"type": "number", "minimum": -1, "maximum": 1}),
        seconds=maybe(NUMBER),
        choices=many("ItemChoice"),
        flags={"type": "array", "items": one_of(*FLAGS)},
    ),
    "ItemAnalysis": shape(questions=many("ItemStatistics"), after=maybe(COUNT)),
}
