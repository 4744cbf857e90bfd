import type { ConnectorDefinition } from '@quotebridge/connectors/sdk';
import { s4hana } from '@quotebridge/connectors/s4hana';
import { salesforce } from '@quotebridge/connectors/salesforce';

/** Every kind of connector that this process can run. */
const DEFINITIONS: readonly ConnectorDefinition[] = [salesforce, s4hana];

/** The names of all kinds. */
export const connectorTypes = DEFINITIONS.map(({ id }) => id);

/** A kind by its name; the error lists the names there are. */
export const connectorNamed = (type: string): ConnectorDefinition => {
  const found = DEFINITIONS.find(({ id }) => id === type);
  if (found === undefined)
    throw new Error(`There is no connector "${type}"; known are ${connectorTypes.join(', ')}`);
  return found;
};
