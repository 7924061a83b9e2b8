"""What data each state can get and give, as far as the definition alone tells."""
