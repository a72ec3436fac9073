"""Training of the learned models; needs the extra `train`."""
