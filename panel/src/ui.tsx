// The parts that several views are made of.
import type { ComponentChildren, VNode } from "preact";
import { createContext } from "preact";
import { useContext, useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import type { Data } from "./data";
import { isKey, type Say } from "./i18n";
import { href } from "./router";

export const Saying = createContext<Say>((key) => key);
export const useSay = () => useContext(Saying);

export function Chip({ kind, children }: { kind: string; children: ComponentChildren }): VNode {
  return <span class={`chip chip-${kind}`}>{children}</span>;
}

// A word of the data, such as a status, in the reader's language where the page knows it.
export function Word({ word }: { word: string }): VNode {
  const say = useSay();
  return <>{isKey(word) ? say(word) : word}</>;
}

// The services of the registry; others may be called, and have no page.
export const Registered = createContext<ReadonlyMap<string, unknown>>(new Map());

export function ServiceLink({ name }: { name: string }): VNode {
  return useContext(Registered).has(name) ? <a href={href("services", name)}>{name}</a> : <span>{name}</span>;
}

// A button that copies a text. A plain one shows the text itself, and looks like it.
export function Copy({ text, label, plain = false }: { text: string; label: string; plain?: boolean }): VNode {
  const say = useSay();
  const [done, setDone] = useState(false);
  const copy = async () => {
    await written(text);
    setDone(true);
    setTimeout(() => setDone(false), 1500);
  };
  return (
    <button type="button" class={plain ? "copy variable" : "copy"} title={`${say("copy")}: ${text}`} onClick={copy} aria-label={`${plain ? say("copy") : label}: ${text}`}>
      {done ? say("copied") : label}
    </button>
  );
}

async function written(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // A page from a file may not have the clipboard: the old way still works there.
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

interface Choice { value: string; label: string }

export function Select(props: { label: string; value: string; choices: Choice[]; onChange: (value: string) => void }): VNode {
  const say = useSay();
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <select id={id} value={props.value} onChange={(event) => props.onChange(event.currentTarget.value)}>
        <option value="">{say("all")}</option>
        {props.choices.map((choice) => <option key={choice.value} value={choice.value}>{choice.label}</option>)}
      </select>
    </div>
  );
}

export function Search(props: { value: string; onChange: (value: string) => void }): VNode {
  const say = useSay();
  return (
    <div class="field grow">
      <label for="search">{say("search")}</label>
      <input id="search" type="search" value={props.value} onInput={(event) => props.onChange(event.currentTarget.value)} />
    </div>
  );
}

export interface Column<Row> {
  key: string; label: string; wide?: boolean; number?: boolean;
  value: (row: Row) => string | number; show?: (row: Row) => ComponentChildren;
}

const ROW = 34;
const BEYOND = 12;

// A table of any length: only the rows in sight are in the page. It sorts by a click on a head, and keeps its place.
export function Table<Row>(props: {
  label: string; rows: Row[]; columns: Column<Row>[]; sort: string; onSort: (sort: string) => void;
}): VNode {
  const body = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  useEffect(() => {
    const measure = () => setHeight(body.current?.clientHeight || 600);
    measure();
    addEventListener("resize", measure);
    const printing = () => setHeight(props.rows.length * ROW);
    addEventListener("beforeprint", printing);
    addEventListener("afterprint", measure);
    return () => {
      removeEventListener("resize", measure);
      removeEventListener("beforeprint", printing);
      removeEventListener("afterprint", measure);
    };
  }, [props.rows.length]);
  const rows = useMemo(() => sorted(props.rows, props.columns, props.sort), [props.rows, props.columns, props.sort]);
  const first = Math.max(0, Math.floor(top / ROW) - BEYOND);
  const last = Math.min(rows.length, Math.ceil((top + height) / ROW) + BEYOND);
  return (
    <div class="scroll" ref={body} tabIndex={0} role="region" aria-label={props.label} onScroll={(event) => setTop(event.currentTarget.scrollTop)}>
      <table aria-rowcount={rows.length + 1}>
        <thead><tr>{props.columns.map((column) => <Head key={column.key} column={column} sort={props.sort} onSort={props.onSort} />)}</tr></thead>
        <tbody>
          {first > 0 && <Gap rows={first} columns={props.columns.length} />}
          {rows.slice(first, last).map((row, index) => (
            <tr key={first + index} aria-rowindex={first + index + 2}>
              {props.columns.map((column) => (
                <td key={column.key} class={`${column.wide ? "wide" : ""} ${column.number ? "number" : ""}`} data-label={column.label}>
                  {column.show ? column.show(row) : column.value(row)}
                </td>
              ))}
            </tr>
          ))}
          {last < rows.length && <Gap rows={rows.length - last} columns={props.columns.length} />}
        </tbody>
      </table>
    </div>
  );
}

function Gap({ rows, columns }: { rows: number; columns: number }): VNode {
  return <tr class="gap" aria-hidden="true" style={{ height: `${rows * ROW}px` }}><td colSpan={columns} /></tr>;
}

function Head<Row>({ column, sort, onSort }: { column: Column<Row>; sort: string; onSort: (sort: string) => void }): VNode {
  const here = sort.replace("-", "") === column.key;
  const down = here && sort.startsWith("-");
  return (
    <th scope="col" aria-sort={here ? (down ? "descending" : "ascending") : "none"} class={column.number ? "number" : ""}>
      <button type="button" onClick={() => onSort(here && !down ? `-${column.key}` : column.key)}>
        {column.label}<span aria-hidden="true" class="arrow">{here ? (down ? "▾" : "▴") : ""}</span>
      </button>
    </th>
  );
}

function sorted<Row>(rows: Row[], columns: Column<Row>[], sort: string): Row[] {
  const column = columns.find((one) => one.key === sort.replace("-", ""));
  if (!column) return rows;
  const sign = sort.startsWith("-") ? -1 : 1;
  const keyed = rows.map((row) => ({ row, key: column.value(row) }));
  keyed.sort((a, b) => sign * (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.map((one) => one.row);
}

// Bars over time, drawn without a library: a handful of points in a row.
export function Sparkline({ values, label }: { values: number[]; label: string }): VNode {
  const most = Math.max(...values, 1);
  const width = 100 / values.length;
  return (
    <svg class="spark" viewBox="0 0 100 24" preserveAspectRatio="none" role="img" aria-label={`${label}: ${values.join(", ")}`}>
      {values.map((value, index) => (
        <rect key={index} x={index * width + width * 0.1} width={width * 0.8} y={24 - (22 * value) / most} height={(22 * value) / most} />
      ))}
    </svg>
  );
}

// A message of portscan: what stands between backticks is a name.
export function Message({ text }: { text: string }): VNode {
  return <>{text.split("`").map((part, index) => (index % 2 ? <code key={index}>{part}</code> : part))}</>;
}

export function Empty({ children }: { children: ComponentChildren }): VNode {
  return <p class="empty">{children}</p>;
}

export function protocols(data: Data): string[] {
  return [...new Set(data.services.flatMap((service) => service.endpoints.map((endpoint) => endpoint.protocol ?? "")))].filter(Boolean).sort();
}

export const choices = (values: string[]): Choice[] => values.map((value) => ({ value, label: value }));
