"""The readers of directives, Dockerfiles, Makefiles, Procfiles and markup."""

from __future__ import annotations

import pytest

from tests.languages.helpers import assert_found, assert_linear, literals, ports

DIRECTIVES = [
    (
        "nginx.conf",
        "server {\n  listen «8080» default_server;\n  listen [::]:«80»;\n  return 301 https://$host:«8443»$request_uri;\n}\n",
    ),
    ("nginx.conf", "upstream a { server web:«3000» weight=5000; keepalive 3200; }\nlocation / { fastcgi_pass php:«9000»; }\n"),
    ("nginx.conf", "worker_connections 1024;\nproxy_read_timeout 3600;\nerror_page 500 502 /x;\n"),
    ("haproxy.cfg", "frontend f\n  bind *:«80»\n  bind 0.0.0.0:«8404»,:::«8405»\n  maxconn 4096\n"),
    ("haproxy.cfg", "backend b\n  server s1 web:«8080» check port «8081» inter 2000 rise 20\n  timeout connect 5000\n"),
    (
        "Caddyfile",
        "{\n  admin :«2019»\n}\n:«80», :«443» {\n  reverse_proxy /api/* api:«4010» localhost:{$PORT:‹3001›}\n  respond 404\n}\n",
    ),
    ("httpd.conf", "Listen «8080»\n<VirtualHost *:«80»>\nSetEnv PORT «9000»\n</VirtualHost>\nTimeout 3000\n"),
    ("redis.conf", "port «6379»\nsentinel monitor m redis «6379» 2\nmaxclients 10000\nsave 900 1\n"),
    ("application.conf", 'ktor {\n  deployment {\n    port = «8080»\n    port = ${?PORT}\n  }\n}\n"port": «8081»,\n'),
    ("logstash.conf", "input {\n  tcp {\n    port => «8081»\n    workers => 2000\n  }\n}\n"),
    ("my.cnf", "[mysqld]\nport = «3306»\nreport-port=«3307»\nmax_connections = 1000\n"),
]


@pytest.mark.parametrize(("path", "marked"), DIRECTIVES)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_directives(path: str, marked: str, ending: str) -> None:
    assert_found(path, marked.replace("\n", ending))


DOCKERFILES = [
    ("ARG PORT=«80»\nENV PORT=«3000» HOST=0.0.0.0 SIZE=4096\nENV API_PORT «4010»\n", "instructions with values"),
    ("EXPOSE $PORT «9229» «8000»-«8010» «53»/udp ${X:-‹9000›}\n", "expose"),
    ("ENV URL=http://api:«4011» \\\n    DB_PORT='«5432»'\n", "continuation"),
    ("HEALTHCHECK --interval=30s --timeout=3000ms \\\n  CMD curl -f http://localhost:«9880»/health || exit 1\n", "shell form"),
    ('HEALTHCHECK CMD ["curl", "-f", "http://localhost:«9881»/"]\nCMD ["serve", "-l", "«5000»"]\n', "exec form"),
    ('CMD ["sh", "-c", "serve --port «5001»"]\n', "a command line in one word"),
    ("RUN --mount=type=cache,target=/x,uid=1000 serve --port «5002»\nUSER 1001\n", "mount"),
    ("RUN <<EOF\nserve --port «5003»\nEOF\nEXPOSE «80»\n", "here-document"),
    ("ONBUILD EXPOSE «8004»\nONBUILD RUN serve --port «8005»\n", "onbuild"),
    ("ENTRYPOINT exec gunicorn -b :${PORT:-‹8002›} app\n", "fallback"),
    ("expose «8080»\n", "small letters"),
]


@pytest.mark.parametrize("marked", [pytest.param(text, id=name) for text, name in DOCKERFILES])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_dockerfile(marked: str, ending: str) -> None:
    assert_found("Dockerfile", f"FROM node:20\n{marked}".replace("\n", ending))


