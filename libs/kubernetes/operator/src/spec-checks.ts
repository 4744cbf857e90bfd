import type { Clock } from '@quotebridge/platform/core';
import type { ConnectorDefinition } from '@quotebridge/connectors/sdk';
import { checkSpec, type CheckedSpec } from './check-spec';
import type { Connector } from './connector';

/** Remembers what was found of each Connector's spec until the spec changes or the Connector goes. */
export class SpecChecks {
  private readonly known = new Map<string, { readonly mark: string; readonly checked: CheckedSpec }>();
  private readonly definitions: ReadonlyMap<string, ConnectorDefinition>;

  constructor(
    definitions: readonly ConnectorDefinition[],
    private readonly clock: Clock,
  ) {
    this.definitions = new Map(definitions.map((definition) => [definition.id, definition]));
  }

  of(key: string, connector: Connector): CheckedSpec {
    const mark = `${connector.metadata.uid ?? ''}/${connector.metadata.generation ?? 0}`;
    const known = this.known.get(key);
    if (known?.mark === mark) return known.checked;
    const checked = this.fresh(connector);
    this.known.set(key, { mark, checked });
    return checked;
  }

  /** What is to be said of a spec that is not stored yet. */
  fresh(connector: Pick<Connector, 'spec'>): CheckedSpec {
    return checkSpec(connector, this.definitions, this.clock);
  }

  forget(key: string): void {
    this.known.delete(key);
  }
}
