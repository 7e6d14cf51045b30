// The words of the page, in English and in Portuguese.

const english = {
  map: "Map", services: "Services", graph: "Graph", findings: "Findings", ranges: "Ranges",
  language: "Language", theme: "Theme", light: "Light", dark: "Dark", system: "System", skip: "Skip to the content",
  search: "Search", all: "all", stack: "Stack", owner: "Owner", status: "Status", protocol: "Protocol", port: "Port",
  containerPort: "Container port", variable: "Variable", service: "Service", path: "Path", rule: "Rule", severity: "Severity",
  message: "Message", copy: "Copy", copied: "Copied", copyUrl: "Copy URL", copySnippet: "Copy Compose line", nobody: "nobody", none: "none",
  active: "active", deprecated: "deprecated", planned: "planned", free: "free", used: "used", reserved: "reserved",
  conflict: "conflict", window: "in transition", retired: "retired", error: "error", warning: "warning", note: "note",
  zoomIn: "Zoom in", zoomOut: "Zoom out", wholeSpace: "All ports", mapHelp: "Arrow keys move, + and − zoom, 0 shows all ports.",
  shownPorts: "Ports {0} to {1}", usedOf: "{0} of {1} used", headroom: "Headroom", size: "Size", next: "Next free", overlaps: "overlaps {0}",
  little: "Less than a fifth is free: widen the range, or open another one.", enough: "Enough room.", full: "Full: nothing can be added here.",
  outside: "Outside every range", suggestion: "Suggestion", moveInto: "Move {0} into {1}: {2} is free.",
  description: "Description", hosts: "Host names", networks: "Networks", health: "Health check", dependsOn: "Depends on", calledBy: "Called by",
  calls: "Calls", written: "Where its port is written", bound: "bound", verified: "checked", finding: "goes round the registry", doc: "document",
  other: "other", history: "History", previous: "Previous ports", until: "until {0}", gone: "given up on {0}", noUses: "Its port is written nowhere.",
  noHistory: "Its history is not known here.", container: "Container", yes: "yes", no: "no", unknown: "not said", listening: "listening",
  silent: "silent", healthy: "healthy", unwell: "unwell", listens: "Now", nothing: "Nothing fits.", clear: "Clear the filters", noFindings: "No findings: the registry is followed.",
  noServices: "The registry lists no service yet. `portscan new` adds one.", noSuchService: "The registry has no service called {0}.",
  noEdges: "No dependencies are known. `depends_on` in the registry, and Compose files, make them.", fault: "fault", dependency: "dependency", call: "call",
  network: "Network", by: "by", group: "Group", trend: "Trend", fixes: "Fix", safe: "safe", unsafe: "read first", display: "shown", byHand: "by hand",
  rows: "{0} of {1}", registry: "Registry", today: "As of {0}", broken: "The page cannot read its data.", offline: "The server no longer answers; this is the last state.",
  live: "live", rescan: "Scan again", ports: "Ports", details: "Details", back: "Back", why: "Why", select: "Select a port or a range.", focus: "Focus", fit: "Fit",
  stale: "The registry has errors; this is the last good state: {0}",
};

export type Words = typeof english;
export type Key = keyof Words;

const portuguese: Words = {
  map: "Mapa", services: "Serviços", graph: "Grafo", findings: "Achados", ranges: "Faixas",
  language: "Idioma", theme: "Tema", light: "Claro", dark: "Escuro", system: "Sistema", skip: "Ir para o conteúdo",
  search: "Buscar", all: "todos", stack: "Grupo", owner: "Responsável", status: "Situação", protocol: "Protocolo", port: "Porta",
  containerPort: "Porta no contêiner", variable: "Variável", service: "Serviço", path: "Caminho", rule: "Regra", severity: "Gravidade",
  message: "Mensagem", copy: "Copiar", copied: "Copiado", copyUrl: "Copiar URL", copySnippet: "Copiar linha do Compose", nobody: "ninguém", none: "nenhum",
  active: "ativo", deprecated: "descontinuado", planned: "planejado", free: "livre", used: "em uso", reserved: "reservada",
  conflict: "conflito", window: "em transição", retired: "aposentada", error: "erro", warning: "aviso", note: "nota",
  zoomIn: "Aproximar", zoomOut: "Afastar", wholeSpace: "Todas as portas", mapHelp: "As setas movem, + e − aproximam e afastam, 0 mostra todas as portas.",
  shownPorts: "Portas {0} a {1}", usedOf: "{0} de {1} em uso", headroom: "Folga", size: "Tamanho", next: "Próxima livre", overlaps: "sobrepõe {0}",
  little: "Menos de um quinto está livre: amplie a faixa ou abra outra.", enough: "Há espaço suficiente.", full: "Cheia: nada mais cabe aqui.",
  outside: "Fora de todas as faixas", suggestion: "Sugestão", moveInto: "Mova {0} para {1}: {2} está livre.",
  description: "Descrição", hosts: "Nomes de host", networks: "Redes", health: "Verificação de saúde", dependsOn: "Depende de", calledBy: "Chamado por",
  calls: "Chama", written: "Onde sua porta está escrita", bound: "vinculada", verified: "conferida", finding: "contorna o registro", doc: "documento",
  other: "outro", history: "Histórico", previous: "Portas anteriores", until: "até {0}", gone: "abandonada em {0}", noUses: "Sua porta não está escrita em lugar nenhum.",
  noHistory: "Seu histórico não é conhecido aqui.", container: "Contêiner", yes: "sim", no: "não", unknown: "não informado", listening: "escutando",
  silent: "em silêncio", healthy: "saudável", unwell: "com problemas", listens: "Agora", nothing: "Nada corresponde.", clear: "Limpar os filtros", noFindings: "Nenhum achado: o registro é seguido.",
  noServices: "O registro ainda não lista nenhum serviço. `portscan new` adiciona um.", noSuchService: "O registro não tem um serviço chamado {0}.",
  noEdges: "Nenhuma dependência é conhecida. Elas vêm de `depends_on` no registro e dos arquivos do Compose.", fault: "falha", dependency: "dependência", call: "chamada",
  network: "Rede", by: "por", group: "Agrupar", trend: "Tendência", fixes: "Correção", safe: "segura", unsafe: "ler antes", display: "exibida", byHand: "manual",
  rows: "{0} de {1}", registry: "Registro", today: "Em {0}", broken: "A página não consegue ler seus dados.", offline: "O servidor não responde mais; este é o último estado.",
  live: "ao vivo", rescan: "Verificar de novo", ports: "Portas", details: "Detalhes", back: "Voltar", why: "Por quê", select: "Selecione uma porta ou uma faixa.", focus: "Focar", fit: "Ajustar",
  stale: "O registro tem erros; este é o último estado bom: {0}",
};

export type Language = "en" | "pt";
const all: Record<Language, Words> = { en: english, pt: portuguese };

// The first language of the browser that the page speaks.
export function preferred(languages: readonly string[]): Language {
  const known = languages.map((language) => language.slice(0, 2).toLowerCase()).find((language) => language in all);
  return (known as Language | undefined) ?? "en";
}

export type Say = (key: Key, ...values: (string | number)[]) => string;

export function speaker(language: Language): Say {
  return (key, ...values) => all[language][key].replace(/\{(\d)\}/g, (_, place) => String(values[Number(place)]));
}

export const isKey = (word: string): word is Key => word in english;
