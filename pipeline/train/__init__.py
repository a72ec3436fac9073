"""Learns the weights in `pipeline/learned/weights` from labelled pages. Nothing here is needed, or imported, to clean a page."""
