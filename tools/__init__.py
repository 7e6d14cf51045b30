"""Commands of the repository: measurements and pictures."""
