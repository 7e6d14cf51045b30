// Who depends on whom and who calls whom, laid out by dagre; faults stand out.
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { graphlib, layout } from "@dagrejs/dagre";
import type { Data, Edge } from "./data";
import { href, refine, type Route } from "./router";
import { Chip, choices, Empty, Message, Select, ServiceLink, useSay } from "./ui";

const HEIGHT = 38;
const LETTER = 7.6;
const MANY = 120;
const AIR = 16;

interface Box { name: string; x: number; y: number; width: number }
interface Point { x: number; y: number }
interface Line { edge: Edge; points: Point[] }
interface Drawing { boxes: Box[]; lines: Line[]; left: number; top: number; width: number; height: number }

export function Graph({ data, route }: { data: Data; route: Route }): VNode {
  const say = useSay();
  const focus = route.query.get("focus") ?? "", stack = route.query.get("stack") ?? "", network = route.query.get("network") ?? "";
  const all = data.graph.edges;
  const networks = [...new Set(all.map((edge) => edge.network ?? ""))].filter(Boolean).sort();
  const edges = useMemo(() => chosen(data, { focus, stack, network }), [data, focus, stack, network]);
  if (!all.length) return <Empty>{say("noEdges")}</Empty>;
  const set = (key: string) => (value: string) => refine(route, { [key]: value });
  const names = [...new Set(all.flatMap((edge) => [edge.from, edge.to]))].sort();
  return (
    <>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <Select label={say("focus")} value={focus} choices={choices(names)} onChange={set("focus")} />
        <Select label={say("stack")} value={stack} choices={choices(data.stacks)} onChange={set("stack")} />
        <Select label={say("network")} value={network} choices={choices(networks)} onChange={set("network")} />
      </form>
      <p class="count" role="status">{say("rows", edges.length, all.length)}</p>
      {edges.length > MANY * 3 ? null : edges.length ? <Picture edges={edges} focus={focus} byName={data.byName} /> : <Empty>{say("nothing")}</Empty>}
      <Listed edges={edges} />
    </>
  );
}

function chosen(data: Data, { focus, stack, network }: { focus: string; stack: string; network: string }): Edge[] {
  const near = (edge: Edge) => !focus || edge.from === focus || edge.to === focus;
  const inside = (edge: Edge) => !stack || [edge.from, edge.to].some((name) => data.byName.get(name)?.stack === stack);
  return data.graph.edges.filter((edge) => near(edge) && inside(edge) && (!network || edge.network === network));
}

function drawn(edges: Edge[]): Drawing {
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 14, ranksep: 70, marginx: 12, marginy: 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const name of new Set(edges.flatMap((edge) => [edge.from, edge.to]))) graph.setNode(name, { width: name.length * LETTER + 24, height: HEIGHT });
  edges.forEach((edge, index) => graph.setEdge(edge.from, edge.to, {}, String(index)));
  layout(graph);
  const boxes = graph.nodes().map((name: string) => ({ name, ...(graph.node(name) as unknown as { x: number; y: number; width: number }) }));
  const lines = graph.edges().map((key: { v: string; w: string; name?: string }) => ({ edge: edges[Number(key.name)], points: (graph.edge(key) as { points: Point[] }).points }));
  return { boxes, lines, ...extent(boxes, lines) };
}

// Lines may leave the frame that the layout speaks of: what is drawn decides.
function extent(boxes: Box[], lines: Line[]): { left: number; top: number; width: number; height: number } {
  const points = [
    ...boxes.flatMap((box) => [{ x: box.x - box.width / 2, y: box.y - HEIGHT / 2 }, { x: box.x + box.width / 2, y: box.y + HEIGHT / 2 }]),
    ...lines.flatMap((line) => line.points),
  ];
  const xs = points.map((point) => point.x), ys = points.map((point) => point.y);
  const left = Math.min(...xs) - AIR, top = Math.min(...ys) - AIR;
  return { left, top, width: Math.max(...xs) + AIR - left, height: Math.max(...ys) + AIR - top };
}

function Picture({ edges, focus, byName }: { edges: Edge[]; focus: string; byName: Data["byName"] }): VNode {
  const say = useSay();
  const { boxes, lines, left, top, width, height } = useMemo(() => drawn(edges), [edges]);
  return (
    <div class="picture" tabIndex={0} role="region" aria-label={say("graph")}>
      <svg width={width} height={height} viewBox={`${left} ${top} ${width} ${height}`}>
        <defs>
          {["depends", "calls", "fault"].map((kind) => (
            <marker key={kind} id={`end-${kind}`} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class={`end-${kind}`} d="M0 0L8 4L0 8z" /></marker>
          ))}
        </defs>
        {lines.map(({ edge, points }, index) => <Arrow key={index} edge={edge} points={points} />)}
        {boxes.map((box) => (
          <a key={box.name} href={byName.has(box.name) ? href("services", box.name) : href("graph", "", { focus: box.name })} aria-label={box.name}>
            <g class={`node ${box.name === focus ? "chosen" : ""} ${byName.has(box.name) ? "" : "stranger"}`} transform={`translate(${box.x - box.width / 2},${box.y - HEIGHT / 2})`}>
              <rect width={box.width} height={HEIGHT} rx={8} />
              <text x={box.width / 2} y={HEIGHT / 2 + 5} text-anchor="middle">{box.name}</text>
            </g>
          </a>
        ))}
      </svg>
    </div>
  );
}

function Arrow({ edge, points }: Line): VNode {
  const kind = edge.fault ? "fault" : edge.kind;
  const [start, ...rest] = points;
  const middle = points[Math.floor(points.length / 2)];
  return (
    <g class={`edge edge-${kind}`}>
      <path d={`M${start.x} ${start.y}L${rest.map((point) => `${point.x} ${point.y}`).join("L")}`} marker-end={`url(#end-${kind})`} />
      {(edge.fault || edge.port) && <text x={middle.x} y={middle.y - 4} text-anchor="middle">{edge.fault ?? edge.port}</text>}
      <title>{`${edge.from} → ${edge.to}${edge.message ? `: ${edge.message}` : ""}`}</title>
    </g>
  );
}

function Listed({ edges }: { edges: Edge[] }): VNode {
  const say = useSay();
  const ordered = [...edges].sort((a, b) => Number(!a.fault) - Number(!b.fault));
  return (
    <ul class="plain">
      {ordered.slice(0, MANY).map((edge, index) => (
        <li key={index}>
          <ServiceLink name={edge.from} /> → <ServiceLink name={edge.to} /> <span class="dim">{say(edge.kind === "calls" ? "call" : "dependency")}{edge.port ? ` :${edge.port}` : ""}{edge.network ? ` · ${edge.network}` : ""}</span>
          {edge.fault && <> <Chip kind="error">{edge.fault}</Chip> <Message text={edge.message ?? ""} /></>}
        </li>
      ))}
      {ordered.length > MANY && <li class="dim">… {ordered.length - MANY}</li>}
    </ul>
  );
}
