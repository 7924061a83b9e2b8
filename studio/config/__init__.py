"""Where the two apps meet: settings, addresses, Celery, and the embedded services."""
