"""A batch through the stages: what is there already, what has to be made, where it lies, and what became of each input."""
