import { definePort } from '../di/define-port.js';

/** Label values of one sample. */
export type MetricLabels = Readonly<Record<string, string>>;

/** A value that only grows. */
export interface Counter {
  increment(labels?: MetricLabels, by?: number): void;
}

/** A value that goes up and down. */
export interface Gauge {
  set(value: number, labels?: MetricLabels): void;
}

/** A distribution; durations are observed in seconds. */
export interface Histogram {
  observe(value: number, labels?: MetricLabels): void;
}

/** What a metric is; names start with `dogwatch_` and end with their unit. */
export interface MetricSpec {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
  /** Upper bounds of a histogram's buckets, in its unit. */
  readonly buckets?: readonly number[];
}

/** Registers metrics; asking twice for the same name returns the same metric. */
export interface Metrics {
  counter(spec: MetricSpec): Counter;
  gauge(spec: MetricSpec): Gauge;
  histogram(spec: MetricSpec): Histogram;
  /** All metrics in the Prometheus text format. */
  render(): Promise<{ readonly contentType: string; readonly text: string }>;
}
export const Metrics = definePort<Metrics>('core.Metrics');
