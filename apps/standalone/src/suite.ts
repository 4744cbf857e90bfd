import { join } from 'node:path';
import { createLogger } from '@quotebridge/platform/telemetry';
import type { RunningComponent } from '@quotebridge/tmf/component';
import { startComponents } from './components';
import {
  S4_INSTANCE,
  SALESFORCE_INSTANCE,
  startConnectors,
  startSandboxes,
  type ConnectorBase,
  type CrmAndErpConnectors,
  type SandboxUrls,
} from './crm-and-erp';
import { HOST, portOf, type StandaloneSettings } from './settings';
import { startTogether } from './start-together';
import { startSuppliers, type Suppliers } from './suppliers';

const STREAMS_EVERY = 'every 5s';

/** Everything that runs, and where it is. */
export interface Suite extends CrmAndErpConnectors, SandboxUrls {
  readonly components: readonly RunningComponent[];
  readonly suppliers: Suppliers;
  /** Runs all streams again and again until the suite is closed. */
  startSchedules(): void;
  close(): Promise<void>;
}

type Say = (line: string) => void;

const connectorBase = (settings: StandaloneSettings): ConnectorBase => ({
  mongodbUri: settings.mongodbUri,
  database: `${settings.databasePrefix}-connectors`,
  natsUrl: settings.natsUrl,
  host: HOST,
  outbound: { allow: ['loopback'] },
  logger: createLogger({ service: 'standalone', level: settings.logLevel }),
});

const supplierPorts = (settings: StandaloneSettings) => ({
  sftp: portOf(settings, settings.sftpSandboxPort),
  sftpPage: portOf(settings, settings.sftpPagePort),
  rest: portOf(settings, settings.restSandboxPort),
  partsConnector: portOf(settings, settings.partsConnectorPort),
  supplierConnector: portOf(settings, settings.supplierConnectorPort),
});

/** Starts the sandboxes, the components and the connectors, in the order in which they need one another. */
export const startSuite = (settings: StandaloneSettings, say: Say): Promise<Suite> =>
  startTogether(async (atTheEnd) => {
    const dataFile = (name: string): string => join(settings.dataFolder, 'sandbox', `${name}.json`);
    const base = connectorBase(settings);
    const sandboxes = await startSandboxes(settings, dataFile, atTheEnd);
    const { s4SandboxUrl, salesforceSandboxUrl } = sandboxes;
    say(`  sandboxes     S/4HANA ${s4SandboxUrl}, Salesforce ${salesforceSandboxUrl}`);

    const components: RunningComponent[] = [];
    atTheEnd(() => Promise.all(components.map((component) => component.close())));
    await startComponents(settings, components);
    say(`  components    ${components.map(({ name, url }) => `${name} ${url}`).join(', ')}`);

    const connectors = await startConnectors(base, settings, sandboxes, atTheEnd);
    const { s4Connector, salesforceConnector } = connectors;
    say(
      `  connectors    ${S4_INSTANCE} ${s4Connector.url}, ${SALESFORCE_INSTANCE} ${salesforceConnector.url}`,
    );
    const suppliers = await startSuppliers({ base, ports: supplierPorts(settings), dataFile });
    atTheEnd(() => suppliers.close());
    const { partsConnector, supplierConnector } = suppliers;
    say(`  suppliers     files ${partsConnector.url}, API ${supplierConnector.url}`);
    // The deal runs the streams itself, step by step; afterwards a schedule does.
    const startSchedules = (): void => {
      for (const connector of [s4Connector, salesforceConnector, partsConnector, supplierConnector]) {
        connector.schedule({ schedule: STREAMS_EVERY, timeZone: 'UTC' });
      }
    };
    return { ...sandboxes, ...connectors, components, suppliers, startSchedules };
  });
