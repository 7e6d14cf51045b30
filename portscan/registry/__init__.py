"""The registry: its model, how it is loaded, and the rules it keeps."""
