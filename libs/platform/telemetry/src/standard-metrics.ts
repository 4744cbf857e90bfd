import type { CounterMetric, GaugeMetric, Metrics } from './metrics';

/** What every component tells about its events; names are part of the contract with dashboards and alerts. */
export interface EventMetrics {
  /** Seconds the oldest unpublished event has waited, by collection. */
  readonly relayLag: GaugeMetric<'collection'>;
  /** Events waiting to be published, by collection. */
  readonly relayPending: GaugeMetric<'collection'>;
  readonly published: CounterMetric<'collection'>;
  /** Messages a durable consumer has not handled yet. */
  readonly consumerLag: GaugeMetric<'consumer'>;
  /** Handled messages by outcome: `done`, `retried`, `dead`. */
  readonly consumed: CounterMetric<'consumer' | 'outcome'>;
  readonly deadLetters: CounterMetric<'consumer'>;
}

/** Declares the metrics of {@link EventMetrics}; once per process. */
export const eventMetrics = (metrics: Metrics): EventMetrics => ({
  relayLag: metrics.gauge({
    name: 'quotebridge_relay_lag_seconds',
    help: 'Age of the oldest event that is stored but not yet published',
    labels: ['collection'],
  }),
  relayPending: metrics.gauge({
    name: 'quotebridge_relay_pending_events',
    help: 'Events that are stored but not yet published',
    labels: ['collection'],
  }),
  published: metrics.counter({
    name: 'quotebridge_relay_published_total',
    help: 'Events published to the stream',
    labels: ['collection'],
  }),
  consumerLag: metrics.gauge({
    name: 'quotebridge_consumer_lag_messages',
    help: 'Messages that a consumer has not handled yet',
    labels: ['consumer'],
  }),
  consumed: metrics.counter({
    name: 'quotebridge_consumer_messages_total',
    help: 'Messages handled, by outcome',
    labels: ['consumer', 'outcome'],
  }),
  deadLetters: metrics.counter({
    name: 'quotebridge_dead_letters_total',
    help: 'Messages put into the dead letters',
    labels: ['consumer'],
  }),
});
