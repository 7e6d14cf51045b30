"""The tolerant reader of programming languages: what stands in front of a value names it, binds it, or leaves it alone."""

from __future__ import annotations

import pytest

from tests.languages.helpers import assert_found, assert_linear, literals, ports

NAMED = [
    ("a.go", "package a\nvar port int = «8080»\nconst DefaultPort = «8081»\nvar ports = []int{«80», «443»}\n"),
    ("a.go", 'package a\nvar c = Config{Port: «5432», Timeout: 3000, Addr: "db:«5433»"}\n'),
    ("a.go", "package a\nvar p = X{Port: int32(«9000»), Target: intstr.FromInt(3), TargetPort: ptr.To[int32](«9001»)}\n"),
    (
        "a.go",
        'package a\nvar f = cli.IntFlag{Name: "port", Value: «8085»}\nvar g = cli.IntFlag{Name: "size", Value: 8086}\n',
    ),
    ("a.go", "package a\nfunc defaultPort() int { return «8092» }\nfunc limit() int { return 8093 }\n"),
    ("a.go", 'package a\nfunc f() { fs.IntP("port", "p", «8083», "x"); fs.Int("limit", 8084, "x") }\n'),
    ("a.go", 'package a\ntype C struct {\n\tPort int `yaml:"port" default:"«8081»"`\n\tSize int `default:"4096"`\n}\n'),
    ("A.java", "class A { int[] ports = {«80», «443»}; List<Integer> ports2 = List.of(«81», «82»); int rows = 3000; }\n"),
    ("A.java", 'class A { void m() { p.put("server.port", «8092»); p.put(K.BOOTSTRAP_SERVERS_CONFIG, "x:«9092»"); } }\n'),
    ("A.java", 'class A { String u = "http://" + host + ":" + «8093» + "/x"; int n = port + 10; }\n'),
    ("A.java", "class A { void m() { assertEquals(«8090», c.getPort()); assertEquals(200, r.getStatus()); } }\n"),
    ("A.java", "class A { public int getPort() { return «8095»; } enum Ports { X; static final int A = «8096»; } }\n"),
    ("a.kt", "val port: Int = «8080»\nval q = if (tls) 1 else 2\nval ports = listOf(«80», «443»)\n"),
    ("a.cs", "class A { public int Port { get; set; } = «5010»; int Port2 => «5011»; int? size = 5012; }\n"),
    ("a.cs", 'class A { string c = @"C:\\dir;port=«5015»"; string d = $"http://{h}:«5016»"; }\n'),
    (
        "a.rs",
        "struct A {\n  #[clap(default_value_t = «8081»)]\n  pub http_port: u16,\n}\nfn default_port() -> u16 { «8082» }\n",
    ),
    ("a.rs", "fn f() { let ports = vec![«80», «443»]; let c = C { port: Some(«5432»), rows: 1000 }; }\n"),
    ("a.rs", 'fn f() { let q = \'"\'; let u = "http://localhost:«3000»"; let s = r#"{"port": «8090»}"#; }\n'),
    ("a.rs", 'fn f() { let u = "http://\\\n  localhost:«3001»/x"; let b = br#"{"id":123,"n":4}"#; }\n'),
    (
        "a.rb",
        "set :port, «4567»\nport «3000»\nlisten «8080», tcp_nopush: true\nh = { port: «6379», :db_port => «5432» }\nsleep 3000\n",
    ),
    ("a.rb", "class << self\n  x = 1\nend\nset :port, «4567»\n"),
    ("a.php", "<?php return ['port' => «3306», 'ports' => ['http' => «8080»], 'rows' => 3000];\n"),
    ("a.exs", "config :a, B, http: [ip: {127, 0, 0, 1}, port: «4001»]\nput_in(c, [:url, :port], «1234»)\n@port «5808»\n"),
    ("a.tf", 'variable "app_port" {\n  type    = number\n  default = «8080»\n}\nvariable "size" {\n  default = 8081\n}\n'),
    ("a.tf", 'x = [{ name = "PORT", value = "«8082»" }, { value = "8083", name = "SIZE" }]\n'),
    ("a.tf", 'resource "x" "y" {\n  d = <<-EOT\n    curl http://localhost:«8085»/x\n  EOT\n  port = c ? var.a : «8086»\n}\n'),
    ("a.ps1", "param([int]$Port = «8080»)\nTest-NetConnection -ComputerName db -Port «5432»\nStart-Sleep 3000\n"),
    ("a.sql", "CREATE SERVER s OPTIONS (host 'db', port '«5432»');\nSELECT 3000;\n"),
    ("a.cpp", "#define PORT «8080»\nuint16_t ports[] = {«80», «443»};\nint port = argc > 1 ? atoi(argv[1]) : «8083»;\n"),
    ("a.scala", 'val p = port"«8083»"\nval n = 3000\n'),
]


