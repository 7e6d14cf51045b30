// The ranges: how much room is left, what lies outside, and what to do about it.
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import type { Data, PortRange, Service } from "./data";
import { Meter } from "./map";
import { href } from "./router";
import { Empty, ServiceLink, useSay } from "./ui";

interface Use { range: PortRange; size: number; used: number; next: number | null; overlaps: string[] }

export function Ranges({ data }: { data: Data }): VNode {
  const say = useSay();
  const uses = useMemo(() => data.ranges.map((range) => used(data, range)), [data]);
  const outside = useMemo(() => data.services.filter((service) => service.endpoints.some((endpoint) => stray(data, service, endpoint.port))), [data]);
  if (!uses.length) return <Empty>{say("noServices")}</Empty>;
  return (
    <>
      <div class="scroll natural" tabIndex={0} role="region" aria-label={say("ranges")}>
        <table>
          <thead><tr><th scope="col">{say("stack")}</th><th scope="col">{say("ports")}</th><th scope="col" class="number">{say("size")}</th><th scope="col">{say("headroom")}</th><th scope="col" class="number">{say("next")}</th><th scope="col">{say("suggestion")}</th></tr></thead>
          <tbody>{uses.map((use) => <Row key={use.range.name} use={use} />)}</tbody>
        </table>
      </div>
      {outside.length > 0 && <Outside data={data} services={outside} uses={uses} />}
    </>
  );
}

function used(data: Data, range: PortRange): Use {
  const size = range.last - range.first + 1;
  const taken = (port: number) => data.byPort.has(port) || data.reserved.some((one) => one.first <= port && port <= one.last);
  let next: number | null = null;
  for (let port = range.first; port <= range.last && next === null; port++) if (!taken(port)) next = port;
  const inside = [...data.byPort].filter(([port, owners]) => range.first <= port && port <= range.last && owners.some((owner) => owner.endpoint));
  const overlaps = data.ranges.filter((other) => other !== range && other.first <= range.last && range.first <= other.last).map((other) => other.name);
  return { range, size, used: inside.length, next, overlaps };
}

function stray(data: Data, service: Service, port: number): boolean {
  const range = data.ranges.find((one) => one.name === service.stack);
  return !service.external && range !== undefined && (port < range.first || port > range.last);
}

function Row({ use }: { use: Use }): VNode {
  const say = useSay();
  const free = use.size - use.used;
  const word = use.overlaps.length ? say("overlaps", use.overlaps.join(", ")) : free === 0 ? say("full") : free / use.size < 0.2 ? say("little") : say("enough");
  return (
    <tr>
      <th scope="row"><a href={href("services", "", { stack: use.range.name })}>{use.range.name}</a></th>
      <td><a href={href("map", "", { from: String(use.range.first), to: String(use.range.last) })}>{use.range.first}–{use.range.last}</a></td>
      <td class="number">{use.size}</td>
      <td><Meter used={use.used} size={use.size} /> <small>{say("usedOf", use.used, use.size)}</small></td>
      <td class="number">{use.next ?? "—"}</td>
      <td class={use.overlaps.length || free / use.size < 0.2 ? "alarm" : "dim"}>{word}</td>
    </tr>
  );
}

function Outside({ data, services, uses }: { data: Data; services: Service[]; uses: Use[] }): VNode {
  const say = useSay();
  return (
    <section>
      <h3>{say("outside")}</h3>
      <ul class="plain">
        {services.map((service) => {
          const home = uses.find((use) => use.range.name === service.stack);
          const port = service.endpoints.find((endpoint) => stray(data, service, endpoint.port))!.port;
          return <li key={service.name}><ServiceLink name={service.name} /> {port}. {home?.next && say("moveInto", service.name, home.range.name, home.next)} {home?.next && <code>portscan migrate {service.name} {home.next}</code>}</li>;
        })}
      </ul>
    </section>
  );
}
