"""The gates that content passes before a person sees it; see docs/gates.md."""
