// All 65,535 ports: a strip that zooms down to single ports, and the ranges beneath it, cell by cell.
import type { VNode } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { scaleLinear } from "d3-scale";
import { nowOf, stateOf, term, type Data, type PortRange } from "./data";
import { refine, type Route } from "./router";
import { Empty, ServiceLink, useSay, Word } from "./ui";

const LOWEST = 1;
const HIGHEST = 65535;
const CLOSEST = 12;
const STRIP = 132;

type Window = [number, number];

export function PortMap({ data, route }: { data: Data; route: Route }): VNode {
  const say = useSay();
  const port = Number(route.query.get("port")) || 0;
  const shown = windowOf(route, data, port);
  const show = ([first, last]: Window) => refine(route, { from: String(first), to: String(last) });
  const select = (one: number) => refine(route, { port: String(one) });
  return (
    <>
      <div class="toolbar">
        <strong>{say("shownPorts", shown[0], shown[1])}</strong>
        <span class="grow" />
        <button type="button" onClick={() => show(zoomed(shown, 0.5))} aria-label={say("zoomIn")}>+</button>
        <button type="button" onClick={() => show(zoomed(shown, 2))} aria-label={say("zoomOut")}>−</button>
        <button type="button" onClick={() => show([LOWEST, HIGHEST])}>{say("wholeSpace")}</button>
        {data.ranges.length > 0 && <button type="button" onClick={() => show(around(data))}>{say("fit")}</button>}
      </div>
      <Strip data={data} shown={shown} show={show} port={port} select={select} />
      <Legend />
      <Selected data={data} port={port} />
      {data.ranges.length ? (
        <div class="ranges">{data.ranges.map((range) => <RangeCard key={range.name} data={data} range={range} port={port} select={select} show={show} />)}</div>
      ) : <Empty>{say("noServices")}</Empty>}
    </>
  );
}

function windowOf(route: Route, data: Data, port: number): Window {
  const from = Number(route.query.get("from")), to = Number(route.query.get("to"));
  if (from >= LOWEST && to > from && to <= HIGHEST) return [from, to];
  return port ? bounded(port - 50, port + 49) : around(data);
}

// The part of the space that the registry speaks of, with some air around it.
export function around(data: Data): Window {
  const ends = [...data.ranges.flatMap((range) => [range.first, range.last]), ...data.byPort.keys()];
  if (!ends.length) return [LOWEST, HIGHEST];
  const first = Math.min(...ends), last = Math.max(...ends), air = Math.ceil((last - first + 1) * 0.03) + 5;
  return bounded(first - air, last + air);
}

function bounded(first: number, last: number): Window {
  const size = Math.min(Math.max(last - first, CLOSEST), HIGHEST - LOWEST);
  const start = Math.min(Math.max(Math.round(first), LOWEST), HIGHEST - Math.round(size));
  return [start, start + Math.round(size)];
}

function zoomed([first, last]: Window, factor: number, centre = (first + last) / 2): Window {
  return bounded(centre - (centre - first) * factor, centre + (last - centre) * factor);
}

function moved([first, last]: Window, share: number): Window {
  const step = Math.max(1, Math.round((last - first) * Math.abs(share))) * Math.sign(share);
  return bounded(first + step, last + step);
}

function useWidth(): [preact.RefObject<HTMLDivElement | null>, number] {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(900);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.max(entry.contentRect.width, 200)));
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);
  return [box, width];
}

interface StripProps { data: Data; shown: Window; show: (window: Window) => void; port: number; select: (port: number) => void }

