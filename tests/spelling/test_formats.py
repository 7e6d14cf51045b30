# ruff: noqa: E501  (a case a line)
"""The dialects of configuration formats: what is written, how safe it is, and what is declined."""

from __future__ import annotations

import pytest

from portscan.spelling import Declined
from tests.spelling.helpers import bound, variables_of

COMPOSE = "services:\n  api:\n    image: x:1\n"


@pytest.mark.parametrize(
    ("name", "path", "before", "after", "applicability"),
    [
        pytest.param(
            "yaml", "compose.yaml", COMPOSE + '    ports: ["«4010»:4010"]\n',
            COMPOSE + '    ports: ["${API_PORT:-4010}:4010"]\n', "safe", id="short port",
        ),
        pytest.param(
            "yaml", "compose.yaml", COMPOSE + "    ports:\n      - «4010»:80\n",
            COMPOSE + "    ports:\n      - ${API_PORT:-4010}:80\n", "safe", id="plain port",
        ),
        pytest.param(
            "yaml", "compose.yaml", COMPOSE + "    ports: [«4010»:80]\n",
            COMPOSE + '    ports: ["${API_PORT:-4010}:80"]\n', "safe", id="plain port in a flow is quoted",
        ),
        pytest.param(
            "yaml", "compose.yaml", COMPOSE + "    ports:\n      - {target: 80, published: «4010»}\n",
            COMPOSE + '    ports:\n      - {target: 80, published: "${API_PORT:-4010}"}\n', "safe", id="long port in a flow",
        ),
        pytest.param(
            "yaml", "compose.yaml", COMPOSE + "    environment:\n      - URL=http://host.docker.internal:«4010»\n",
            COMPOSE + "    environment:\n      - URL=http://host.docker.internal:${API_PORT:-4010}\n", "safe", id="environment list",
        ),
        pytest.param(
            "yaml", "compose.yaml", COMPOSE + "    environment:\n      PORT: «4010»\n",
            COMPOSE + "    environment:\n      PORT: ${API_PORT:-4010}\n", "unsafe", id="what the process listens on",
        ),
        pytest.param(
            "yaml", "compose.yaml", COMPOSE + "    healthcheck:\n      test: curl http://localhost:«4010»\n",
            COMPOSE + "    healthcheck:\n      test: curl http://localhost:${API_PORT:-4010}\n", "display", id="health check",
        ),
        pytest.param(
            "yaml", "compose.yaml", COMPOSE + "    labels: &l\n      x.url: 'http://localhost:«4010»'\r\n",
            COMPOSE + "    labels: &l\n      x.url: 'http://localhost:${API_PORT:-4010}'\r\n", "safe", id="label, anchor, CRLF",
        ),
        pytest.param(
            "yaml", "application.yml", "server:\n  port: «4010»\n", "server:\n  port: ${API_PORT:4010}\n", "safe", id="Spring",
        ),
        pytest.param(
            "yaml", "otel.yaml", "receivers:\n  a:\n    endpoint: 0.0.0.0:«4010»\nexporters: {}\nservice: {}\n",
            "receivers:\n  a:\n    endpoint: 0.0.0.0:${env:API_PORT:-4010}\nexporters: {}\nservice: {}\n", "safe", id="collector",
        ),
        pytest.param(
            "yaml", ".github/workflows/ci.yml", "on: push\njobs:\n  t:\n    steps:\n      - run: |\n          curl 'http://localhost:«4010»'\n",
            "on: push\njobs:\n  t:\n    steps:\n      - run: |\n          curl 'http://localhost:'\"${API_PORT:-4010}\"''\n",
            "unsafe", id="workflow step",
        ),
        pytest.param(
            "env", ".env", "URL=http://localhost:«4010»\n", "URL=http://localhost:${API_PORT:-4010}\n", "display", id="env file",
        ),
        pytest.param(
            "dockerfile", "Dockerfile", "FROM a\nENV PORT=«4010»\n", "FROM a\nARG API_PORT=4010\nENV PORT=${API_PORT}\n", "unsafe", id="ENV",
        ),
        pytest.param(
            "dockerfile", "Dockerfile", "FROM a\nCMD serve --port «4010»\n", "FROM a\nCMD serve --port ${API_PORT:-4010}\n", "unsafe", id="shell form",
        ),
        pytest.param(
            "make", "Makefile", "run:\n\t@serve --port «4010»\n", "run:\n\t@serve --port $${API_PORT:-4010}\n", "safe", id="recipe",
        ),
        pytest.param(
            "make", "Makefile", "run:\n\tcurl 'localhost:«4010»'\n", "run:\n\tcurl 'localhost:'\"$${API_PORT:-4010}\"''\n", "safe", id="quoted in a recipe",
        ),
        pytest.param(
            "make", "Makefile", "run:\n\t@echo 'a \\\n  localhost:«4010»'\n", "run:\n\t@echo 'a \\\n  localhost:'\"$${API_PORT:-4010}\"''\n", "safe", id="in a line of a recipe that goes on",
        ),
        pytest.param(
            "make", "Makefile", ".ONESHELL:\nrun:\n\t@echo 'a\n\tlocalhost:«4010»'\n", ".ONESHELL:\nrun:\n\t@echo 'a\n\tlocalhost:'\"$${API_PORT:-4010}\"''\n", "safe", id="one shell for all lines",
        ),
        pytest.param(
            "make", "Makefile", "run:\n\t@echo $(subst ',,it's) localhost:«4010»\n", "run:\n\t@echo $(subst ',,it's) localhost:$${API_PORT:-4010}\n", "safe", id="behind what make fills in",
        ),
        pytest.param(
            "make", "Makefile", "SHELL := /bin/bash -e\nrun:\n\tserve --port «4010»\n", "SHELL := /bin/bash -e\nrun:\n\tserve --port $${API_PORT:-4010}\n", "safe", id="another shell",
        ),
        pytest.param(
            "dockerfile", "Dockerfile", "FROM a\nRUN echo 'localhost:«4010»' > x\n", "FROM a\nRUN echo 'localhost:'\"${API_PORT:-4010}\"'' > x\n", "unsafe", id="quoted in shell form",
        ),
        pytest.param(
            "make", "justfile", "run:\n    @serve --port «4010»\n", "run:\n    @serve --port ${API_PORT:-4010}\n", "safe", id="just",
        ),
        pytest.param(
            "make", "justfile", 'a := "x"\nport := "«4010»" # "y"\n', 'a := "x"\nport := env("API_PORT", "4010") # "y"\n', "safe",
            id="variable of just",
        ),
        pytest.param(
            "make", "justfile", "a := env_var_or_default('A', 'b')\nexport url := a / 'http://localhost:«4010»/x'\n",
            "a := env_var_or_default('A', 'b')\n"
            "export url := a / ('http://localhost:' + env_var_or_default('API_PORT', '4010') + '/x')\n", "safe",
            id="text of a variable of just",
        ),
        pytest.param(
            "make", "justfile", "# don't\n[private]\nrun a='b:c': x\n\tcurl '{{a}}:«4010»'\n",
            "# don't\n[private]\nrun a='b:c': x\n\tcurl '{{a}}:'\"${API_PORT:-4010}\"''\n", "safe", id="quoted in just",
        ),
        pytest.param(
            "make", "justfile", "run:\n    echo 'a \\\n    localhost:«4010»'\n",
            "run:\n    echo 'a \\\n    localhost:'\"${API_PORT:-4010}\"''\n", "safe", id="in a line of just that goes on",
        ),
        pytest.param(
            "make", "justfile", "[script]\nrun:\n    echo 'a\n    localhost:«4010»'\n",
            "[script]\nrun:\n    echo 'a\n    localhost:'\"${API_PORT:-4010}\"''\n", "safe", id="script of just",
        ),
        pytest.param("shell", "Procfile", "web: serve 'localhost:«4010»'\n", "web: serve 'localhost:'\"${API_PORT:-4010}\"''\n", "safe", id="quoted in a Procfile"),
        pytest.param("braces", "Caddyfile", ":«4010» {\n}\n", ":{$API_PORT:4010} {\n}\n", "safe", id="Caddy"),
        pytest.param("shell", "Procfile", "web: serve --port «4010»\n", "web: serve --port ${API_PORT:-4010}\n", "safe", id="Procfile"),
    ],
)  # fmt: skip
def test_a_literal_is_bound_in_the_way_of_its_format(name: str, path: str, before: str, after: str, applicability: str) -> None:
    answer = bound(name, path, before)
    assert not isinstance(answer, Declined)
    assert (answer[0], answer[1].applicability) == (after, applicability)
    assert (applicability == "safe") <= ("API_PORT" in variables_of(path, after))
    assert (applicability == "safe") or answer[1].note


