"""Stepwell on one machine: PostgreSQL and Valkey from wheels, and a supervisor for everything.

Only the standard library is needed here, besides what ``prepare`` and ``readiness`` load in
processes of their own, so that a start is quick and the bootstrap can share it.
"""

from .failures import Failure
from .ports import free_port
from .services import Services, start_services
from .stack import FirstAccount, Stack

__all__ = ["Failure", "FirstAccount", "Services", "Stack", "free_port", "start_services"]
