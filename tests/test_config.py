"""Where the configuration is found, and what it may say."""

from __future__ import annotations

import dataclasses
import os
import sys
from pathlib import Path

import jsonschema
import pytest

from portscan.config import Config, PerPath, Pin, load
from portscan.config.tables import keys
from portscan.config_reference import plain
from portscan.errors import UserError

EVERYTHING = """
registry = "ports.yaml"
include = ["src/**"]
exclude = ["fixtures", "*.snap"]
allow = [80, 443]
select = ["PS0", "PS101"]
ignore = ["PS002"]
strict = true
generic-variables = ["PORT"]
extend-rules = ["ports/rules"]

[[pin]]
path = "k8s/*.json"
port = 3103
service = "dashboard"

[[per-path]]
path = "tests/**"
ignore = ["PS001"]
select = ["PS0"]
allow = [3000]
severity = {PS002 = "note"}

[severity]
PS = "warning"
PS002 = "error"
"""


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The top of a repository, so that nothing above it is found."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


class TestWhere:
    def test_without_a_file_the_defaults_are_in_force(self, root: Path) -> None:
        found = load(root)
        assert found == Config()
        assert (found.registry, found.allow, found.strict, found.file) == ("config/ports/registry.yaml", (), False, None)
        assert found.generic_variables == ("PORT", "HOST_PORT", "HTTP_PORT", "SERVER_PORT", "APP_PORT", "LISTEN_PORT")

    def test_its_own_file_says_everything(self, root: Path) -> None:
        file = write(root / "portscan.toml", EVERYTHING)
        assert load(root) == Config(
            registry="ports.yaml",
            include=("src/**",),
            exclude=("fixtures", "*.snap"),
            allow=(80, 443),
            select=("PS0", "PS101"),
            ignore=("PS002",),
            strict=True,
            generic_variables=("PORT",),
            pins=(Pin("k8s/*.json", 3103, "dashboard"),),
            per_path=(PerPath("tests/**", ("PS001",), ("PS0",), (3000,), (("PS002", "note"),)),),
            severity=(("PS002", "error"), ("PS", "warning")),
            extend_rules=("ports/rules",),
            file=file,
        )

    def test_the_shared_file_says_it_in_its_table(self, root: Path) -> None:
        file = write(
            root / "pyproject.toml", '[tool.portscan]\nallow = [80]\n[[tool.portscan.pin]]\npath = "a"\nport = 1\nservice = "s"\n'
        )
        assert load(root) == Config(allow=(80,), pins=(Pin("a", 1, "s"),), file=file)

    def test_the_nearest_file_upward_counts(self, root: Path) -> None:
        write(root / "portscan.toml", "allow = [1]")
        write(root / "a/portscan.toml", "allow = [2]")
        write(root / "a/b/pyproject.toml", '[project]\nname = "portscan"\n')
        (root / "a/b/c").mkdir()
        assert load(root / "a/b/c").allow == (2,)
        assert load(root / "missing").allow == (1,)

    def test_nothing_above_the_repository_counts(self, root: Path) -> None:
        write(root / "portscan.toml", "allow = [1]")
        (root / "inner/.git").mkdir(parents=True)
        assert load(root / "inner") == Config()

    def test_outside_a_repository_the_search_goes_to_the_top(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        plain = tmp_path_factory.mktemp("plain")
        write(plain / "portscan.toml", "allow = [1]")
        assert load(plain / "a/b").allow == (1,)
        assert load(Path(plain.anchor)) == Config()

    def test_a_file_given_by_hand_is_read_alone(self, root: Path) -> None:
        write(root / "portscan.toml", "allow = [1]")
        write(root / "other.toml", "allow = [2]")
        assert load(root, Path("other.toml")).allow == (2,)
        assert load(root, root / "other.toml").allow == (2,)

    def test_a_byte_order_mark_is_no_trouble(self, root: Path) -> None:
        (root / "portscan.toml").write_bytes(b"\xef\xbb\xbfstrict = true\r\n")
        assert load(root).strict

    def test_the_parser_is_loaded_only_for_a_file_that_speaks_of_portscan(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "tomllib" if sys.version_info >= (3, 11) else "tomli", None)
        write(root / "pyproject.toml", "[project")
        assert load(root) == Config()

    def test_it_cannot_be_changed(self, root: Path) -> None:
        with pytest.raises(dataclasses.FrozenInstanceError):
            load(root).strict = True  # type: ignore[misc]


class TestErrors:
    @pytest.mark.parametrize(
        ("text", "message", "hint"),
        [
            ("registy = 'x'", "portscan.toml: `registy` is not a key", "Did you mean `registry`?"),
            ("generic_variables = []", "portscan.toml: `generic_variables` is not a key", "Did you mean `generic-variables`?"),
            ("zzz = 1", "portscan.toml: `zzz` is not a key", "The keys are registry, include, "),
            (
                "[[pin]]\npath = 'a'\nport = 1\nservices = 'x'",
                "portscan.toml: pin[1]: `services` is not a key",
                "Did you mean `service`?",
            ),
            ("[[pin]]\npath = 'a'\nport = 1", "portscan.toml: pin[1]: `service` is missing", "The service whose port it is."),
            ("[pin]\npath = 'a'", "portscan.toml: pin must be a list of tables, not a table", ""),
            ("pin = [1]", "portscan.toml: pin[1] must be a table, not 1", ""),
            ("registry = 5", "portscan.toml: registry must be text, not 5", ""),
            ("registry = ' '", "portscan.toml: registry must be text, not ' '", ""),
            (r"registry = 'a\u0000'".replace("'", '"'), r"portscan.toml: registry must be text, not 'a\x00'", ""),
            ("strict = 1", "portscan.toml: strict must be true or false, not 1", ""),
            ("allow = 80", "portscan.toml: allow must be a list, each item a port, 1 to 65535, not 80", ""),
            ("allow = ['80']", "portscan.toml: allow must be a port, 1 to 65535, not '80'", ""),
            ("allow = [0]", "portscan.toml: allow must be a port, 1 to 65535, not 0", ""),
            ("allow = [65536]", "portscan.toml: allow must be a port, 1 to 65535, not 65536", ""),
            ("allow = [true]", "portscan.toml: allow must be a port, 1 to 65535, not true", ""),
            ("select = ['E501']", "portscan.toml: select must be a code such as PS001, or its beginning, not 'E501'", ""),
            ("generic-variables = ['A-B']", "portscan.toml: generic-variables must be the name of a variable, not 'A-B'", ""),
            ("exclude = ['[z-a]']", "'[z-a]' is not a path pattern", ""),
            (
                "severity = 'note'",
                "portscan.toml: severity must be a severity for each code, or beginning of codes, not 'note'",
                "",
            ),
            ("severity = {PS001 = 'high'}", "portscan.toml: severity.PS001 must be one of error, warning, note, not 'high'", ""),
            ("severity = {E501 = 'note'}", "a key of portscan.toml: severity must be a code such as PS001, or its beginning", ""),
            ("exclude = [[]]", "portscan.toml: exclude must be text, not a list", ""),
            ("allow = [", "portscan.toml is not valid TOML: ", ""),
        ],
    )
    def test_what_is_wrong_is_named_with_its_place(self, root: Path, text: str, message: str, hint: str) -> None:
        write(root / "portscan.toml", text)
        with pytest.raises(UserError) as caught:
            load(root)
        assert caught.value.title.startswith(message)
        assert hint in caught.value.hint

    def test_the_shared_file_is_named_with_its_table(self, root: Path) -> None:
        write(root / "sub/pyproject.toml", "[tool.portscan]\nx = 1\n")
        with pytest.raises(UserError, match=r"^sub/pyproject.toml \[tool.portscan\]: `x` is not a key"):
            load(root / "sub")

    def test_a_file_elsewhere_is_named_in_full(self, root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
        file = write(tmp_path_factory.mktemp("other") / "p.toml", "x = 1")
        with pytest.raises(UserError) as caught:
            load(root, file)
        assert caught.value.title == f"{file}: `x` is not a key"

    def test_both_files_in_one_directory_are_too_many(self, root: Path) -> None:
        write(root / "portscan.toml", "")
        write(root / "pyproject.toml", "[tool.portscan]\n")
        with pytest.raises(UserError, match=r"both in portscan\.toml and in pyproject\.toml"):
            load(root)

    def test_a_given_file_must_be_there_and_be_about_portscan(self, root: Path) -> None:
        with pytest.raises(UserError, match="does not exist"):
            load(root, Path("missing.toml"))
        write(root / "pyproject.toml", "[tool.other]\n")
        with pytest.raises(UserError, match=r"has no \[tool.portscan\]"):
            load(root, Path("pyproject.toml"))

    def test_a_table_that_is_none(self, root: Path) -> None:
        write(root / "pyproject.toml", "tool = 5 # portscan\n")
        assert load(root) == Config()
        write(root / "pyproject.toml", "[tool]\nportscan = 5\n")
        with pytest.raises(UserError, match="must be a table, not 5"):
            load(root)

    @pytest.mark.parametrize("data", [b"\xff\xfe", b"a = " + b"[" * 100_000])
    def test_what_is_no_toml_is_the_users_error(self, root: Path, data: bytes) -> None:
        (root / "portscan.toml").write_bytes(data)
        with pytest.raises(UserError, match="not valid TOML"):
            load(root)

    def test_a_directory_of_that_name_is_the_users_error(self, root: Path) -> None:
        (root / "portscan.toml").mkdir()
        with pytest.raises(UserError, match="cannot be read"):
            load(root)

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
    def test_a_file_without_permission_is_the_users_error(self, root: Path) -> None:
        write(root / "portscan.toml", "").chmod(0)
        with pytest.raises(UserError, match="cannot be read: permission denied"):
            load(root)


class TestDeclarations:
    @pytest.mark.parametrize("table", [Config, Pin, PerPath])
    def test_every_key_says_what_it_is_for(self, table: type) -> None:
        for key in keys(table):
            assert key.description.endswith(".")
            assert key.kind.title
            assert "_" not in key.name
            jsonschema.Draft202012Validator.check_schema(key.kind.schema)

    def test_the_defaults_are_what_the_keys_may_hold(self) -> None:
        for key in keys(Config):
            if not isinstance(key.default, tuple) or key.default:
                value = plain(key, key.default)
                assert key.kind.read(value, key.name) == key.default
                jsonschema.validate(value, key.kind.schema)

    def test_the_schema_of_a_table_knows_its_required_keys(self) -> None:
        pin = next(key for key in keys(Config) if key.name == "pin")
        assert pin.kind.schema["items"]["required"] == ["path", "port", "service"]
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate([{"path": "a", "port": 0, "service": "s"}], pin.kind.schema)
