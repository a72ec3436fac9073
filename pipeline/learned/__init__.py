"""Learned models: numbers in package data, and inference by array operations alone."""
