"""An execution that is debugged: breakpoints, pauses, and what people do while it is paused."""
