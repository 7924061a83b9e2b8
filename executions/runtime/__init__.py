"""The shell around the machine: claims executions, advances them, commits, acts afterwards."""
