"""`python -m portscan` is the `portscan` command."""

from portscan.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
