"""How well a repository keeps to its registry, in figures, now and in its past."""
