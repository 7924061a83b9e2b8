"""HTTP Tasks: requests to other people's APIs, kept away from one's own network."""
