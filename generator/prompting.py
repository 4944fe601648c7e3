"""What a model is told: instructions from prompts/*.md, and material that is marked as data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import BaseModel

from coursewright.generator.replies import plain

# Characters of one piece of material; what is longer is cut, and says so.
LONGEST = 60_000


@cache
def instructions(name: str) -> str:
    """The text of prompts/`name`.md."""
    place = files("coursewright.generator") / "prompts" / f"{name}.md"
    return place.read_text("utf-8").strip()


def rules(name: str) -> str:
    """The rules of a piece without its heading, to stand within another's instructions."""
    return instructions(name).partition("\n\n")[2]


def prompt(name: str, material: Mapping[str, Any], **values: Any) -> str:
    """The instructions of a piece, then its material, each part between two marks."""
    told = instructions(name)
    return f"{told.format(**values) if values else told}\n\n{marked(material)}"


def marked(material: Mapping[str, Any]) -> str:
    """The parts between marks that carry a digest of them all.

    Nobody can write a text that holds its own digest, so no material can close its mark and go on
    as an instruction; and the same material is marked the same way when a run goes on.
    """
    texts = {name: _text(part) for name, part in material.items() if part not in ("", None)}
    code = hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:32]
    return "\n\n".join(f"<<<{name} {code}\n{text}\n{code}>>>" for name, text in texts.items())


def _text(part: Any) -> str:
    if isinstance(part, BaseModel):
        text = part.model_dump_json(indent=1)
    elif isinstance(part, str):
        text = part
    else:
        text = json.dumps(part, ensure_ascii=False, indent=1)
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}\n[cut after {LONGEST} characters]"
    return plain(text).strip("\n")