@pytest.mark.parametrize(("path", "marked"), NAMED)
def test_a_value_is_known_by_what_stands_in_front_of_it(path: str, marked: str) -> None:
    assert_found(path, marked)


DIVIDED = [
    ("a.py", "port = «8_080»\nserver(x, port=«8_081»)\nPORTS = [«8_082», «8083»]\nrows = 8_084\n"),
    ("a.ts", "const port = «8_080», o = { port: «80_81» };\napp.listen(«3_000»);\nconst n = 8_082;\n"),
    ("a.rs", "let port: u16 = «8_080»; let q_port = «8_081»_u16; let rows = 8_082; let r_port = «8083»_u16;\n"),
    ("a.go", "package a\nvar port = «8_080»\nvar ports = []int{«8_081», 443_000}\n"),
    ("a.cpp", "int port = «8'080»; char c = '8'; char *u = \"http://localhost:«8081»\"; int rows = 8'082;\n"),
    ("a.toml", 'port = «8_080»\nurl = "http://my_1:«8081»"\nports = [«8082», «8083»]\n'),
    ("a.lua", "port = 8_080\n"),
]


@pytest.mark.parametrize(("path", "marked"), DIVIDED)
def test_a_number_is_all_of_what_is_written_whatever_divides_its_digits(path: str, marked: str) -> None:
    assert_found(path, marked)


@pytest.mark.parametrize("path", ["a.rs", "a.swift", "a.kt", "a.scala", "a.dart"])
def test_a_comment_ends_where_all_within_it_have_ended(path: str) -> None:
    text = "/* port 8001 /* port 8002 /* port 8003 */ */ port 8004 */ val port = 8005\n"
    assert ports(path, text, "comment") == [8001, 8002, 8003, 8004]
    assert ports(path, text) == [8005]
    never_closed = "/* port 8001 /* port 8002 */\nval port = 8003\n"
    assert (ports(path, never_closed, "comment"), ports(path, never_closed)) == ([8001, 8002], [8003])


def test_a_comment_ends_at_its_first_end_where_none_may_stand_within_it() -> None:
    assert ports("a.go", "package a\n/* port 8001 /* port 8002 */\nvar port = 8003\n") == [8003]


