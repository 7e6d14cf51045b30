import cors from 'cors';
import express from 'express';
import { BODY_LIMIT_BYTES, config } from './config.js';
import { databaseIsUp, pool } from './db.js';

const SHUTDOWN_GRACE_MS = 8000;

export const app = express();

app.use(cors({ origin: config.corsOrigins, maxAge: 7200 }));
app.use(express.json({ limit: BODY_LIMIT_BYTES }));

app.get('/health', async (_request, response) => {
  const database = await databaseIsUp();
  response.status(database ? 200 : 503).json({ service: 'workspace-api', database });
});

app.get('/metrics', (_request, response) => {
  response.type('text/plain').send(`process_uptime_seconds ${process.uptime()}\n`);
});

app.get('/workspaces', async (_request, response) => {
  const { rows } = await pool.query('SELECT id, name FROM workspaces ORDER BY name LIMIT 1000');
  response.json(rows);
});

app.get('/telegram/messages', async (request, response) => {
  const url = new URL('/messages', config.telegramGatewayUrl);
  url.searchParams.set('channel', String(request.query.channel ?? ''));
  const upstream = await fetch(url, { signal: AbortSignal.timeout(5000) });
  response.status(upstream.status).json(await upstream.json());
});

if (process.env.NODE_ENV !== 'test') {
  const server = app.listen(config.port, () => {
    console.log(`workspace-api listens on ${config.port}`);
  });
  process.on('SIGTERM', () => {
    server.close();
    setTimeout(() => process.exit(1), SHUTDOWN_GRACE_MS).unref();
  });
}
