"""How long portscan takes, side by side with what somebody would use instead: `make bench`."""
