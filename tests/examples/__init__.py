"""The shipped examples, on the real machine, integrations and database."""
