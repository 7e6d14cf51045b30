"""What `portscan notify` says, and how it is sent."""
