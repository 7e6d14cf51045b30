// What goes round the registry: by rule, by owner, by path.
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import type { Data, Finding } from "./data";
import { refine, type Route } from "./router";
import { Place } from "./service";
import { Chip, choices, Empty, Message, Search, Select, ServiceLink, Sparkline, Table, useSay, Word, type Column } from "./ui";

const FIXES = ["byHand", "safe", "unsafe", "display"] as const;
const GROUPS = ["code", "owner", "path"] as const;
const MOST_GROUPS = 12;

export function Findings({ data, route }: { data: Data; route: Route }): VNode {
  const say = useSay();
  const get = (key: string) => route.query.get(key) ?? "";
  const set = (key: string) => (value: string) => refine(route, { [key]: value });
  const shown = useMemo(() => data.findings.filter((finding) => fits(finding, get)), [data, route.query.toString()]);
  if (!data.findings.length) return <><Empty>{say("noFindings")}</Empty><Trend data={data} /></>;
  const codes = Object.keys(data.rules).filter((code) => data.findings.some((finding) => finding.code === code));
  const severities = [...new Set(data.findings.map((finding) => finding.severity))];
  const owners = [...new Set(data.findings.map((finding) => finding.owner))].filter(Boolean).sort();
  const services = [...new Set(data.findings.map((finding) => finding.service))].filter(Boolean).sort();
  const rule = data.rules[get("code")];
  return (
    <>
      <Trend data={data} />
      <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <Search value={get("q")} onChange={set("q")} />
        <Select label={say("rule")} value={get("code")} choices={codes.map((code) => ({ value: code, label: `${code} ${data.rules[code].name}` }))} onChange={set("code")} />
        <Select label={say("severity")} value={get("severity")} choices={severities.map((one) => ({ value: one, label: say(one as "error") }))} onChange={set("severity")} />
        <Select label={say("owner")} value={get("owner")} choices={choices(owners)} onChange={set("owner")} />
        <Select label={say("service")} value={get("service")} choices={choices(services)} onChange={set("service")} />
      </form>
      {rule && <details><summary>{say("why")}: {get("code")} {rule.name}</summary><p class="prose">{rule.rationale}</p></details>}
      <p class="count" role="status">{say("rows", shown.length, data.findings.length)}</p>
      <Groups data={data} shown={shown} route={route} />
      {shown.length ? <Table label={say("findings")} rows={shown} columns={columns(data, say)} sort={get("sort")} onSort={set("sort")} />
        : <Empty>{say("nothing")} <button type="button" onClick={() => refine(route, { q: "", code: "", severity: "", owner: "", service: "", path: "" })}>{say("clear")}</button></Empty>}
    </>
  );
}

function fits(finding: Finding, get: (key: string) => string): boolean {
  const words = get("q").toLowerCase();
  return (
    (!get("code") || finding.code === get("code")) && (!get("severity") || finding.severity === get("severity")) &&
    (!get("owner") || finding.owner === get("owner")) && (!get("service") || finding.service === get("service")) &&
    (!get("path") || folder(finding.path) === get("path")) &&
    (!words || finding.message.toLowerCase().includes(words) || finding.path.toLowerCase().includes(words) || String(finding.port) === words)
  );
}

// The first two folders of a path: fine enough to find an owner, coarse enough to be few.
const folder = (path: string) => path.split("/").slice(0, -1).slice(0, 2).join("/") || ".";

function Groups({ data, shown, route }: { data: Data; shown: Finding[]; route: Route }): VNode {
  const say = useSay();
  const by = (route.query.get("by") as (typeof GROUPS)[number]) || "code";
  const key = (finding: Finding) => (by === "path" ? folder(finding.path) : finding[by]) || say("nobody");
  const counts = useMemo(() => {
    const found = new Map<string, number>();
    for (const finding of shown) found.set(key(finding), (found.get(key(finding)) ?? 0) + 1);
    return [...found].sort((a, b) => b[1] - a[1]).slice(0, MOST_GROUPS);
  }, [shown, by]);
  const most = counts[0]?.[1] ?? 1;
  return (
    <section class="groups" aria-label={say("group")}>
      <div class="tabs" role="group" aria-label={say("group")}>
        {GROUPS.map((one) => <button key={one} type="button" aria-pressed={one === by} onClick={() => refine(route, { by: one })}>{say(one === "code" ? "rule" : one)}</button>)}
      </div>
      <ul class="bars">
        {counts.map(([name, count]) => (
          <li key={name}>
            <button type="button" class="link" onClick={() => refine(route, { [by]: route.query.get(by) === name ? "" : name })}>{name}{by === "code" && <small> {data.rules[name]?.name}</small>}</button>
            <span class="bar"><i style={{ width: `${(100 * count) / most}%` }} /></span><span class="number">{count}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Trend({ data }: { data: Data }): VNode | null {
  const say = useSay();
  if (data.trend.length < 2) return null;
  const [first, last] = [data.trend[0], data.trend[data.trend.length - 1]];
  return (
    <figure class="trend">
      <figcaption>{say("trend")}: {first.findings} → {last.findings} <span class="dim">({first.when} – {last.when})</span></figcaption>
      <Sparkline values={data.trend.map((point) => point.findings)} label={say("trend")} />
    </figure>
  );
}

function columns(data: Data, say: ReturnType<typeof useSay>): Column<Finding>[] {
  return [
    { key: "severity", label: say("severity"), value: (row) => row.severity, show: (row) => <Chip kind={row.severity}><Word word={row.severity} /></Chip> },
    { key: "code", label: say("rule"), value: (row) => row.code, show: (row) => <abbr title={data.rules[row.code]?.name}>{row.code}</abbr> },
    { key: "place", label: say("path"), value: (row) => row.path, wide: true, show: (row) => <Place data={data} path={row.path} line={row.line} /> },
    { key: "message", label: say("message"), value: (row) => row.message, wide: true, show: (row) => <span title={row.message}><Message text={row.message} /></span> },
    { key: "port", label: say("port"), number: true, value: (row) => row.port, show: (row) => row.port || "" },
    { key: "service", label: say("service"), value: (row) => row.service, show: (row) => row.service && <ServiceLink name={row.service} /> },
    { key: "fix", label: say("fixes"), value: (row) => row.fix, show: (row) => <span class="dim">{say(FIXES[row.fix])}</span> },
  ];
}
