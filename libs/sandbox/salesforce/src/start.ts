import type { FastifyReply, FastifyRequest } from 'fastify';
import { isJsonObject, randomIds, systemClock, type Ids } from '@quotebridge/platform/core';
import {
  afterSalesBlocks,
  machineBuilder,
  startVendorSystem,
  type Sandbox,
  type SandboxContext,
  type SandboxOptions,
} from '@quotebridge/sandbox/core';
import { RestApi, type ApiAnswer, type ApiCall } from './api';
import { SALESFORCE_SANDBOX_CREDENTIALS, SalesforceAuth, type SalesforceCredentials } from './auth';
import { BulkJobs } from './bulk';
import { forwardChange } from './change-events';
import { sobjectCollection } from './collections';
import { composite } from './composite';
import { Cursors } from './cursors';
import { refused } from './errors';
import { seedAfterSales } from './seed-after-sales';
import { seedSalesforce } from './seed';
import { salesforceViews } from './views';

/** Settings of the Salesforce sandbox beyond those of every sandbox. */
export interface SalesforceSandboxOptions extends SandboxOptions {
  readonly credentials?: SalesforceCredentials;
  /** API calls before 403 REQUEST_LIMIT_EXCEEDED, counted since the start or reset; default 1,000,000. */
  readonly dailyApiRequests?: number;
  /** How much of the after-sales business it has: 1 is 500 accounts, 2,000 parts and 200 opportunities, up to 1,000 times that; default 0. */
  readonly afterSales?: number;
  /** Most records in a page of a query; 2,000 unless given, as in the real org. */
  readonly pageSize?: number;
  /** Becomes `instance_url`, when it is not the address in the Host header. */
  readonly publicUrl?: string;
  /** Makes it an org with several currencies, the corporate one first; an org with one currency does not tell which it is. */
  readonly currencies?: readonly string[];
  readonly ids?: Ids;
}

const VERSIONS = ['58.0', '59.0', '60.0', '61.0', '62.0'];

const FAULTS = [
  { name: 'requestLimitExceeded', description: 'Answers 403 REQUEST_LIMIT_EXCEEDED.' },
  {
    name: 'unableToLockRow',
    description: 'A write answers 400 UNABLE_TO_LOCK_ROW and changes nothing.',
    writesOnly: true,
  },
  { name: 'expireQueryLocator', description: 'The next page of a query is refused: INVALID_QUERY_LOCATOR.' },
  { name: 'foreignNextLink', description: 'The address of the next page of a query is on another host.' },
  { name: 'bulkJobFailed', description: 'A bulk query job ends in the state Failed.' },
  { name: 'bulkJobAborted', description: 'Somebody aborts a bulk query job as soon as it is made.' },
  { name: 'bulkLocatorLost', description: 'A page of a bulk result is refused: INVALID_LOCATOR.' },
  {
    name: 'compositePartLocked',
    description: 'A composite answers 200, but its last write failed with UNABLE_TO_LOCK_ROW.',
    writesOnly: true,
  },
];

const parseBody = (body: unknown): unknown => {
  if (typeof body !== 'string' || body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    throw refused(400, 'JSON_PARSER_ERROR', 'The request body is not well-formed JSON.');
  }
};

/** Everything between HTTP and the org. */
class Org {
  private readonly auth: SalesforceAuth;
  private readonly cursors: Cursors;
  private readonly bulk = new BulkJobs();
  private used = 0;

  constructor(private readonly options: SalesforceSandboxOptions) {
    const credentials = options.credentials ?? SALESFORCE_SANDBOX_CREDENTIALS;
    this.auth = new SalesforceAuth(credentials, options.clock ?? systemClock, options.ids ?? randomIds);
    this.cursors = new Cursors(options.pageSize);
  }

  expire(): void {
    this.auth.expire();
  }

  /** Forgets what a reset has to forget beyond the data. */
  restart(): void {
    this.cursors.clear();
    this.bulk.clear();
    this.used = 0;
  }

  routes(context: SandboxContext): void {
    const { app, tables, clock } = context;
    app.post('/__sandbox/changes', async (request) => forwardChange(parseBody(request.body), tables, clock));
    app.post('/services/oauth2/token', (request, reply) =>
      this.auth.answerToken(
        request,
        reply,
        this.options.publicUrl ?? `http://${request.headers.host ?? 'localhost'}`,
      ),
    );
    app.get('/services/data', async () =>
      VERSIONS.map((version) => ({ label: `v${version}`, url: `/services/data/v${version}`, version })),
    );
    app.route<{ Params: { version: string } }>({
      method: ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'],
      url: '/services/data/v:version/*',
      handler: (request, reply) => this.handle(context, request, reply, request.params.version),
    });
  }

