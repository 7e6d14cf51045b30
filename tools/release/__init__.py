"""What a release is made of, and what proves that it may go out: `make release-check`."""
