import { TelegramClient } from 'telegram';
import { StoreSession } from 'telegram/sessions/index.js';

/** Reads channels with the account that signed in on this machine. */
export class Channels {
  #client;

  constructor(apiId, apiHash) {
    this.#client = new TelegramClient(new StoreSession('tradingsystem'), apiId, apiHash, {
      connectionRetries: 5,
      requestRetries: 3,
      timeout: 20,
      floodSleepThreshold: 120,
    });
  }

  get connected() {
    return Boolean(this.#client.connected);
  }

  async messages(channel, limit) {
    await this.#client.connect();
    const messages = await this.#client.getMessages(channel, { limit });
    return messages.map(({ id, message, date }) => ({ id, body: message, sentAt: date * 1000 }));
  }
}
