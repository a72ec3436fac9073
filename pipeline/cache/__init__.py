"""Content-addressed stage results: addressed by the digest of what made them, committed whole, verified when read."""
