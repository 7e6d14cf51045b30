"""Stands in front of everything else: what was asked before, of files that hold what they held, is answered at once.

It is certain or silent. An answer is one that portscan gave itself, and everything that it rested on was written down with it
(`portscan/witness.py`): the gate looks whether each of these facts still holds, and hands the question on where one does not.
It writes nothing, and nothing that has to be loaded for long is loaded here: no regular expressions, no parser of arguments.
"""

import os
import sys

from portscan.gate.question import asked

BROKEN_PIPE = 141


def main() -> int:
    """What the command `portscan` runs; the exit status."""
    question = asked(sys.argv[1:])
    if question is not None:
        from portscan.gate.answers import answer

        said = answer(question)
        if said is not None and _told(said[0]):
            return said[1]
    from portscan.cli import main as whole_road

    return whole_road(question=question)


def _told(text: bytes) -> bool:
    """Whether a report could be written. One that could not is made again, by those who can say what is wrong."""
    try:
        while text:
            text = text[os.write(1, text) :]
    except BrokenPipeError:
        os._exit(BROKEN_PIPE)
    except OSError:
        return False
    return True
