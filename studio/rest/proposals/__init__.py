"""``/api/proposals/`` and ``/api/state-machines/{name}/proposals/``: changes that are reviewed."""
