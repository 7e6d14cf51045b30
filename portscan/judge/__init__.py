"""What is said of literals: whether they follow the registry, in code and in documents, and what speaks against saying it."""
