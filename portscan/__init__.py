"""portscan: one registry decides every port of a repository."""

__version__ = "0.1.0"
