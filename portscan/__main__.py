"""The `portscan` command, also as `python -m portscan`: it can be interrupted before there is anything that could say so."""


def main() -> int:
    """Run portscan with the arguments of this process, and answer with the exit status."""
    try:
        from portscan import gate

        return gate.main()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    raise SystemExit(main())