  private handle(
    context: SandboxContext,
    request: FastifyRequest,
    reply: FastifyReply,
    version: string,
  ): FastifyReply {
    const { tables, faults, clock } = context;
    this.auth.check(request);
    const most = this.options.dailyApiRequests ?? 1_000_000;
    this.used += 1;
    void reply.header('sforce-limit-info', `api-usage=${Math.min(this.used, most)}/${most}`);
    if (this.used > most || faults.take('requestLimitExceeded', request) !== undefined) {
      throw refused(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
    }
    if (/\/query(All)?\/\w/.test(request.url) && faults.take('expireQueryLocator', request) !== undefined) {
      throw refused(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
    }
    if (faults.take('unableToLockRow', request) !== undefined) {
      throw refused(400, 'UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record');
    }
    if (!VERSIONS.includes(version)) throw refused(404, 'NOT_FOUND', 'The requested resource does not exist');
    const base = `/services/data/v${version}`;
    const url = new URL(request.url, 'http://sandbox');
    const steps = url.pathname
      .slice(base.length + 1)
      .split('/')
      .filter((step) => step !== '')
      .map(decoded);
    const call: ApiCall = {
      method: tunnelled(request, url),
      steps,
      query: url.searchParams,
      body: parseBody(request.body),
      headers: request.headers,
    };
    const api = new RestApi(tables, () => clock.now(), base, this.cursors);
    const [family, kind, ...rest] = call.steps;
    const answer =
      family === 'jobs' && kind === 'query'
        ? this.bulk.answer(call, rest, { tables, now: clock.now(), base }, { faults, request })
        : this.dispatch(api, context, call, most, request);
    if (answer.text !== undefined)
      return reply
        .code(answer.status)
        .headers(answer.headers ?? {})
        .send(answer.text);
    return reply
      .code(answer.status)
      .headers({
        ...answer.headers,
        ...(answer.body === undefined ? {} : { 'content-type': 'application/json;charset=UTF-8' }),
      })
      .send(answer.body === undefined ? undefined : JSON.stringify(answer.body));
  }

  private dispatch(
    api: RestApi,
    { tables, faults }: SandboxContext,
    call: ApiCall,
    most: number,
    request: FastifyRequest,
  ): ApiAnswer {
    const [resource, second, ...rest] = call.steps;
    if (resource === 'limits') {
      return {
        status: 200,
        body: { DailyApiRequests: { Max: most, Remaining: Math.max(0, most - this.used) } },
      };
    }
    if (resource === 'composite' && second === 'sobjects') return sobjectCollection(api, tables, call, rest);
    if (resource === 'composite' && second === undefined) {
      return composite(api, tables, call.body, faults.take('compositePartLocked', request) !== undefined);
    }
    return misled(api.answer(call), () => faults.take('foreignNextLink', request) !== undefined);
  }
}

/** An answer whose next page is on another host, where there is a next page and the fault is armed. */
const misled = (answer: ApiAnswer, isArmed: () => boolean): ApiAnswer => {
  const { body } = answer;
  const next = isJsonObject(body) ? body['nextRecordsUrl'] : undefined;
  if (!isJsonObject(body) || typeof next !== 'string' || !isArmed()) return answer;
  return { ...answer, body: { ...body, nextRecordsUrl: `https://elsewhere.example${next}` } };
};

const decoded = (step: string): string => {
  try {
    return decodeURIComponent(step);
  } catch {
    throw refused(400, 'MALFORMED_QUERY', `The address part ${step} is not well encoded.`);
  }
};

/** POST with `?_HttpMethod=PATCH` is how clients without PATCH write. */
const tunnelled = (request: FastifyRequest, url: URL): string =>
  request.method === 'POST' ? (url.searchParams.get('_HttpMethod') ?? 'POST') : request.method;

/** Starts a simulated Salesforce org with its REST API and OAuth 2.0. Rejects when the port is taken. */
export const startSalesforceSandbox = (options: SalesforceSandboxOptions): Promise<Sandbox> => {
  const org = new Org(options);
  const business = machineBuilder(options.seed ?? 1, options.size ?? 1);
  const services = afterSalesBlocks(options.seed ?? 1, options.afterSales ?? 0);
  return startVendorSystem(
    {
      title: 'Salesforce sandbox',
      intro: 'A simulated Salesforce org: accounts, products and opportunities over the REST API.',
      faults: FAULTS,
      seed: (tables, seededAt) => {
        org.restart();
        seedSalesforce(business, tables, seededAt, options.currencies);
        seedAfterSales(services.block, services.copies, tables, seededAt);
      },
      routes: (context) => org.routes(context),
      errorAnswer: ({ status, code, message, paths }) => ({
        status,
        body: [{ message, errorCode: code, ...(paths.length > 0 ? { fields: paths } : {}) }],
      }),
      expireTokens: () => org.expire(),
      views: salesforceViews,
    },
    options,
  );
};