def test_dockerfile_comments() -> None:
    text = "# port 9998\nFROM x\nENV A=1 \\\n    # port 9999\n    PORT=3000\n"
    assert (ports("Dockerfile", text), ports("Dockerfile", text, "comment")) == ([3000], [9998, 9999])


@pytest.mark.parametrize("text", ["", "FROM", 'CMD ["serve", "-l', "RUN <<EOF\nnever closed", "RUN a \\", "EXPOSE"])
def test_broken_dockerfiles_are_read(text: str) -> None:
    literals("Dockerfile", text)


MAKEFILES = [
    ("Makefile", "PORT ?= ‹8080›\nexport Q_PORT ?= ‹8082›\nAPI_PORT := «8081»\nexport DB_PORT=«5432»\nSIZE = 3000\n"),
    (
        "Makefile",
        "run: export PORT = «3001»\nrun:\n\t@serve --port «8000»\n\t-PORT=«3002» npm start\n\tcurl http://x:$$P/\n",
    ),
    ("Makefile", "run:\n\tdocker run \\\n\t  -p «4010»:«80» x\n"),
    ("justfile", "run:\n    echo ${X_PORT:-‹4010›}\n    docker run \\\n      -p «4010»:«80» x\n"),
    ("justfile", 'port := "«8080»"\nserve port="«8081»":\n    serve --port «8082»\n'),
]


@pytest.mark.parametrize(("path", "marked"), MAKEFILES)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_makefiles(path: str, marked: str, ending: str) -> None:
    assert_found(path, marked.replace("\n", ending))


def test_makefile_comments() -> None:
    text = "# port 9998\nX = 1 # port 9999\nrun:\n\ttrue # port 9997\n"
    assert sorted(ports("Makefile", text, "comment")) == [9997, 9998, 9999]


def test_procfile() -> None:
    assert_found("Procfile", "web: serve -b :«8000»\r\nworker: PORT=«3001» node w.js\r\nclock: sleep 3000\r\n")
    assert ports("Procfile", "# port 9999\nweb: x\n", "comment") == [9999]


MARKUP = [
    (
        "server.xml",
        '<Server port="«8005»">\n<Connector port="«8080»" connectionTimeout="20000" redirectPort="«8443»"/>\n</Server>\n',
    ),
    ("a.xml", '<add key="ServerPort" value="«8082»"/><add key="Size" value="8083"/><entry key="server.port">«8084»</entry>\n'),
    ("pom.xml", '<docker.exposed.port>«9090»</docker.exposed.port><port enabled="true">«8081»</port><rows>3000</rows>\n'),
    ("a.http", "@port = «3001»\nGET http://localhost:«4000»/x?size=3000\nHost: {{host}}:«5000»\nX-Count: 3000\n"),
    ("a.bat", 'set PORT=«8080»\nset "API_PORT=«8081»"\nstart http://localhost:«3000»\ntimeout /t 3000\n'),
    ("a.html", '<a href="http://ö.example.com:«3000»/x">x</a><rect width="1280" height="800"/>\n'),
]


@pytest.mark.parametrize(("path", "marked"), MARKUP)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_markup(path: str, marked: str, ending: str) -> None:
    assert_found(path, marked.replace("\n", ending))


def test_markup_comments() -> None:
    assert ports("a.xml", "<!-- port 9998\nport 9999 --><a/>\n", "comment") == [9998, 9999]
    assert ports("a.xml", "<!-- port 9998", "comment") == [9998]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("nginx.conf", "listen 8080; "),
        ("Dockerfile", "EXPOSE 80 \\\n"),
        ("Makefile", "\tserve --port 80\n"),
        ("a.xml", '<a port="80"> '),
        ("Procfile", "web: serve --port 80\n"),
        ("a.xml", "<!-- "),
        ("nginx.conf", '"'),
    ],
)
def test_time_grows_with_the_text(path: str, line: str) -> None:
    assert_linear(path, lambda size: line * size, 1_500)
