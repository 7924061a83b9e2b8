"""Every write to executions has its home here, and the reads that all three faces share."""