function Strip({ data, shown, show, port, select }: StripProps): VNode {
  const say = useSay();
  const [box, width] = useWidth();
  const scale = useMemo(() => scaleLinear().domain([shown[0] - 0.5, shown[1] + 0.5]).range([0, width]), [shown[0], shown[1], width]);
  const drag = useRef<{ x: number; from: Window } | null>(null);
  useEffect(() => {
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const centre = scale.invert(event.clientX - box.current!.getBoundingClientRect().left);
      show(Math.abs(event.deltaX) > Math.abs(event.deltaY) ? moved(shown, Math.sign(event.deltaX) * 0.1) : zoomed(shown, event.deltaY > 0 ? 1.25 : 0.8, centre));
    };
    box.current!.addEventListener("wheel", wheel, { passive: false });
    return () => box.current?.removeEventListener("wheel", wheel);
  }, [scale]);
  const keys: Record<string, () => Window> = {
    ArrowLeft: () => moved(shown, -0.1), ArrowRight: () => moved(shown, 0.1),
    "+": () => zoomed(shown, 0.5), "=": () => zoomed(shown, 0.5), "-": () => zoomed(shown, 2), "0": () => [LOWEST, HIGHEST],
  };
  const ports = [...data.byPort.keys()].filter((one) => shown[0] <= one && one <= shown[1]);
  const cell = width / (shown[1] - shown[0] + 1);
  return (
    <div
      ref={box} class="strip" tabIndex={0} role="group" aria-label={`${say("shownPorts", shown[0], shown[1])}. ${say("mapHelp")}`}
      onKeyDown={(event) => {
        const step = keys[event.key];
        if (!step || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        show(step());
      }}
      onPointerDown={(event) => { drag.current = { x: event.clientX, from: shown }; }}
      onPointerMove={(event) => {
        if (!drag.current || !event.buttons) return;
        const by = Math.round((drag.current.x - event.clientX) / cell);
        if (by) show(bounded(drag.current.from[0] + by, drag.current.from[1] + by));
      }}
      onPointerUp={(event) => {
        if (drag.current && Math.abs(event.clientX - drag.current.x) < 4) select(nearest(scale.invert(event.clientX - box.current!.getBoundingClientRect().left), ports, cell));
        drag.current = null;
      }}
    >
      <svg width={width} height={STRIP} aria-hidden="true">
        {[...data.ranges.map((range, index) => ({ range, kind: `tone-${index % 6}` })), ...data.reserved.map((range) => ({ range, kind: "tone-reserved" }))]
          .filter(({ range }) => range.last >= shown[0] && range.first <= shown[1])
          .map(({ range, kind }) => <Band key={`${range.name}${range.first}`} range={range} kind={kind} scale={scale} width={width} />)}
        {ports.map((one) => (
          <rect key={one} class={`mark mark-${stateOf(data, one)} ${one === port ? "chosen" : ""}`} x={scale(one - 0.5)} width={Math.max(cell - (cell > 4 ? 1 : 0), 2)} y={48} height={44} />
        ))}
        {cell > 34 && ports.map((one) => (
          <text key={`t${one}`} class="mark-text" x={scale(one)} y={74} text-anchor="middle">{one}</text>
        ))}
        {port >= shown[0] && port <= shown[1] && <path class="pointer" d={`M${scale(port)} 42l-5 -8h10z`} />}
        <g class="axis">
          {scale.ticks(Math.max(Math.floor(width / 90), 2)).filter(Number.isInteger).map((tick) => (
            <g key={tick} transform={`translate(${scale(tick)},100)`}><line y2="6" /><text y="20" text-anchor="middle">{tick}</text></g>
          ))}
        </g>
      </svg>
    </div>
  );
}

// Where the strip is too coarse to hit a port, the nearest one in use is meant.
function nearest(position: number, ports: number[], cell: number): number {
  if (cell > 6) return Math.round(position);
  return ports.reduce((best, one) => (Math.abs(one - position) < Math.abs(best - position) ? one : best), ports[0] ?? Math.round(position));
}

function Band({ range, kind, scale, width }: { range: PortRange; kind: string; scale: (port: number) => number; width: number }): VNode {
  const left = Math.max(scale(range.first - 0.5), 0), right = Math.min(scale(range.last + 0.5), width), size = Math.max(right - left, 2);
  const fits = size > range.name.length * 7 + 12;
  return (
    <g class={`band ${kind}`}>
      <rect x={left} y={4} width={size} height={92} rx={4} />
      {fits && <text x={left + 6} y={22}>{range.name}</text>}
      <title>{`${range.name} ${range.first}–${range.last}`}</title>
    </g>
  );
}

function Legend(): VNode {
  const say = useSay();
  const kinds = ["used", "planned", "deprecated", "window", "retired", "conflict", "reserved", "free"] as const;
  return <ul class="legend" aria-label={say("details")}>{kinds.map((kind) => <li key={kind}><i class={`swatch mark-${kind}`} />{say(kind)}</li>)}</ul>;
}

