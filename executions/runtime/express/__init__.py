"""Executions of Express state machines: run in memory, by the same machine as all others."""
