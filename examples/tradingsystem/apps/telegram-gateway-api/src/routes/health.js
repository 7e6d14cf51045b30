'use strict';

const { Router } = require('express');

const router = Router();

router.get('/', (_request, response) => {
  response.status(200).json({ service: 'telegram-gateway-api', uptime: process.uptime() });
});

router.get('/ready', async (_request, response) => {
  try {
    const upstream = await fetch('http://localhost:4007/health', { signal: AbortSignal.timeout(2000) });
    response.status(upstream.ok ? 200 : 503).json({ mtproto: upstream.ok });
  } catch (error) {
    response.status(503).json({ mtproto: false, reason: error.message });
  }
});

module.exports = router;
