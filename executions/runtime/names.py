"""What executions are called in ARNs, as SQL."""

MACHINE = "(m.name || coalesce('/' || e.map_label, ''))"
"""Of an execution ``e`` of a state machine ``m``; a Map Run's child has the run's label, too."""
