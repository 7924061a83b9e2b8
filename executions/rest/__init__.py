"""The REST API that the pages use: executions, and state machines with what runs of them."""
