// All services in a table: search, filters, sorting, and what people come to copy.
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { nowOf, type Data, type Endpoint, type Service } from "./data";
import { refine, type Route } from "./router";
import { Chip, choices, Copy, Empty, protocols, Search, Select, ServiceLink, Table, useSay, Word, type Column } from "./ui";

interface Row { service: Service; endpoint: Endpoint; text: string }

export function Services({ data, route }: { data: Data; route: Route }): VNode {
  const say = useSay();
  const rows = useMemo(() => data.services.flatMap(rowsOf), [data]);
  const get = (key: string) => route.query.get(key) ?? "";
  const shown = useMemo(() => rows.filter((row) => fits(row, get)), [rows, route.query.toString()]);
  if (!rows.length) return <Empty>{say("noServices")}</Empty>;
  const set = (key: string) => (value: string) => refine(route, { [key]: value });
  const owners = [...new Set(data.services.map((service) => service.owner ?? ""))].filter(Boolean).sort();
  const statuses = [...new Set(data.services.map((service) => service.status))];
  return (
    <>
      <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <Search value={get("q")} onChange={set("q")} />
        <Select label={say("stack")} value={get("stack")} choices={choices(data.stacks)} onChange={set("stack")} />
        <Select label={say("owner")} value={get("owner")} choices={choices(owners)} onChange={set("owner")} />
        <Select label={say("status")} value={get("status")} choices={choices(statuses)} onChange={set("status")} />
        <Select label={say("protocol")} value={get("protocol")} choices={choices(protocols(data))} onChange={set("protocol")} />
      </form>
      <p class="count" role="status">{say("rows", shown.length, rows.length)}</p>
      {shown.length ? (
        <Table label={say("services")} rows={shown} columns={columns(data, say)} sort={get("sort") || "port"} onSort={set("sort")} />
      ) : (
        <Empty>{say("nothing")} <button type="button" onClick={() => refine(route, CLEARED)}>{say("clear")}</button></Empty>
      )}
    </>
  );
}

const CLEARED = { q: "", stack: "", owner: "", status: "", protocol: "" };

function rowsOf(service: Service): Row[] {
  return service.endpoints.map((endpoint) => ({
    service, endpoint,
    text: [service.name, service.description, service.owner, service.stack, endpoint.variable, endpoint.port, endpoint.container_port, ...service.hosts]
      .join(" ").toLowerCase(),
  }));
}

function fits(row: Row, get: (key: string) => string): boolean {
  const { service, endpoint } = row;
  return (
    get("q").toLowerCase().split(/\s+/).every((word) => row.text.includes(word)) &&
    (!get("stack") || service.stack === get("stack")) && (!get("owner") || service.owner === get("owner")) &&
    (!get("status") || service.status === get("status")) && (!get("protocol") || endpoint.protocol === get("protocol"))
  );
}

export function snippet(endpoint: Endpoint): string {
  return `- "\${${endpoint.variable}:-${endpoint.port}}:${endpoint.container_port}"`;
}

function columns(data: Data, say: ReturnType<typeof useSay>): Column<Row>[] {
  const found: Column<Row>[] = [
    { key: "port", label: say("port"), number: true, value: (row) => row.endpoint.port, show: (row) => <a href={`#/map?port=${row.endpoint.port}`}>{row.endpoint.port}</a> },
    {
      key: "name", label: say("service"), value: (row) => row.service.name,
      show: (row) => <><ServiceLink name={row.service.name} />{row.endpoint.name && <small> {row.endpoint.name}</small>}</>,
    },
    { key: "variable", label: say("variable"), value: (row) => row.endpoint.variable, show: (row) => <Copy text={row.endpoint.variable} label={row.endpoint.variable} plain /> },
    { key: "stack", label: say("stack"), value: (row) => row.service.stack ?? "" },
    { key: "protocol", label: say("protocol"), value: (row) => row.endpoint.protocol ?? "" },
    { key: "owner", label: say("owner"), value: (row) => row.service.owner ?? "", show: (row) => row.service.owner ?? <span class="dim">{say("nobody")}</span> },
    { key: "status", label: say("status"), value: (row) => row.service.status, show: (row) => <Chip kind={row.service.status}><Word word={row.service.status} /></Chip> },
  ];
  if (data.listening) {
    const word = (row: Row) => nowOf(data, row.endpoint.port) ?? "silent";
    found.push({ key: "now", label: say("listens"), value: word, show: (row) => <Chip kind={word(row)}><Word word={word(row)} /></Chip> });
  }
  found.push({
    key: "copy", label: say("copy"), value: () => "",
    show: (row) => (
      <span class="copies">
        {row.service.url && <Copy text={row.service.url} label="URL" />}
        <Copy text={snippet(row.endpoint)} label="Compose" />
      </span>
    ),
  });
  return found;
}
