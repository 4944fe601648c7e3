"""The service's own log; records/logs.py makes its lines."""

from __future__ import annotations

import logging

from coursewright.records.logs import JsonFormatter, bind, configure, context, scrub

__all__ = ["JsonFormatter", "bind", "configure", "context", "log", "scrub"]

log = logging.getLogger("coursewright.services")
