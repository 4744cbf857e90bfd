import type { Stream } from '@quotebridge/connectors/sdk';
import { catalogStreams } from './catalog-streams';
import { orderStatuses } from './order-statuses';
import { partnerStreams } from './partner-streams';
import { contractStream, procurementStream } from './optional-streams';
import type { StreamParts } from './stream-parts';
import { structureStreams } from './structure-streams';

/** What is read from S/4HANA, in the order in which it must be published: what others refer to comes first. */
export const streamsOf = (parts: StreamParts): readonly Stream[] => [
  // Waits for nobody: how far orders are must not come behind a load.
  orderStatuses(parts),
  ...partnerStreams(parts),
  ...catalogStreams(parts),
  ...contractStream(parts),
  ...procurementStream(parts),
  ...structureStreams(parts),
];
