"""The formats of data sets: pure readers of seekable streams.

Each gives, for each item, its value and where the next one begins: to be read again from there.
"""
