"""The baseline: what was there before (`entries`), set against what is found now (`against`)."""
