"""Who is calling, and what they may do: everything is refused that is not allowed here."""
