'use strict';

const amqp = require('amqplib');
const { Pool } = require('pg');
const Redis = require('ioredis');

function createStores() {
  const database = new Pool({
    connectionString: process.env.DATABASE_URL,
    max: 10,
    idleTimeoutMillis: 10000,
  });
  const cache = new Redis({
    host: process.env.REDIS_HOST || 'telegram-redis',
    port: Number(process.env.REDIS_PORT || 6379),
    db: 0,
    connectTimeout: 4000,
    maxRetriesPerRequest: 3,
  });
  const queue = () => amqp.connect(process.env.AMQP_URL, { timeout: 4000, heartbeat: 30 });
  return { database, cache, queue };
}

module.exports = { createStores };
