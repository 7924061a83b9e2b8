"""Paths, payload templates, intrinsic functions and choice rules: compiled once, run often."""
