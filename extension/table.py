"""Every route of the extension: each module of handlers brings its own."""

from __future__ import annotations

from coursewright.extension import (
    activity,
    authoring,
    classroom,
    diffs,
    generations,
    handouts,
    hints,
    quizzes,
    routes,
    safety,
    standing,
    versions,
)
from coursewright.extension.handler import PanelHandler

Routes = list[tuple[str, type[PanelHandler]]]

MODULES = (
    activity,
    authoring,
    classroom,
    diffs,
    generations,
    handouts,
    hints,
    quizzes,
    routes,
    safety,
    standing,
    versions,
)
ROUTES: Routes = [route for module in MODULES for route in module.ROUTES]
