"""The `portscan` command, also as `python -m portscan`: it can be interrupted before there is anything that could say so."""


def main() -> int:
    """Run portscan with the arguments of this process, and answer with the exit status."""
    try:
        import sys

        from portscan import gate

        question, status = gate.passed(sys.argv[1:])
        if status is not None:
            return status
        import gc

        gc.set_threshold(50_000)  # what is loaded is kept, and looking through it for what is not takes a tenth of a short run
        if question is not None:
            from portscan.gate.sieve import know_expressions

            know_expressions()
        if question is not None and question.rest is not None:
            from portscan.glance import glanced

            said = glanced(question)
            if said is not None and gate.told(said):
                return 0
        from portscan import cli

        return cli.main(question=question)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    raise SystemExit(main())
