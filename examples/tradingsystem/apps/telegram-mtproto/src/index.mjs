// MTProto bridge. Runs on the host, never in a container: Telegram ties the session
// file to the machine that signed in.
import { createServer } from 'node:http';
import { Channels } from './channels.mjs';

const port = Number(process.env.TELEGRAM_MTPROTO_PORT ?? 4007);
const channels = new Channels(Number(process.env.TELEGRAM_API_ID), process.env.TELEGRAM_API_HASH);

const server = createServer(async (request, response) => {
  const url = new URL(request.url, `http://${request.headers.host}`);
  const match = /^\/channels\/([^/]+)\/messages$/.exec(url.pathname);
  if (url.pathname === '/health') {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ connected: channels.connected }));
  } else if (url.pathname === '/metrics') {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
    response.end(`mtproto_connected ${channels.connected ? 1 : 0}\n`);
  } else if (match) {
    const limit = Math.min(Number(url.searchParams.get('limit') ?? 100), 1000);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(await channels.messages(decodeURIComponent(match[1]), limit)));
  } else {
    response.writeHead(404).end();
  }
});

server.requestTimeout = 30000;
server.listen(port, '0.0.0.0');
