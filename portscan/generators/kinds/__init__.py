"""The kinds of artefacts that can be generated, one module each; what they share is one directory up."""
