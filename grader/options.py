"""The options that every command which grades has: limits, and a file to take them from."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from traitlets import TraitError, Unicode, default
from traitlets.config import Application

from coursewright.grader.limits import GradingLimits, Limits
from coursewright.records.errors import Invalid


class GradingApp(Application):
    """A command that grades."""

    classes = [GradingLimits]
    raise_config_file_errors = True
    config_file = Unicode(
        config=True, help="A file of settings (.py or .json); default: COURSEWRIGHT_CONFIG."
    )
    aliases = {
        "config": "GradingApp.config_file",
        **{name.replace("_", "-"): f"GradingLimits.{name}" for name in GradingLimits.names()},
    }

    @default("config_file")
    def _default_config_file(self) -> str:
        return os.environ.get("COURSEWRIGHT_CONFIG", "")

    def initialize(self, argv: Any = None) -> None:
        """The command line wins over the file. Raises Invalid when the file cannot be used."""
        super().initialize(argv)
        if not self.config_file:
            return
        path = Path(self.config_file)
        if path.suffix not in (".py", ".json") or not os.access(path, os.R_OK):
            raise Invalid(f"The settings {path} cannot be read, or are neither .py nor .json.")
        try:
            self.load_config_file(path.name, str(path.absolute().parent))
        except Exception as error:  # noqa: BLE001 (a file of Python may raise anything)
            raise Invalid(f"The settings {path} cannot be used: {error}") from None

    def limits(self) -> Limits:
        """Raises Invalid where one of them cannot work."""
        try:
            return GradingLimits(parent=self).limits()
        except TraitError as error:
            raise Invalid(str(error)) from None
