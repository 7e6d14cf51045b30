"""The catalogue of errors, and the trials that provoke each of them."""
