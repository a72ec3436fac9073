"""What was learned from labelled pages: features, and the small models that read them. Weights are data; numpy is all they need."""
