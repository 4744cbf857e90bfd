import { connectorDefinitions } from '@quotebridge/connectors/all';
import type { ConnectorDefinition } from '@quotebridge/connectors/sdk';

/** The names of all kinds. */
export const connectorTypes = connectorDefinitions.map(({ id }) => id);

/** A kind by its name; the error lists the names there are. */
export const connectorNamed = (type: string): ConnectorDefinition => {
  const found = connectorDefinitions.find(({ id }) => id === type);
  if (found === undefined)
    throw new Error(`There is no connector "${type}"; known are ${connectorTypes.join(', ')}`);
  return found;
};
