"""The author's desk, in a real browser: from a request to a published course."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

PICTURES = Path("test-output/desk")
MADE = 300_000  # milliseconds that the making or the check of a small course may take
