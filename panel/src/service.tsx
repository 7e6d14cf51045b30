// One service: what the registry says of it, where its port is written, who calls it, and how it came to be.
import type { ComponentChildren, VNode } from "preact";
import { link, nowOf, term, type Data, type Edge, type Service, type Use } from "./data";
import { snippet } from "./services";
import { href } from "./router";
import { Chip, Copy, Empty, Message, ServiceLink, useSay, Word } from "./ui";

export function ServicePage({ data, name }: { data: Data; name: string }): VNode {
  const say = useSay();
  const service = data.byName.get(name);
  if (!service) return <Empty>{say("noSuchService", name)} <a href={href("services")}>{say("services")}</a></Empty>;
  const edges = data.graph.edges;
  return (
    <article>
      <p><a href={href("services")}>← {say("services")}</a></p>
      <h2>{service.name} <Chip kind={service.status}><Word word={service.status} /></Chip></h2>
      {service.description && <p>{service.description}</p>}
      <Endpoints service={service} />
      <Facts data={data} service={service} />
      <h3>{say("dependsOn")}</h3>
      <Edges edges={edges.filter((edge) => edge.from === name)} far={(edge) => edge.to} />
      <h3>{say("calledBy")}</h3>
      <Edges edges={edges.filter((edge) => edge.to === name)} far={(edge) => edge.from} />
      <FindingsOf data={data} name={name} />
      <h3>{say("written")}</h3>
      <Uses data={data} uses={data.uses.get(name) ?? []} />
      <h3>{say("history")}</h3>
      <History service={service} />
    </article>
  );
}

function Endpoints({ service }: { service: Service }): VNode {
  const say = useSay();
  return (
    <ul class="cards">
      {service.endpoints.map((endpoint) => (
        <li key={endpoint.port} class="card">
          <strong class="big"><a href={href("map", "", { port: String(endpoint.port) })}>{endpoint.port}</a></strong>
          <span>{[endpoint.name, endpoint.protocol].filter(Boolean).join(" · ")}</span>
          {endpoint.container_port !== endpoint.port && <span>{say("containerPort")}: {endpoint.container_port}</span>}
          <code>{endpoint.variable}</code>
          <span class="copies">
            <Copy text={endpoint.variable} label={say("copy")} />
            <Copy text={snippet(endpoint)} label={say("copySnippet")} />
            {service.url && !endpoint.name && <Copy text={service.url} label={say("copyUrl")} />}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Facts({ data, service }: { data: Data; service: Service }): VNode {
  const say = useSay();
  const now = nowOf(data, service.endpoints[0].port);
  const container = service.container === null ? say("unknown") : service.container ? say("yes") : say("no");
  const facts: [string, ComponentChildren][] = [
    [say("stack"), service.stack && <a href={href("services", "", { stack: service.stack })}>{service.stack}</a>],
    [say("owner"), service.owner ?? say("nobody")],
    [say("container"), container],
    [say("networks"), service.networks.join(", ")],
    [say("hosts"), service.hosts.join(", ")],
    [say("health"), service.healthcheck],
    [say("previous"), service.previous.map((one) => `${one.port} (${term(say, one)})`).join(", ")],
    [say("path"), service.paths.join(", ")],
    [say("listens"), now && <Chip kind={now}>{say(now)}</Chip>],
  ];
  return <dl class="facts">{facts.filter(([, value]) => value).map(([label, value]) => <div key={label}><dt>{label}</dt><dd>{value}</dd></div>)}</dl>;
}

function Edges({ edges, far }: { edges: Edge[]; far: (edge: Edge) => string }): VNode {
  const say = useSay();
  if (!edges.length) return <p class="dim">{say("none")}</p>;
  return (
    <ul class="plain">
      {edges.map((edge, index) => (
        <li key={index}>
          <ServiceLink name={far(edge)} /> <span class="dim">{say(edge.kind === "calls" ? "call" : "dependency")}{edge.port ? ` :${edge.port}` : ""}{edge.network ? ` · ${edge.network}` : ""}</span>
          {edge.fault && <> <Chip kind="error">{edge.fault}</Chip> <Message text={edge.message ?? ""} /></>}
        </li>
      ))}
    </ul>
  );
}

function FindingsOf({ data, name }: { data: Data; name: string }): VNode | null {
  const say = useSay();
  const found = data.findings.filter((finding) => finding.service === name).length;
  if (!found) return null;
  return <p><a href={href("findings", "", { service: name })}>{say("findings")}: {found}</a></p>;
}

const MANY = 200;

function Uses({ data, uses }: { data: Data; uses: Use[] }): VNode {
  const say = useSay();
  if (!uses.length) return <p class="dim">{say("noUses")}</p>;
  return (
    <>
      <p class="count">{uses.length}</p>
      <ul class="plain mono">
        {uses.slice(0, MANY).map((use, index) => (
          <li key={index}><Place data={data} path={use.path} line={use.line} /> <span class="dim">{use.port}</span> <Chip kind={use.state}><Word word={use.state} /></Chip></li>
        ))}
        {uses.length > MANY && <li class="dim">… {uses.length - MANY}</li>}
      </ul>
    </>
  );
}

export function Place({ data, path, line }: { data: Data; path: string; line: number }): VNode {
  const target = link(data, path, line);
  const text = `${path}:${line}`;
  return target ? <a href={target} target="_blank" rel="noreferrer noopener">{text}</a> : <span>{text}</span>;
}

function History({ service }: { service: Service }): VNode {
  const say = useSay();
  if (!service.history.length) return <p class="dim">{say("noHistory")}</p>;
  return <ul class="plain">{service.history.map((one, index) => <li key={index}><time>{one.date}</time> {one.what} <span class="dim">{one.author}</span></li>)}</ul>;
}
