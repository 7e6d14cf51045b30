const list = (value: string): string[] => value.split(',').map((item) => item.trim());

export interface Config {
  port: number;
  databaseUrl: string;
  telegramGatewayUrl: string;
  corsOrigins: string[];
  pool: { max: number; idleTimeoutMillis: number; connectionTimeoutMillis: number };
  rateLimit: { windowMs: number; max: number };
}

export const config: Config = {
  port: Number(process.env.WORKSPACE_API_PORT ?? process.env.PORT ?? 3200),
  databaseUrl: process.env.DATABASE_URL ?? 'postgres://trading:trading@localhost:5433/workspace',
  telegramGatewayUrl: process.env.TELEGRAM_GATEWAY_URL ?? 'http://localhost:4010',
  corsOrigins: process.env.CORS_ORIGINS
    ? list(process.env.CORS_ORIGINS)
    : ['http://localhost:3103', 'http://localhost:5173'],
  pool: { max: 20, idleTimeoutMillis: 30000, connectionTimeoutMillis: 5000 },
  rateLimit: { windowMs: 60_000, max: 1200 },
};

/** Requests larger than this are refused with status 413. */
export const BODY_LIMIT_BYTES = 4096 * 1024;

/** Exports above this number of rows are written to a file instead of the response. */
export const EXPORT_ROW_LIMIT = 10000;