@pytest.mark.parametrize(
    ("name", "path", "text", "reason"),
    [
        pytest.param("yaml", "deploy.yaml", "apiVersion: v1\nkind: Service\nspec:\n  port: «4010»\n", "pin", id="Kubernetes"),
        pytest.param("yaml", "prometheus.yml", "scrape_configs:\n  - static_configs:\n      - targets: ['a:«4010»']\n", "pin", id="Prometheus"),
        pytest.param(
            "yaml", ".github/workflows/ci.yml", "on: push\njobs:\n  t:\n    services:\n      a:\n        ports: ['«4010»:80']\n", "vars", id="workflow service",
        ),
        pytest.param("env", ".env", "URL='http://localhost:«4010»'\n", "double quotes", id="single-quoted env value"),
        pytest.param("dockerfile", "Dockerfile", 'FROM a\nCMD ["serve", "--port", "«4010»"]\n', "shell form", id="exec form"),
        pytest.param("make", "Makefile", "URL := http://localhost:«4010»\n", "?=", id="make variable"),
        pytest.param("make", "Makefile", "ifeq (1,1)\n    URL := http://localhost:«4010»\nendif\n", "?=", id="indented make variable"),
        pytest.param("make", "Makefile", "run:\n\t$(info http://localhost:«4010»)\n", "make reads this itself", id="what make says"),
        pytest.param("make", "Makefile", "run:\n\t$(eval U = $(A)http://localhost:«4010»)\n", "make reads this itself", id="what make evaluates"),
        pytest.param("make", "Makefile", "define HELP\n\thttp://localhost:«4010»\nendef\n", "definition", id="definition of make"),
        pytest.param("make", "Makefile", "SHELL := /usr/bin/python3\nrun:\n\tprint('http://localhost:«4010»')\n", "another program", id="recipe in Python"),
        pytest.param("make", "Makefile", ".RECIPEPREFIX = >\nrun:\n\techo http://localhost:«4010»\n", "?=", id="other beginnings of recipes"),
        pytest.param("make", "justfile", 'set tempdir := port\nport := "«4010»"\n', "env('API_PORT', '4010')", id="constant of just"),
        pytest.param("make", "justfile", 'url := "\\thttp://localhost:«4010»"\n', "env('API_PORT', '4010')", id="escapes in just"),
        pytest.param("make", "justfile", "url := `echo http://localhost:«4010»`\n", "env('API_PORT', '4010')", id="just runs it"),
        pytest.param("make", "justfile", 'run port="«4010»":\n    serve\n', "env('API_PORT', '4010')", id="just default"),
        pytest.param("make", "justfile", "run:\n    serve {{ 'http://localhost:«4010»' }}\n", "env('API_PORT', '4010')", id="just fills in"),
        pytest.param("make", "justfile", "X := \'\'\'\na:\n    http://localhost:«4010»\n\'\'\'\n", "env('API_PORT', '4010')", id="text of several lines in just"),
        pytest.param("make", "justfile", "run:\n    curl {{ " + "`" * 600 + " http://localhost:«4010»\n", "env('API_PORT', '4010')", id="quotes of just without an end"),
        pytest.param("make", "justfile", "run:\n    #!/usr/bin/env python3\n    x = 'http://localhost:«4010»'\n", "another program", id="recipe of just in Python"),
        pytest.param("make", "justfile", "[script('node')]\nrun:\n    x = 'http://localhost:«4010»'\n", "another program", id="script of just in Node"),
        pytest.param("make", "justfile", "set shell := ['nu', '-c']\nrun:\n    open http://localhost:«4010»\n", "another program", id="another shell of just"),
    ],
)  # fmt: skip
def test_what_cannot_be_bound_is_declined_with_what_to_do(name: str, path: str, text: str, reason: str) -> None:
    answer = bound(name, path, text)
    assert isinstance(answer, Declined)
    assert reason in answer.reason


