"""The text of a definition, JSON or YAML: what it says, and where in it each thing stands."""
