"""YAML documents that remember where everything stands: bytes in, values and places out, never a traceback."""
