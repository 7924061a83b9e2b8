"""Map Runs: the children of distributed Maps, started, counted, stopped and redriven."""
