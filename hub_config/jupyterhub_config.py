"""What the Hub loads under `coursewright up`."""

from coursewright.hub_config.configure import configure
from coursewright.hub_config.site import Site

configure(get_config(), Site.from_environ())  # type: ignore[name-defined]  # noqa: F821
