"""Each topic: a module with its lesson, beside it its exercises and its quiz.

The order of the topics is in ../catalogue.py.
"""
