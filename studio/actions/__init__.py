"""Every write to state machines and access keys has its home here."""
