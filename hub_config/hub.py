"""Start JupyterHub; `python -m coursewright.hub_config.hub` takes jupyterhub's own arguments."""

import sys

# jsonschema imports this package only for its `iri` format check, which the Hub does not use;
# building its grammars is a third of the Hub's start.
sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]

from jupyterhub.app import main  # noqa: E402

if __name__ == "__main__":
    main()
