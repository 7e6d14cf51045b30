'use strict';

const express = require('express');
const health = require('./routes/health');
const { createStores } = require('./stores');
const { fetchMessages } = require('./mtproto-client');

const PORT = process.env.PORT || 4010;
const SYNC_INTERVAL_MS = 900000;

const app = express();
const stores = createStores();

app.use(express.json({ limit: '512kb' }));
app.use('/health', health);

app.get('/metrics', (_request, response) => {
  response.type('text/plain').send(`process_uptime_seconds ${process.uptime()}\n`);
});

app.get('/messages', async (request, response, next) => {
  try {
    const since = Number(request.query.since || 0);
    const { rows } = await stores.database.query(
      'SELECT id, channel, body, sent_at FROM messages WHERE id > $1 ORDER BY id LIMIT 500',
      [since],
    );
    response.json(rows);
  } catch (error) {
    next(error);
  }
});

app.post('/sync', async (request, response) => {
  try {
    const messages = await fetchMessages(request.body.channel);
    await stores.cache.set('sync:last', Date.now(), 'EX', 3600);
    response.status(202).json({ received: messages.length });
  } catch (error) {
    console.error('sync failed', error.code);
    response.status(502).json({ error: 'mtproto unreachable' });
  }
});

app.listen(PORT, '0.0.0.0', () => {
  console.log(`telegram-gateway-api listens on ${PORT}, syncs every ${SYNC_INTERVAL_MS / 1000} s`);
});