function Selected({ data, port }: { data: Data; port: number }): VNode {
  const say = useSay();
  if (!port) return <p class="selected dim" aria-live="polite">{say("select")}</p>;
  const here = data.byPort.get(port) ?? [];
  const ranges = data.ranges.filter((range) => range.first <= port && port <= range.last).map((range) => range.name);
  const now = nowOf(data, port);
  return (
    <p class="selected" aria-live="polite">
      <strong class="big">{port}</strong> <Word word={stateOf(data, port)} />
      {here.map(({ service, endpoint, previous }) => (
        <span key={service.name}> · <ServiceLink name={service.name} />{endpoint?.name ? ` (${endpoint.name})` : ""}{previous ? ` (${term(say, previous)})` : ""}</span>
      ))}
      {ranges.length > 0 && <span class="dim"> · {ranges.join(", ")}</span>}
      {now && <span> · {say(now)}</span>}
    </p>
  );
}

const MOST_CELLS = 300;

function RangeCard(props: { data: Data; range: PortRange; port: number; select: (port: number) => void; show: (window: Window) => void }): VNode {
  const { data, range, port, select, show } = props;
  const say = useSay();
  const size = range.last - range.first + 1;
  const used = [...data.byPort].filter(([one, owners]) => range.first <= one && one <= range.last && owners.some((owner) => owner.endpoint)).length;
  const step = Math.ceil(size / MOST_CELLS);
  const cells = Array.from({ length: Math.ceil(size / step) }, (_, index) => range.first + index * step);
  return (
    <section class="card range">
      <h3>
        <button type="button" class="link" onClick={() => show(bounded(range.first - 2, range.last + 2))}>{range.name}</button>
        <small>{range.first}–{range.last} · {say("usedOf", used, size)}</small>
      </h3>
      <Meter used={used} size={size} />
      <Cells data={data} cells={cells} step={step} last={range.last} port={port} select={select} label={range.name} />
    </section>
  );
}

export function Meter({ used, size }: { used: number; size: number }): VNode {
  const share = used / size;
  return (
    <span class={`meter ${share > 0.8 ? "little" : ""}`} role="img" aria-label={`${Math.round(share * 100)} %`}>
      <i style={{ width: `${Math.max(share * 100, used ? 1 : 0)}%` }} />
    </span>
  );
}

const ORDER = ["conflict", "window", "deprecated", "planned", "used", "retired", "reserved", "free"];

// One group in the tab order for all cells of a range; arrow keys go from cell to cell.
function Cells(props: { data: Data; cells: number[]; step: number; last: number; port: number; select: (port: number) => void; label: string }): VNode {
  const { data, cells, step, last, port, select } = props;
  const states = useMemo(() => cells.map((first) => worst(data, first, Math.min(first + step - 1, last))), [data, cells[0], step]);
  const chosen = Math.max(cells.findIndex((first) => first <= port && port < first + step), -1);
  const move = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -10, ArrowDown: 10 }[event.key];
    const target = by === undefined ? undefined : (event.currentTarget as HTMLElement).children[(chosen < 0 ? 0 : chosen) + by];
    if (!target) return;
    event.preventDefault();
    (target as HTMLElement).focus();
    select(Number((target as HTMLElement).dataset.port));
  };
  return (
    <div class="cells" role="listbox" aria-label={props.label} onKeyDown={move}>
      {cells.map((first, index) => (
        <button
          key={first} type="button" role="option" aria-selected={index === chosen} tabIndex={index === Math.max(chosen, 0) ? 0 : -1} data-port={states[index].port}
          class={`cell mark-${states[index].state} ${index === chosen ? "chosen" : ""}`} title={title(data, states[index].port, first, step, last)}
          aria-label={title(data, states[index].port, first, step, last)} onClick={() => select(states[index].port)}
        />
      ))}
    </div>
  );
}

function worst(data: Data, first: number, last: number): { port: number; state: string } {
  let best = { port: first, state: stateOf(data, first) as string };
  for (let port = first + 1; port <= last; port++) {
    if (!data.byPort.has(port)) continue;
    const state = stateOf(data, port);
    if (ORDER.indexOf(state) < ORDER.indexOf(best.state)) best = { port, state };
  }
  return best;
}

function title(data: Data, port: number, first: number, step: number, last: number): string {
  const names = (data.byPort.get(port) ?? []).map((owner) => owner.service.name).join(", ");
  const place = step > 1 ? `${first}–${Math.min(first + step - 1, last)}` : String(port);
  return names ? `${place} ${names}` : place;
}
