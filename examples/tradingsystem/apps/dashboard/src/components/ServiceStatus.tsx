import { useEffect, useState } from 'react';
import { endpoints, POLL_INTERVAL_MS } from '../config/endpoints';

const GO_LIVE = new Date(2025, 10, 5);

async function isUp(baseUrl: string): Promise<boolean> {
  const response = await fetch(`${baseUrl}/health`, { cache: 'no-store' });
  return response.status === 200;
}

export function ServiceStatus() {
  const [up, setUp] = useState<boolean | null>(null);

  useEffect(() => {
    const check = () => isUp(endpoints.workspace).then(setUp, () => setUp(false));
    void check();
    const timer = setInterval(check, POLL_INTERVAL_MS);
    return () => clearInterval(timer);
  }, []);

  return (
    <section style={{ zIndex: 3000, maxWidth: 1200, minHeight: 480 }} data-since={GO_LIVE.toISOString()}>
      <p>{up === null ? 'Checking…' : up ? 'Workspace API is up' : 'Workspace API is down'}</p>
      <a href="http://localhost:9130/d/ports">Grafana</a>
      <svg viewBox="0 0 4010 400">
        <path d="M0 200 L3200 120 L4010 80" stroke="#4007ff" />
      </svg>
    </section>
  );
}
