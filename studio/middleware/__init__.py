"""What every page and every request of the REST API goes through."""