BOUND = [
    (
        "a.php",
        "<?php return ['port' => env('DB_PORT', '‹3306›'), 'q' => $_ENV['Q_PORT'] ?? ‹80›, 'port' => getenv('P') ?: ‹81›];\n",
    ),
    ("a.rb", 'port ENV.fetch("PORT") { ‹3000› }\nX = ENV["X_PORT"] || ‹9292›\nport ENV.fetch("P_PORT", ‹9293›).to_i\n'),
    ("a.rb", 'ENV["PORT"] = "«3000»"\n'),
    ("a.go", 'package a\nfunc f() {\n\tport := os.Getenv("PORT")\n\tif port == "" {\n\t\tport = "‹8080›"\n\t}\n}\n'),
    ("a.go", 'package a\nfunc p() string {\n\tif p := os.Getenv("PORT"); p != "" {\n\t\treturn p\n\t}\n\treturn "‹8080›"\n}\n'),
    (
        "a.go",
        'package a\nfunc f() { viper.SetDefault("port", «8080»); t.Setenv("PORT", "«8081»"); x(getEnv("PORT", "‹82›")) }\n',
    ),
    ("a.go", 'package a\ntype C struct {\n\tPort int `env:"PORT" envDefault:"‹8080›"`\n}\n'),
    (
        "A.java",
        'class A { @Value("${server.port:‹8082›}") int a; @ConfigProperty(name = "b-port", defaultValue = "‹9000›") int b; }\n',
    ),
    ("A.java", 'class A { int p = Integer.parseInt(Optional.ofNullable(System.getenv("P_PORT")).orElse("‹9465›")); }\n'),
    ("A.java", 'class A { String s = System.getenv("PORT") != null ? System.getenv("PORT") : "‹8086›"; }\n'),
    ("a.kt", 'val port = System.getenv("PORT")?.toInt() ?: ‹8080›\nval q = conf("x.port") ?: «8081»\n'),
    ("a.cs", 'var port = Environment.GetEnvironmentVariable("PORT") ?? "‹5000›";\n'),
    ("a.rs", 'fn f() { let p = env::var("PORT").ok().and_then(|p| p.parse().ok()).unwrap_or(‹8083›); code(404); }\n'),
    ("a.rs", 'struct A {\n    #[arg(long, default_value = "‹8080›", env = "PORT")]\n    port: u16,\n}\n'),
    ("a.exs", 'port = String.to_integer(System.get_env("PORT") || "‹4000›")\nq_port = System.get_env("Q_PORT", "‹4001›")\n'),
    ("a.lua", 'local port = os.getenv("PORT") or ‹8080›\n'),
    ("a.cpp", 'const char *p = getenv("PORT") ? getenv("PORT") : "‹8087›";\n'),
    ("a.ps1", '$env:PORT = "«8082»"\n$p = $env:PORT ?? ‹8083›\n'),
]


@pytest.mark.parametrize(("path", "marked"), BOUND)
def test_the_fallback_of_a_lookup_is_bound(path: str, marked: str) -> None:
    assert_found(path, marked)


UNENDED = [
    ("a.rs", 'fn f() {\n  let port = «4010»;\n  let x = "abc;\n  let port = «4011»;\n  let u = "http://h:«4012»";\n}\n'),
    ("a.rs", 'let s = "a\n  b";\nlet port = «4010»;\nlet x = "abc;\nlet port = «4011»;\n'),
    ("a.php", "<?php\n$port = «4010»;\n$x = 'abc;\n$port = «4011»;\n$u = 'http://h:«4012»';\n"),
    ("a.php", "<?php\n$port = «4010»;\n$x = <<<EOT\nabc\n$port = «4011»;\n"),
    ("a.exs", 'port = «4010»\nx = "abc\nport = «4011»\nurl = "http://h:«4012»"\n'),
    ("a.clj", '(def port «4010»)\n(def x "abc)\n(def port «4011»)\n(def url "http://h:«4012»")\n'),
    ("a.sql", "OPTIONS (port '«4010»');\nselect 'abc;\nOPTIONS (port '«4011»');\n"),
    ("a.go", 'package a\nvar port = «4010»\nvar x = `abc\nvar port = «4011»\nvar url = "http://h:«4012»"\n'),
    ("a.go", "package a\nvar a = `{\n  1: 2\n}`\n/* abc\nvar port = «4011»\nvar b = `http://h:«4012»`\n"),
    (
        "A.java",
        'class A {\n  int port = «4010»;\n  String x = """abc;\n  int port = «4011»;\n  String u = "http://h:«4012»";\n}\n',
    ),
    ("a.cpp", 'int port = «4010»;\n/* abc\nint port = «4011»;\nchar *u = "http://h:«4012»";\n'),
    ("a.rb", "port = «4010»\nx = <<~EOS\nabc\nport = «4011»\nurl = 'http://h:«4012»'\n"),
    ("a.lua", "local port = «4010»\nlocal x = [[abc\nlocal port = «4011»\n"),
]


@pytest.mark.parametrize(("path", "marked"), UNENDED)
def test_a_text_that_never_ends_hides_only_its_line(path: str, marked: str) -> None:
    assert_found(path, marked)


def test_a_comment_that_never_ends_is_one_up_to_the_end_of_its_line() -> None:
    assert (ports("a.go", "package a\n/* port 4010\nvar port = 4011\n", "comment")) == [4010]


