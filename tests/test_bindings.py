"""What the configuration and the tools around a file say of how its ports are bound."""

from __future__ import annotations

from pathlib import Path

from portscan.config import Config, PerPath
from portscan.fixing.bindings import Bindings


def test_the_nearest_folder_with_configurations_tells_the_tools(tmp_path: Path) -> None:
    deep = tmp_path / "web" / "src" / "pages"
    deep.mkdir(parents=True)
    (tmp_path / "web" / "vite.config.ts").touch()
    (tmp_path / "eslint.config.js").touch()
    found = Bindings(tmp_path, tmp_path, Config())
    assert found.of("web/src/pages/a.ts", "X").tools == {"vite"}
    assert found.of("a.ts", "X").tools == {"eslint"}


def test_the_module_of_the_first_pattern_that_fits_is_seen_from_where_portscan_runs(tmp_path: Path) -> None:
    rules = (
        PerPath(path="web/**", binding="module", module="web/src/ports.ts"),
        PerPath(path="**/*.ts", binding="module", module="@/ports"),
        PerPath(path="**", ignore=("PS002",)),
    )
    config = Config(per_path=rules, file=tmp_path / "portscan.toml")
    below = Bindings(tmp_path / "web", tmp_path, config, lambda path: f"web/{path}")
    assert below.of("a.ts", "X").module == "src/ports.ts"
    top = Bindings(tmp_path, tmp_path, config)
    assert [top.of(path, "X").module for path in ("web/a.js", "b.ts", "b.py")] == ["web/src/ports.ts", "@/ports", ""]


def test_only_the_named_env_files_are_expanded(tmp_path: Path) -> None:
    found = Bindings(tmp_path, tmp_path, Config(dotenv_expansion=("deploy/*.env",)))
    assert [found.of(path, "X").expands for path in ("deploy/a.env", ".env")] == [True, False]


def test_what_env_files_set_and_sync_makes_is_given(tmp_path: Path) -> None:
    (tmp_path / "web" / "src").mkdir(parents=True)
    (tmp_path / ".env.example").write_text("export NEXT_PUBLIC_A_PORT=1\n#NEXT_PUBLIC_B_PORT=2\n", encoding="utf-8")
    (tmp_path / "web" / "prod.env").write_text("  C_PORT = 3\n", encoding="utf-8")
    (tmp_path / "web" / "dir.env").mkdir()
    config = Config(generate=(("env", {"path": ".env", "public": ["VITE_"]}), ("docs", {})))
    found = Bindings(tmp_path, tmp_path, config)
    assert found.of("web/src/a.ts", "X_PORT").given == {"NEXT_PUBLIC_A_PORT", "C_PORT", "VITE_X_PORT"}
    assert found.of("a.ts", "Y_PORT").given == {"NEXT_PUBLIC_A_PORT", "VITE_Y_PORT"}
