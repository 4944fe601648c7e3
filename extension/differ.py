"""Tells two notebooks apart, in a process of its own: `python -m coursewright.extension.differ`.

nbdime takes a while to import, and for some pairs of notebooks long to finish. Here neither holds
up the kernels, and what takes too long can be ended.
"""

from __future__ import annotations

import json
import sys

from coursewright.extension.singleuser import lighten


def main() -> None:
    """Two notebooks in (`base`, `remote`, as JSON), nbdime's list of differences out."""
    lighten()
    from nbdime.diffing.notebooks import diff_notebooks
    from nbformat import from_dict

    asked = json.load(sys.stdin)
    found = diff_notebooks(from_dict(asked["base"]), from_dict(asked["remote"]))
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
