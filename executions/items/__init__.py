"""What a distributed Map reads from objects, how it batches it, and what it writes of its results.

Values in, values out: nothing here knows executions, histories or tables.
"""
