"""How git is called so that nothing a hostile repository configures is run; loads nothing, since the gate calls it as well.

Listing files starts a file system monitor, may fetch missing objects through a transport of the repository's choice, and
trusts `core.worktree` to say which directories belong to the repository; the history has signatures verified by a program.
All of it is taken away here.
"""

import os

SETTINGS = ("core.fsmonitor=false", f"core.hooksPath={os.devnull}", "core.untrackedCache=false", "log.showSignature=false")
HARMLESS = ("--no-pager", *(word for setting in SETTINGS for word in ("-c", setting)))
# A hook inherits these from the git that runs it; they name that git's repository, which need not be the one asked about.
INHERITED = frozenset(
    f"GIT_{name}"
    for name in (
        *("DIR", "WORK_TREE", "INDEX_FILE", "COMMON_DIR", "PREFIX", "OBJECT_DIRECTORY", "ALTERNATE_OBJECT_DIRECTORIES"),
        *("NAMESPACE", "GRAFT_FILE", "IMPLICIT_WORK_TREE", "SHALLOW_FILE", "CEILING_DIRECTORIES"),
    )
)
QUIET = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
    "LANGUAGE": "C",
}
OTHERS = ("ls-files", "-z", "--others", "--exclude-standard")  # the files that git does not track and would offer to add


def command(work_tree: str, *arguments: str) -> list[str]:
    """The words that run git, told where its work tree is."""
    return ["git", *HARMLESS, f"--work-tree={work_tree}", *arguments]


def environment() -> dict[str, str]:
    """The environment of every git that is run: ours, without what would point it elsewhere or have it ask anybody."""
    return {name: value for name, value in os.environ.items() if name not in INHERITED} | QUIET
