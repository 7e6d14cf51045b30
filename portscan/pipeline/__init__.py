"""The road from files to findings: the only place where the stages are put together."""
