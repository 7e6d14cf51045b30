"""Links to the forge, from whatever a remote looks like."""

from __future__ import annotations

import pytest

from portscan.panel.forge import source_link

SHA = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("remote", "link"),
    [
        ("git@github.com:org/shop.git", f"https://github.com/org/shop/blob/{SHA}/{{path}}#L{{line}}"),
        ("https://github.com/org/shop", f"https://github.com/org/shop/blob/{SHA}/{{path}}#L{{line}}"),
        (
            "https://user:secret@gitlab.com/group/sub/shop.git",
            f"https://gitlab.com/group/sub/shop/-/blob/{SHA}/{{path}}#L{{line}}",
        ),
        ("ssh://git@gitlab.example.com:2222/a/b.git", f"https://gitlab.example.com/a/b/-/blob/{SHA}/{{path}}#L{{line}}"),
        ("https://bitbucket.org/a/b.git", f"https://bitbucket.org/a/b/src/{SHA}/{{path}}#lines-{{line}}"),
        ("https://codeberg.org/a/b.git", f"https://codeberg.org/a/b/src/commit/{SHA}/{{path}}#L{{line}}"),
    ],
)
def test_known_forges(remote: str, link: str) -> None:
    assert source_link(remote, SHA) == link


@pytest.mark.parametrize(
    "remote", ["/srv/git/shop.git", "https://example.org/a/b", "", "javascript:alert(1)//github.com/", "https://github.com/a b"]
)
def test_what_is_no_known_forge_has_no_links(remote: str) -> None:
    assert source_link(remote, SHA) is None


def test_a_revision_is_hexadecimal_or_nothing() -> None:
    assert source_link("https://github.com/a/b", '"><script>') is None
