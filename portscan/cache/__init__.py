"""What is remembered between runs, in the user's cache directory: safe to delete at any time."""
