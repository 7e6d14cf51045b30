"""The formats of a report, one module each; what they share is one directory up."""
