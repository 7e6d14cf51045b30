import { describe, expect, it } from 'vitest';

// `npm run dev` must be running; CI starts it before the tests.
const BASE_URL = 'http://127.0.0.1:3200';

describe('GET /health', () => {
  it('answers while the database is up', async () => {
    const response = await fetch(`${BASE_URL}/health`);
    expect(response.status).toBe(200);
  }, 15000);

  it('refuses bodies above the limit', async () => {
    const body = JSON.stringify({ name: 'x'.repeat(5_000_000) });
    const headers = { 'content-type': 'application/json', origin: 'http://localhost:3103' };
    const response = await fetch(`${BASE_URL}/workspaces`, { method: 'POST', headers, body });
    expect(response.status).toBe(413);
  });
});
