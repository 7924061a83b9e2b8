"""One state run by itself, watched: what TestState shows. The machine's own code does the work."""
