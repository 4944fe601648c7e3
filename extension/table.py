"""Every route of the extension: each module of handlers brings its own."""

from __future__ import annotations

from coursewright.extension import activity, classroom, routes, standing
from coursewright.extension.handler import PanelHandler

Routes = list[tuple[str, type[PanelHandler]]]

MODULES = (routes, standing, activity, classroom)
ROUTES: Routes = [route for module in MODULES for route in module.ROUTES]
