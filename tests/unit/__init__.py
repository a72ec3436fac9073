"""Unit tests: a file a module of `pipeline`."""
