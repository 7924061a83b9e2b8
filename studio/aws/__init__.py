"""AWS's JSON protocol, and the operations on state machines."""
