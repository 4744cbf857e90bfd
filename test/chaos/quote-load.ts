import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { quoteItem, quoteOf } from '../e2e/support/quote-bodies';
import { Clients } from './clients';
import { call, type Answer } from './support';

const QUOTES = '/tmf-api/quoteManagement/v5/quote';
/** Longest wait of a client between two requests. */
const PACE_MS = 60;
/** Far longer than the component is ever away. */
const TRIES = 2_000;

const forged = {
  quoteTotalPrice: [
    {
      '@type': 'QuotePrice',
      priceType: 'oneTime',
      price: { '@type': 'Price', dutyFreeAmount: { unit: 'EUR', value: 0.01 } },
    },
  ],
};

/** Clients that carry quotes to their acceptance, and try what may not be, until they are told to stop. */
export class QuoteLoad extends Clients {
  /** States that the component has acknowledged, by quote; the last one only. */
  readonly acknowledged = new Map<string, string>();
  /** Tries that had to be refused, and were. */
  refused = 0;

  /** The component has no price for `unpriced`, and one for each of `priced`. */
  constructor(
    private readonly url: string,
    private readonly random: () => number,
    private readonly priced: readonly string[],
    private readonly unpriced: string,
    clients = 5,
  ) {
    super();
    this.begin(clients);
  }

  /** How many quotes are known to be accepted. */
  get accepted(): number {
    return [...this.acknowledged.values()].filter((state) => state === 'accepted').length;
  }

  protected async work(): Promise<void> {
    while (this.running) await this.deal();
  }

  private async deal(): Promise<void> {
    const isPriced = this.random() < 0.8;
    const items = this.priced
      .filter((_, n) => n === 0 || this.random() < 0.5)
      .map((offering, n) => quoteItem(`${n + 1}`, offering, { quantity: 1 + Math.floor(this.random() * 5) }));
    if (!isPriced) items.push(quoteItem('9', this.unpriced));
    const key = { 'idempotency-key': randomUUID() };
    const made = await this.until([201], 'POST', QUOTES, quoteOf(items), key);
    const id = made?.body['id'];
    if (typeof id !== 'string') return;
    if (this.random() < 0.3) await this.refusal(id, 'accepted');
    if (!isPriced) return this.refusal(id, 'approved');
    // Somebody asks for more while another approves: the price that is frozen is the one of the last quantity.
    const quantity = 1 + Math.floor(this.random() * 9);
    const more = { '@type': 'Quote', quoteItem: [quoteItem('1', this.priced[0] ?? '', { quantity })] };
    await Promise.all([this.move(id, 'approved'), call(`${this.url}${QUOTES}/${id}`, 'PATCH', more)]);
    const forging = this.random() < 0.3 ? forged : {};
    await call(`${this.url}${QUOTES}/${id}`, 'PATCH', { '@type': 'Quote', state: 'accepted', ...forging });
    await this.move(id, 'accepted');
  }

  /** Takes a quote to a state; one of which no answer came is looked at before it is asked again. */
  private async move(id: string, state: string): Promise<void> {
    const path = `${QUOTES}/${id}`;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const now = await this.until([200], 'GET', path);
      if (now?.body['state'] === state) return void this.acknowledged.set(id, state);
      const answer = await this.send('PATCH', path, { '@type': 'Quote', state });
      if (answer?.status === 200) return void this.acknowledged.set(id, state);
      // 409: another client was faster, or the quote waits for its prices.
      if (answer !== undefined && ![409, 503].includes(answer.status))
        return this.note('PATCH', path, answer);
    }
    this.odd.push(`${path}: never ${state}`);
  }

  private async refusal(id: string, state: string): Promise<void> {
    const answer = await this.until([409], 'PATCH', `${QUOTES}/${id}`, { '@type': 'Quote', state });
    if (answer) this.refused += 1;
  }

  /** Asks until it is answered with one of the statuses. */
  private async until(
    statuses: readonly number[],
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer | undefined> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const answer = await this.send(method, path, body, headers);
      if (answer && statuses.includes(answer.status)) return answer;
      if (answer && ![409, 503].includes(answer.status)) return void this.note(method, path, answer);
      await sleep(50);
    }
    this.odd.push(`${method} ${path}: never ${statuses.join()}`);
    return undefined;
  }

  private async send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer | undefined> {
    await sleep(this.random() * PACE_MS);
    return call(`${this.url}${path}`, method, body, headers);
  }

  private note(method: string, path: string, { status, body }: Answer): void {
    this.odd.push(`${method} ${path}: ${status} ${JSON.stringify(body)}`);
  }
}
