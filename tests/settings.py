"""Settings of the test run: the product's own, on a PostgreSQL and a Valkey of the run's own.

pytest-django reads the settings before any fixture exists, so the services start here. Workers of
pytest-xdist inherit the addresses through the environment and start nothing.
"""

from tests.services import use_services_of_this_run

use_services_of_this_run()

from studio.config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
