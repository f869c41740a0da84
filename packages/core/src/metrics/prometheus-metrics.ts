import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type * as port from '../ports/metrics.js';

/** Metrics in a registry of their own, so that several apps in one process do not share counts. */
export class PrometheusMetrics implements port.Metrics {
  private readonly registry = new Registry();

  counter(spec: port.MetricSpec): port.Counter {
    const counter = this.once(spec, () => new Counter({ ...this.settings(spec) }));
    return { increment: (labels = {}, by = 1) => counter.inc(labels, by) };
  }

  gauge(spec: port.MetricSpec): port.Gauge {
    const gauge = this.once(spec, () => new Gauge({ ...this.settings(spec) }));
    return { set: (value, labels = {}) => gauge.set(labels, value) };
  }

  histogram(spec: port.MetricSpec): port.Histogram {
    const buckets = spec.buckets === undefined ? {} : { buckets: [...spec.buckets] };
    const histogram = this.once(spec, () => new Histogram({ ...this.settings(spec), ...buckets }));
    return { observe: (value, labels = {}) => histogram.observe(labels, value) };
  }

  async render(): Promise<{ readonly contentType: string; readonly text: string }> {
    return { contentType: this.registry.contentType, text: await this.registry.metrics() };
  }

  private settings(spec: port.MetricSpec): {
    name: string;
    help: string;
    labelNames: string[];
    registers: Registry[];
  } {
    return { name: spec.name, help: spec.help, labelNames: [...(spec.labels ?? [])], registers: [this.registry] };
  }

  private once<M>(spec: port.MetricSpec, make: () => M): M {
    return (this.registry.getSingleMetric(spec.name) as M | undefined) ?? make();
  }
}
