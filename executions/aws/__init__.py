"""AWS's operations on executions."""
