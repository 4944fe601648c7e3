"""The shapes of what changed in a lesson."""

from __future__ import annotations

from coursewright.services.shapes import COUNT, TEXT, Schema, many, one_of, shape

COMPONENTS: dict[str, Schema] = {
    "CellDifference": shape(
        id=TEXT, kind=one_of("added", "removed", "changed", "moved"), role=TEXT, title=TEXT
    ),
    "VersionMessage": shape(version=COUNT, message=TEXT),
    "LessonChanges": shape(
        **{
            "from": COUNT,
            "to": COUNT,
            "messages": many("VersionMessage"),
            "cells": many("CellDifference"),
        }
    ),
}
