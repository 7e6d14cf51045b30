"""Stands in front of everything else: what was asked before, of files that hold what they held, is answered at once.

It is certain or silent. An answer is one that portscan gave itself, and everything that it rested on was written down with it
(`portscan/witness.py`): the gate looks whether each of these facts still holds, and hands the question on where one does not.
It writes nothing, and nothing that has to be loaded for long is loaded here: no regular expressions, no parser of arguments.
"""

import os

from portscan.gate.question import Question, asked

BROKEN_PIPE = 141


def passed(arguments: list[str]) -> tuple[Question | None, int | None]:
    """The question that `arguments` ask, if it is one for the gate; and the exit status, if it has been answered here."""
    question = asked(arguments)
    if question is None:
        return None, None
    from portscan.gate.answers import answer

    said = answer(question)
    return (question, said[1]) if said is not None and told(said[0]) else (question, None)


def told(text: bytes) -> bool:
    """Whether a report could be written. One that could not is made again, by those who can say what is wrong."""
    try:
        while text:
            text = text[_written(text) :]
    except BrokenPipeError:
        os._exit(BROKEN_PIPE)
    except OSError:
        return False
    return True


def _written(text: bytes) -> int:
    """How much of it could be written. Another program may have set the output not to block: then there has to be room first."""
    while True:
        try:
            return os.write(1, text)
        except BlockingIOError:
            from select import select

            select((), (1,), ())
