"""Figures, not tests: ``make bench`` prints them and nothing asserts them."""