ODD = [
    'package a\nvar x = "a"`\nvar port = «4010»\nvar y = `http://h:«4011»`\nvar port2 = «4012»\n',
    "package a\nvar x = `a\nvar port = «4010»\nvar y = `http://h:«4011»`\nvar port2 = «4012»\n",
]


@pytest.mark.parametrize("marked", ODD)
def test_a_backtick_too_many_that_pairs_with_a_later_one_turns_nothing_inside_out(marked: str) -> None:
    assert_found("a.go", marked)


HEALTHY = [
    ("a.rs", 'let s = "\nport: Some(4010),\n"; let port = «4011»;\n'),
    ("a.php", "<?php\n$s = \"\n'port' => (4010)\n\" . '\n\"port\" => (4011)';\n$port = «4012»;\n"),
    ("a.exs", 'x = ~r"""\nport: (4010)\n"""x\nport = «4011»\n'),
    ("a.go", "package a\nvar a = `\nPort: int32(4010)\n`\nvar b = '`'\n// don't `\nvar port = «4011»\n"),
]


@pytest.mark.parametrize(("path", "marked"), HEALTHY)
def test_one_that_ends_in_a_later_line_is_no_code(path: str, marked: str) -> None:
    assert_found(path, marked)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_places_are_bytes(ending: str) -> None:
    text = '// é port\nvar ü = "http://ö:«3000»/\\"x"; /* ✓ */ const port = «8080»;\n'.replace("\n", ending)
    assert_found("a.kt", text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.go", "package a\n// listens on port 8080\nvar x = 1 /* port 8080 */\n"),
        ("a.rb", "# listens on port 8080\nx = 1 # port 8080\n"),
        ("a.exs", '@doc """\nRuns on port 8080.\n"""\n@moduledoc "port 8080"\n'),
        ("a.lua", "-- port 8080\nlocal x = 1 -- port 8080\n"),
    ],
)
def test_comments_and_documentation_are_comments(path: str, text: str) -> None:
    assert set(ports(path, text, "comment")) == {8080}
    assert ports(path, text) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.go", ""),
        ("a.go", 'package a\nvar s = "http://localhost:80'),
        ("a.go", "/* never closed port 80"),
        ("a.rs", 'let s = r#"never closed'),
        ("a.rb", "x = <<~SQL\nnever closed\n"),
        ("a.java", ")]}((([[[{{{\"'"),
        ("a.php", "<?php 'never closed"),
    ],
)
def test_what_is_broken_is_read_on(path: str, text: str) -> None:
    literals(path, text)


def test_reading_goes_on_behind_a_broken_string() -> None:
    assert_found("a.go", 'package a\nvar s = "never closed\nvar port = «8080»\n')


def test_deep_nesting() -> None:
    assert ports("a.kt", f"val x = {'(' * 20_000}{')' * 20_000}\nval port = 8080\n") == [8080]
    assert ports("a.kt", f"val x = {'f({[' * 5_000}\nval port = 8080\n") == [8080]


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(lambda n: "int a[] = {" + "3000, " * n + "};\n", id="one long list"),
        pytest.param(lambda n: "char *a[] = {" + '"aa 3000 aa",\n' * n + "};\n", id="many strings"),
        pytest.param(lambda n: "x" + ".f(3000)" * n + ";\n", id="one long chain"),
        pytest.param(lambda n: "x = " + "3000 + " * n + "1;\n", id="one long sum"),
        pytest.param(lambda n: "f(" * n + "3000" + ")" * n, id="deep calls"),
        pytest.param(lambda n: "'" * n + "\n", id="quotes"),
        pytest.param(lambda n: "/*" * n + "\n", id="comments"),
    ],
)
def test_time_grows_with_the_text(made: object) -> None:
    assert callable(made)
    assert_linear("a.cpp", made, 3_000)


@pytest.mark.parametrize("piece", ["/* 3000 * / /* 3000 */ 3000 ", "/*/", "/* /* 3000 */ */ "])
def test_time_grows_with_the_comments_within_comments(piece: str) -> None:
    assert_linear("a.rs", lambda size: piece * size, 3_000)
