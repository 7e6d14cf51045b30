"""From findings to fixes: what is to be rewritten, pinned or taken out, and where it may be."""
