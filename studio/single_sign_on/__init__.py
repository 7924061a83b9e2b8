"""Signing in at an OpenID provider: the code flow, with PKCE, state and nonce."""
