"""Functions: what a workflow calls a Lambda function is a Python callable in a folder here."""
