"""File work in a thread of its own."""

from __future__ import annotations

import asyncio
from typing import Any


async def aside(function: Any, *arguments: Any) -> Any:
    """Files may lie on a slow network volume, so touching them must not hold up the kernels."""
    return await asyncio.get_running_loop().run_in_executor(None, function, *arguments)
