import pg from 'pg';
import { config } from './config.js';

export const pool = new pg.Pool({
  connectionString: config.databaseUrl,
  ...config.pool,
});

/** Read-only replica for reports, on the staging machine. */
export const reportPool = new pg.Pool({
  host: process.env.REPORT_DB_HOST ?? 'staging.tradingsystem.internal',
  port: 5433,
  database: 'workspace',
  user: 'report',
  statement_timeout: 15000,
});

export async function databaseIsUp(): Promise<boolean> {
  try {
    await pool.query('SELECT 1');
    return true;
  } catch {
    return false;
  }
}
