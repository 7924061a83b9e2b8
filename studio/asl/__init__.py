"""The Amazon States Language, pure: its types, parser, rules and expressions."""
