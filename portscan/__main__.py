"""The `portscan` command, also as `python -m portscan`: it can be interrupted before there is anything that could say so."""

TYPE_CHECKING = False  # `typing` is loaded by nobody who only searches
if TYPE_CHECKING:
    from portscan.gate.question import Question

NO_MEMORY = b"portscan: there is not enough memory. Allow portscan more, or leave out the largest files with `exclude`.\n"


def main() -> int:
    """Run portscan with the arguments of this process, and answer with the exit status."""
    try:
        import sys

        from portscan import gate

        question, status = gate.passed(sys.argv[1:])
        if status is not None:
            return status
        import gc

        gc.set_threshold(200_000)  # what is loaded is kept, and looking through it for what is not takes a tenth of a short run
        try:
            return _beyond(question)
        finally:
            gc.freeze()  # nor is there anything to be found at the end, when Python would look through it once more
    except KeyboardInterrupt:
        return 130
    except MemoryError:  # there may not even be enough to say so in another way
        import os

        os.write(2, NO_MEMORY)
        return 2


def _beyond(question: "Question | None") -> int:
    """What the gate has no answer to."""
    if question is not None:
        from portscan.gate.sieve import know_expressions

        know_expressions()
    if question is not None and question.rest is not None:
        from portscan.gate import told
        from portscan.glance import glanced

        said = glanced(question)
        if said is not None and told(said):
            return 0
    from portscan import lent

    lent.paths()
    from portscan import cli

    return cli.main(question=question)


if __name__ == "__main__":
    raise SystemExit(main())
