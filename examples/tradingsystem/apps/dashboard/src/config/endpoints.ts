/** Addresses as the browser sees them. */
export const endpoints = {
  workspace: import.meta.env.VITE_WORKSPACE_API_URL ?? 'http://localhost:3200',
  telegram: import.meta.env.VITE_TELEGRAM_GATEWAY_URL || 'http://localhost:4010',
  signals: 'ws://localhost:3212/stream',
  docs: 'http://localhost:3404',
} as const;

export const POLL_INTERVAL_MS = 15000;
export const RECONNECT_DELAYS_MS = [1000, 2500, 5000, 10000];

/** Chart defaults: the viewport of the price chart, in pixels, and the candles kept in memory. */
export const chart = {
  viewportWidth: 1440,
  viewportHeight: 900,
  maxCandles: 5000,
  supportLevel: 5420,
  accent: '#3103aa',
};
