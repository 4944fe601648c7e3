"""Decides whether an answer is right: the sandbox, the run, scores and feedback."""
