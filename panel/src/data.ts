// What the page is given, in the shape of schema/panel.schema.json, and the same as the views want it.
import type { Say } from "./i18n";

export interface PortRange { name: string; first: number; last: number }
export interface Endpoint { name: string | null; port: number; container_port: number; variable: string; protocol: string | null }
export interface Previous { port: number; until: string; open: boolean }
export interface Change { date: string; author: string; what: string }

export interface Service {
  name: string; stack: string | null; owner: string | null; status: string; description: string | null;
  endpoints: Endpoint[]; hosts: string[]; container: boolean | null; external: boolean; networks: string[];
  depends_on: string[]; previous: Previous[]; paths: string[]; healthcheck: string | null; url: string | null;
  history: Change[];
}

export interface Edge {
  from: string; to: string; kind: "depends" | "calls"; port: number | null; network: string | null;
  fault: string | null; message: string | null;
}

export interface Rule { name: string; rationale: string }
export interface Point { when: string; findings: number; bound: number; literals: number }
export interface Listener { port: number; healthy: boolean | null; service: number }

export interface Raw {
  version: number; title: string; registry: string; portscan: string; today: string; live: boolean; source: string | null;
  ranges: PortRange[]; reserved: PortRange[]; conflicts: number[]; services: Service[];
  uses: { paths: string[]; states: string[]; rows: number[][] };
  findings: { codes: string[]; severities: string[]; paths: string[]; messages: string[]; rows: number[][] };
  rules: Record<string, Rule>;
  graph: { edges: Edge[] };
  trend: Point[];
  listening: Listener[] | null;
  problem: string | null;
  token?: string;
}

export interface Finding {
  code: string; severity: string; message: string; path: string; line: number; column: number; port: number;
  service: string; owner: string; fix: number;
}

export interface Use { path: string; line: number; column: number; port: number; state: string }

export interface Data extends Omit<Raw, "findings" | "uses"> {
  findings: Finding[];
  uses: Map<string, Use[]>;
  byName: Map<string, Service>;
  byPort: Map<number, Owner[]>;
  stacks: string[];
}

// Who has a port, and in what way.
export interface Owner { service: Service; endpoint: Endpoint | null; previous: Previous | null }

export function decoded(raw: Raw): Data {
  const name = (index: number) => raw.services[index]?.name ?? "";
  const findings = raw.findings.rows.map(([code, severity, message, path, line, column, port, service, fix]) => ({
    code: raw.findings.codes[code], severity: raw.findings.severities[severity], message: raw.findings.messages[message],
    path: raw.findings.paths[path], line, column, port, service: name(service), owner: raw.services[service]?.owner ?? "", fix,
  }));
  const uses = new Map<string, Use[]>();
  for (const [service, path, line, column, port, state] of raw.uses.rows) {
    const use = { path: raw.uses.paths[path], line, column, port, state: raw.uses.states[state] };
    const known = uses.get(name(service));
    if (known) known.push(use);
    else uses.set(name(service), [use]);
  }
  return {
    ...raw, findings, uses, byName: new Map(raw.services.map((service) => [service.name, service])),
    byPort: owners(raw.services), stacks: [...new Set(raw.services.map((service) => service.stack ?? ""))].filter(Boolean),
  };
}

function owners(services: Service[]): Map<number, Owner[]> {
  const found = new Map<number, Owner[]>();
  const add = (port: number, owner: Owner) => {
    const known = found.get(port);
    if (known) known.push(owner);
    else found.set(port, [owner]);
  };
  for (const service of services) {
    for (const endpoint of service.endpoints) add(endpoint.port, { service, endpoint, previous: null });
    for (const previous of service.previous) add(previous.port, { service, endpoint: null, previous });
  }
  return found;
}

const DAY = 86_400_000;

// Until when a port of before may be used, or since when it may not: the day after its last one.
export function term(say: Say, previous: Previous): string {
  if (previous.open) return say("until", previous.until);
  return say("gone", new Date(Date.parse(previous.until) + DAY).toISOString().slice(0, 10));
}

export type State = "free" | "used" | "deprecated" | "planned" | "conflict" | "reserved" | "window" | "retired";

// What a port is, in one word: the worst that can be said of it.
export function stateOf(data: Data, port: number): State {
  const here = data.byPort.get(port) ?? [];
  const now = here.filter((owner) => owner.endpoint);
  if (data.conflicts.includes(port)) return "conflict";
  if (now.length) return now[0].service.status === "deprecated" ? "deprecated" : now[0].service.status === "planned" ? "planned" : "used";
  if (here.length) return here.some((owner) => owner.previous!.open) ? "window" : "retired";
  return data.reserved.some((range) => range.first <= port && port <= range.last) ? "reserved" : "free";
}

export function link(data: Data, path: string, line: number): string | null {
  if (!data.source) return null;
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  return data.source.replace("{path}", encoded).replace("{line}", String(line));
}

export type Now = "listening" | "healthy" | "unwell" | "silent";

// How a port of this machine is now; null where nobody looked.
export function nowOf(data: Data, port: number): Now | null {
  if (!data.listening) return null;
  const found = data.listening.find((one) => one.port === port);
  return !found ? "silent" : found.healthy === null ? "listening" : found.healthy ? "healthy" : "unwell";
}
