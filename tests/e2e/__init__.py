"""Stories told to the real stack through Chromium, as a person would see them."""
