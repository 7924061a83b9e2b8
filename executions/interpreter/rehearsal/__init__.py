"""A whole execution run in memory: tasks answered from a script, and a clock that nobody waits for.

The machine's own ``advance`` does the work. What the outside would say comes from mocks
(``mocked``) or from the history of an execution that has run (``recorded``).
"""
