"""The eight state types, one a file, compiled."""
