import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startConnector, type RunningConnector } from '@quotebridge/connectors/runtime';
import type { RunRecord } from '@quotebridge/connectors/sdk';
import { sftp } from '@quotebridge/connectors/sftp';
import type { JsonObject } from '@quotebridge/platform/core';
import { EventBus } from '@quotebridge/platform/events';
import { SFTP_SANDBOX_CREDENTIALS, startSftpSandbox, type SftpSandbox } from '@quotebridge/sandbox/sftp';
import { ON_LOOPBACK } from './on-loopback';
import { Owner } from './owner';
import { control } from './sandbox-control';
import { startServers, type Servers } from './servers';
import { partStreams, sftpSettings } from './sftp-settings';

const RESOURCES = ['productSpecification', 'productOfferingPrice', 'productOffering'];
/** Header line of the parts lists of the sandbox. */
export const PARTS_HEADER =
  'Teilenummer;Bezeichnung;Description;Warengruppe;Listenpreis;Waehrung;Einheit;Gewicht_kg;Status;Nachfolger;Austauschbar;Geaendert';
/** A line of such a list. */
export const partsRow = (number: string, price = '1.234,50'): string =>
  `${number};Ring;Ring ${number};SEAL;${price};EUR;ST;0,5;A;;;02.01.2026`;
/** A drop of which only specifications are read. */
export const onlySpecifications = (rest: JsonObject = {}): JsonObject => ({
  streams: partStreams().slice(0, 1),
  ...rest,
});

/** A connector of its own for each test, on a file server that is emptied before it. Registers the hooks of its suite. */
class SftpWorld {
  instance = '';
  sandbox!: SftpSandbox;
  switches!: ReturnType<typeof control>;
  owner!: Owner;
  connector: RunningConnector | undefined;
  private servers!: Servers;
  private bus!: EventBus;

  constructor() {
    beforeAll(() => this.open());
    afterAll(() => this.close());
    beforeEach(() => this.begin());
    afterEach(() => this.end());
  }

  async start(
    settings: JsonObject = sftpSettings(this.sandbox),
    secrets: Record<string, string> = { password: SFTP_SANDBOX_CREDENTIALS.password },
  ): Promise<RunningConnector> {
    this.connector = await startConnector({
      definition: sftp,
      instance: this.instance,
      settings,
      secrets,
      mongodbUri: this.servers.mongodbUri,
      database: `connector_${this.instance}`,
      natsUrl: this.servers.natsUrl,
      ...ON_LOOPBACK,
      batchSize: 100,
    });
    return this.connector;
  }

  async oneRun(settings?: JsonObject): Promise<RunRecord> {
    return (await this.start(settings)).runStream('partSpecifications');
  }

  inbox(name: string): string {
    return path.join(this.sandbox.folder, 'inbox', name);
  }

  drop(name: string, content: string | Buffer): void {
    writeFileSync(this.inbox(name), content);
  }

  filesIn(folder: string): string[] {
    const at = path.join(this.sandbox.folder, folder);
    if (!existsSync(at)) return [];
    return readdirSync(at, { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(path.join(at, name)).isFile(),
    );
  }

  /** The only result file with this ending. */
  result(ending: string): JsonObject {
    const name = this.filesIn('results').find((one) => one.endsWith(ending));
    if (name === undefined) throw new Error(`no ${ending} among ${this.filesIn('results').join(', ')}`);
    return JSON.parse(readFileSync(path.join(this.sandbox.folder, 'results', name), 'utf8')) as JsonObject;
  }

  async quarantine(): Promise<JsonObject[]> {
    return (await (await fetch(`${this.connector?.url ?? ''}/quarantine`)).json()) as JsonObject[];
  }

  private async open(): Promise<void> {
    this.servers = await startServers();
    this.bus = await EventBus.connect({ servers: this.servers.natsUrl, name: 'test' });
    this.sandbox = await startSftpSandbox({ host: '127.0.0.1', port: 0, sftpPort: 0, size: 0.1 });
    this.switches = control(this.sandbox.url);
  }

  private async close(): Promise<void> {
    await this.sandbox?.close();
    await this.bus?.close();
    await this.servers?.stop();
  }

  private async begin(): Promise<void> {
    this.instance = `sftp-${randomUUID().slice(0, 8)}`;
    this.owner = await Owner.start(this.bus, this.instance, RESOURCES);
    await this.switches.post('/__sandbox/reset', {});
    rmSync(this.inbox('parts-2026-01.csv'));
  }

  private async end(): Promise<void> {
    await this.connector?.stop();
    this.connector = undefined;
    await this.owner?.stop();
  }
}

/** The world of a suite. */
export const sftpWorld = (): SftpWorld => new SftpWorld();