@pytest.mark.parametrize(
    ("name", "path", "text"),
    [
        pytest.param("yaml", "compose.yaml", COMPOSE + "    environment: [LISTEN=0.0.0.0:«4010»]\n", id="an address to listen at"),
        pytest.param("yaml", "compose.yaml", COMPOSE + "    environment:\n      KAFKA_LISTENERS: PLAIN://${HOST}:«4010»\n", id="listeners"),
        pytest.param("yaml", "compose.yaml", COMPOSE + "    environment: ['X=http://172.20.0.2:«4010»']\n", id="a container's address"),
        pytest.param("yaml", "compose.yaml", COMPOSE + "    labels: [traefik.http.services.a.loadbalancer.server.port=«4010»]\n", id="a proxy's label"),
        pytest.param("shell", "a.sh", "docker compose exec -T api curl http://localhost:«4010»\n", id="docker exec"),
        pytest.param("make", "justfile", "run:\n    docker compose exec -T api curl http://localhost:«4010»\n", id="docker exec in just"),
        pytest.param("make", "Makefile", "run:\n\tdocker compose exec -T api curl http://localhost:«4010»\n", id="docker exec in make"),
        pytest.param("shell", "a.sh", "ssh me@there 'curl http://localhost:«4010»'\n", id="ssh"),
        pytest.param("envsubst", "default.conf.template", "listen «4010»;\n", id="no fallback"),
    ],
)  # fmt: skip
def test_what_may_not_follow_is_left_to_a_person(name: str, path: str, text: str) -> None:
    answer = bound(name, path, text)
    assert not isinstance(answer, Declined), answer
    assert answer[1].applicability == "unsafe"
    assert answer[1].note


@pytest.mark.parametrize(
    ("name", "path", "text", "why"),
    [
        pytest.param("yaml", "compose.yaml", COMPOSE + "x-notes:\n  port: «4010»\n", "make a text of this number", id="x- number"),
        pytest.param("envsubst", "nginx.conf", "listen «4010»;\n", "make the file a template", id="no template"),
        pytest.param("yaml", "deploy.yaml", "{{ if x }}\na:\n  port: «4010»\n{{ end }}\n", "template", id="template"),
    ],
)  # fmt: skip
def test_what_no_program_would_read_right_is_declined(name: str, path: str, text: str, why: str) -> None:
    answer = bound(name, path, text)
    assert isinstance(answer, Declined)
    assert why in answer.reason
