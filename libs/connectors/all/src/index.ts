import type { ConnectorDefinition } from '@quotebridge/connectors/sdk';
import { rest } from '@quotebridge/connectors/rest';
import { s4hana } from '@quotebridge/connectors/s4hana';
import { salesforce } from '@quotebridge/connectors/salesforce';
import { sftp } from '@quotebridge/connectors/sftp';

/** Every kind of connector there is: what the connector process can run and the operator can order. */
export const connectorDefinitions: readonly ConnectorDefinition[] = [salesforce, s4hana, sftp, rest];
