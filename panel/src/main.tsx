// The page: its frame, its data, and the view that the address names.
import { render, type VNode } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { decoded, type Data, type Raw } from "./data";
import { Findings } from "./findings";
import { Graph } from "./graph";
import { preferred, speaker, type Key, type Language } from "./i18n";
import { PortMap } from "./map";
import { Ranges } from "./ranges";
import { href, useRoute, type Route } from "./router";
import { ServicePage } from "./service";
import { Services } from "./services";
import { Empty, Registered, Saying, useSay } from "./ui";

const VIEWS = ["map", "services", "graph", "findings", "ranges"] as const;
const THEMES = ["system", "light", "dark"] as const;

function kept(key: string): string | null {
  try {
    return localStorage.getItem(`portscan-${key}`);
  } catch {
    return null;
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(`portscan-${key}`, value);
  } catch {
    // A page that may not keep anything forgets; that is all.
  }
}

function embedded(): Raw | null {
  try {
    return JSON.parse(document.getElementById("data")!.textContent ?? "") as Raw;
  } catch {
    return null;
  }
}

// The data of the page, and, where a server made it, its news.
function useData(): { data: Data | null; answering: boolean } {
  const [raw, setRaw] = useState(embedded);
  const [answering, setAnswering] = useState(true);
  useEffect(() => {
    if (!raw?.live) return;
    const events = new EventSource("events");
    events.onmessage = async () => {
      const answer = await fetch("data.json", { cache: "no-store" });
      if (answer.ok) setRaw((await answer.json()) as Raw);
    };
    events.onopen = () => setAnswering(true);
    events.onerror = () => setAnswering(false);
    return () => events.close();
  }, []);
  return { data: useMemo(() => raw && decoded(raw), [raw]), answering };
}

// The token came with the page, and nobody else has it: without it the server does nothing.
const token = embedded()?.token ?? "";
const rescan = () => fetch("rescan", { method: "POST", headers: { "X-Portscan-Token": token } });

function App(): VNode {
  const { data, answering } = useData();
  const route = useRoute();
  const [language, setLanguage] = useState<Language>(() => (kept("language") as Language | null) ?? preferred(navigator.languages));
  const [theme, setTheme] = useState(() => kept("theme") ?? "system");
  const say = useMemo(() => speaker(language), [language]);
  useEffect(() => {
    document.documentElement.lang = language === "pt" ? "pt-BR" : "en";
    document.documentElement.dataset.theme = theme;
    keep("language", language);
    keep("theme", theme);
  }, [language, theme]);
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      const typing = (event.target as HTMLElement).matches("input, select, textarea");
      if (event.key !== "/" || typing || event.ctrlKey || event.metaKey) return;
      const field = document.getElementById("search");
      if (field) { event.preventDefault(); field.focus(); }
    };
    addEventListener("keydown", key);
    return () => removeEventListener("keydown", key);
  }, []);
  useEffect(() => {
    document.title = `${route.name || say(titled(route))} · ${data?.title ?? "portscan"}`;
  }, [route.view, route.name, language, data]);
  return (
    <Saying.Provider value={say}>
      <a class="skip" href="#content" onClick={(event) => { event.preventDefault(); document.getElementById("content")!.focus(); }}>{say("skip")}</a>
      <header>
        <h1><a href={href("map")}>{data?.title ?? "portscan"}</a></h1>
        <nav aria-label="portscan">
          {VIEWS.map((view) => <a key={view} href={href(view)} aria-current={route.view === view ? "page" : undefined}>{say(view)}{view === "findings" && data ? <small>{data.findings.length}</small> : null}</a>)}
        </nav>
        <div class="settings">
          <label><span class="hidden">{say("language")}</span><select value={language} onChange={(event) => setLanguage(event.currentTarget.value as Language)}><option value="en">English</option><option value="pt">Português</option></select></label>
          <label><span class="hidden">{say("theme")}</span><select value={theme} onChange={(event) => setTheme(event.currentTarget.value)}>{THEMES.map((one) => <option key={one} value={one}>{say(one)}</option>)}</select></label>
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        {data?.problem && <p class="banner" role="alert">{say("stale", data.problem)}</p>}
        {!answering && <p class="banner" role="alert">{say("offline")}</p>}
        {data ? <Registered.Provider value={data.byName}><View data={data} route={route} /></Registered.Provider> : <Empty>{say("broken")}</Empty>}
      </main>
      {data && <footer><span>{say("registry")}: <code>{data.registry}</code></span><span>{say("today", data.today)}</span>{data.live && answering && <span class="live">{say("live")} <button type="button" class="copy" onClick={rescan}>{say("rescan")}</button></span>}<span>portscan {data.portscan}</span></footer>}
    </Saying.Provider>
  );
}

const titled = (route: Route): Key => ((VIEWS as readonly string[]).includes(route.view) ? (route.view as Key) : "map");

function View({ data, route }: { data: Data; route: Route }): VNode {
  const say = useSay();
  const shown = route.view === "services" && route.name ? <ServicePage data={data} name={route.name} />
    : route.view === "services" ? <Services data={data} route={route} />
    : route.view === "graph" ? <Graph data={data} route={route} />
    : route.view === "findings" ? <Findings data={data} route={route} />
    : route.view === "ranges" ? <Ranges data={data} />
    : <PortMap data={data} route={route} />;
  return <section class={`view view-${titled(route)}`} aria-label={route.name || say(titled(route))}>{shown}</section>;
}

render(<App />, document.getElementById("app")!);
