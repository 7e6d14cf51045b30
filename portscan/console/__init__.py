"""What commands share on their way from and to a terminal: arguments, progress, reports, and the report of a bug."""
