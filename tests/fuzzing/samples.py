# ruff: noqa: E501  (samples and grammars are easier to read with a line for each)
"""Samples of what portscan itself reads, for want of enough real ones: configurations, baselines, comments that speak to it."""

from __future__ import annotations

from portscan.config import Config
from portscan.config.tables import keys
from portscan.generators import NAMES

EVERYTHING = """\
registry = "config/ports/registry.yaml"
include = ["src/**", "*.py"]
exclude = ["fixtures", "*.snap"]
allow = [80, 443]
select = ["PS0", "PS101"]
ignore = ["PS002"]
strict = true
inline-ignores = false
require-reason = true
generic-variables = ["PORT", "HOST_PORT"]
extend-rules = ["ports/rules"]
dotenv-expansion = [".env*"]
baseline = "b.jsonl"

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
binding = "module"
module = "@/ports"

[severity]
PS = "warning"
PS002 = "error"
"""
ELSEWHERE = 'registry = {git = "https://h/r.git", rev = "main", path = "r.yaml"}\n'
SHARED = f'[project]\nname = "x"\n\n[tool.portscan]\nallow = [80]\n{ELSEWHERE}'
GENERATE = (
    *(f"[generate.{name}]\nstacks = ['web']\n" for name in NAMES),
    "[generate.env]\npath = '.env.shared'\nformat = 'dotenv'\n\n[[generate.docs]]\npath = 'docs/a.md'\ncolumns = ['name', 'port']\n",
    "[[generate.modules]]\npaths = ['a.py', 'b.ts', 'c.go']\n[generate.compose]\npath = 'compose.ports.yaml'\n",
)
SINGLE = tuple(f"{each.name} = 'x'\n" for each in keys(Config))
CONFIGURATIONS = (EVERYTHING, SHARED, *GENERATE, *SINGLE, "", "[tool]\nportscan = 1\n")

HEAD = '{"portscan-baseline": 1}\n'
ENTRY = '{"path": "a.py", "code": "PS001", "service": "web", "count": 1, "text": "port = 3103"}\n'
NUMBERED = '{"path": "b/é.py", "code": "PS002", "port": 4999, "count": 2, "text": "x = \\"4999\\" \\u202e"}\n'
BARE = '{"path": "c", "code": "PS007", "count": 3, "text": "# portscan: ignore"}\n'
BASELINES = (
    HEAD,
    HEAD + ENTRY + NUMBERED + BARE,
    HEAD + ENTRY * 2 + ENTRY.replace("1", "4"),
    HEAD + '{"path": "a", "code": "b", "port": 00, "count": 1e3, "text": "\\ud800"}\n',
    HEAD + "<<<<<<< ours\n" + ENTRY + "=======\n" + NUMBERED + ">>>>>>> theirs\n",
    "\ufeff" + HEAD + ENTRY.replace("\n", "\r\n"),
    HEAD + '{"path": null, "code": [], "count": true, "text": {}}\n[]\n0\n"x"\n',
    '{"portscan-baseline": 2}\n',
    HEAD + '{"path": "a", "code": "b", "service": "", "count": 1, "text": ""}\n',
    HEAD + '{"path": "a", "code": "b", "service": "80", "count": 1, "text": ""}\n',
    HEAD + '{"path": "a", "code": "b", "service": "\u0660", "port": 1, "count": 1, "text": ""}\n',
)

SPOKEN = (
    ("a.py", "PORT = 3103  # portscan: ignore[PS001] it is so\n# portscan: ignore-next-line\nX_PORT = 4010\n"),
    ("a.py", "# portscan: ignore-start\nport = 3103\n# portscan: ignore-end\nport = 4010  # portscan: dashboard\n"),
    ("a.ts", "// portscan: ignore-file[PS001,PS002] generated\nlisten(3103); /* portscan: ignore */ listen(9999);\n"),
    (
        "compose.yaml",
        "services:\n  web:\n    ports: ['3103:80'] # portscan: ignore[PS001, ps002]\n    command: >  # portscan: ignore\n      serve --port 4010\n",
    ),
    ("a.sh", "#!/bin/sh\ncurl localhost:3103 # portscan: ignore # portscan: dashboard\n# portscan: ignroe\n"),
    (
        "notes.md",
        "<!-- portscan: ignore-start -->\nAt 3103.\n<!-- portscan: ignore-end -->\nAt 4010. <!-- portscan: dashboard -->\n",
    ),
    ("a.ini", "; portscan: api, web\nport = 3103\n! portscan: ignore[]\nurl = http://localhost:9999\n"),
    (
        "a.html",
        '<!-- portscan: ignore --><a href="http://localhost:3103">x</a>\n{# portscan: ignore #}{{!-- portscan: ignore --}}\n',
    ),
    ("a.sql", "-- portscan: ignore[PS001] x -- portscan: ignore\nSELECT 'http://localhost:3103';\n"),
    (".env", "# portscan: dashboard\nDASHBOARD_PORT=3103 # portscan: ignore-next-line why\nAPI_PORT=4010\n"),
)
