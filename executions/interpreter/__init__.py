"""The machine: a pure function from a state and a command to the next state and effects."""
