"""The JSON shapes of source courses: what authors edit, check and publish."""

from __future__ import annotations

from coursewright.records.course import LEVELS
from coursewright.services.routes import KEY
from coursewright.services.shapes import (
    COUNT,
    TEXT,
    TIME,
    Schema,
    many,
    maybe,
    one_of,
    paged,
    ref,
    shape,
)

NAME: Schema = {"type": "string", "pattern": f"^{KEY}$", "maxLength": 60}
TITLE: Schema = {"type": "string", "maxLength": 300}
TEXTS: Schema = {"type": "array", "items": TEXT}
OBJECT: Schema = {"type": "object"}


def some(required: tuple[str, ...], **properties: Schema) -> Schema:
    """An object with these properties, of which only the required ones must be there."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


COMPONENTS: dict[str, Schema] = {
    "SourceLesson": some(("key", "title"), key=NAME, title=TITLE, minutes=COUNT, objectives=TEXTS),
    "SourceModule": shape(key=NAME, title=TITLE, lessons=many("SourceLesson")),
    "SourceAbout": some(
        ("key", "title", "modules"),
        key=NAME,
        title=TITLE,
        summary=TEXT,
        level=one_of(*LEVELS),
        language=TEXT,
        objectives=TEXTS,
        prerequisites=TEXTS,
        modules=many("SourceModule"),
    ),
    "SourceCell": {
        "type": "object",
        "properties": {
            "id": TEXT,
            "cell_type": one_of("code", "markdown", "raw"),
            "source": {"anyOf": [TEXT, TEXTS]},
            "metadata": {
                "type": "object",
                "properties": {
                    "coursewright": OBJECT,
                    "nbgrader": {
                        "type": "object",
                        "properties": {
                            "grade_id": TEXT,
                            "points": {"type": ["number", "null"]},
                        },
                    },
                },
            },
            "outputs": {"type": "array", "items": OBJECT},
            "execution_count": {"type": ["integer", "null"]},
            "attachments": {"type": ["object", "null"]},
        },
        "required": ["id", "cell_type", "source", "metadata"],
    },
    "SourceNotebook": {
        "type": "object",
        "description": "A source notebook, nbformat 4.5, with solutions and hidden tests",
        "properties": {
            "nbformat": COUNT,
            "nbformat_minor": COUNT,
            "metadata": OBJECT,
            "cells": many("SourceCell"),
        },
        "required": ["nbformat", "nbformat_minor", "metadata", "cells"],
    },
    "Source": shape(
        course=ref("SourceAbout"),
        notebooks={"type": "object", "additionalProperties": ref("SourceNotebook")},
    ),
    "VersionSource": shape(
        version=maybe(COUNT),
        course=ref("SourceAbout"),
        notebooks={"type": "object", "additionalProperties": ref("SourceNotebook")},
    ),
    "Version": shape(
        number=COUNT, message=TEXT, published_by=maybe(TEXT), published_at=TIME, lessons=COUNT
    ),
    "Versions": paged(versions=many("Version")),
    "PreviewSent": shape(lesson=NAME, notebook=ref("SourceNotebook")),
    "Preview": shape(notebook=ref("Notebook")),
}
