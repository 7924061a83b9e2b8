"""The websocket that tells a page what is new of an execution."""
