"""What was really done, outside of Stepwell: a file that only grows, a line for each deed."""

import os


def write(*words: str) -> None:
    """Append a line in one system call: a process that is killed has written all of it or none."""
    line = " ".join(words) + "\n"
    descriptor = os.open(os.environ["STEPWELL_CHAOS_LEDGER"], os.O_WRONLY | os.O_APPEND)
    try:
        os.write(descriptor, line.encode())
    finally:
        os.close(descriptor)
