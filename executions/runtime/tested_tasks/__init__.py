"""Tasks that TestState performs: in a process of their own, which can be killed."""
