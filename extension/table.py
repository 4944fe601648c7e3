"""Every route of the extension: each module of handlers brings its own."""

from __future__ import annotations

from coursewright.extension import routes, safety, standing
from coursewright.extension.handler import PanelHandler

Routes = list[tuple[str, type[PanelHandler]]]

MODULES = (routes, safety, standing)
ROUTES: Routes = [route for module in MODULES for route in module.ROUTES]
