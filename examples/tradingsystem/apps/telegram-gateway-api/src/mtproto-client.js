'use strict';

// The bridge signs in as a user, so it keeps its own process (see apps/telegram-mtproto).
const MTPROTO_URL = process.env.MTPROTO_SERVICE_URL || 'http://localhost:4007';
const TIMEOUT_MS = Number(process.env.MTPROTO_TIMEOUT_MS || 5000);

async function fetchMessages(channel, limit = 500) {
  const url = `${MTPROTO_URL}/channels/${encodeURIComponent(channel)}/messages?limit=${limit}`;
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (response.status === 420) {
    // FLOOD_WAIT: Telegram asks for a pause
    await new Promise((resolve) => setTimeout(resolve, 30000));
    return fetchMessages(channel, limit);
  }
  if (!response.ok) {
    throw new Error(`mtproto answered ${response.status}`);
  }
  return response.json();
}

module.exports = { fetchMessages };
