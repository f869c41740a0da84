import type { Counter, Gauge, Histogram, MetricLabels, Metrics, MetricSpec } from '@dogwatch/core';

/** Metrics that can be read back by a test. */
export class RecordingMetrics implements Metrics {
  private readonly values = new Map<string, number>();

  counter({ name }: MetricSpec): Counter {
    return { increment: (labels, by = 1) => this.set(name, labels, this.value(name, labels) + by) };
  }

  gauge({ name }: MetricSpec): Gauge {
    return { set: (value, labels) => this.set(name, labels, value) };
  }

  histogram({ name }: MetricSpec): Histogram {
    return { observe: (value, labels) => this.set(name, labels, value) };
  }

  async render(): Promise<{ readonly contentType: string; readonly text: string }> {
    const lines = [...this.values].map(([key, value]) => `${key} ${value}`);
    return { contentType: 'text/plain', text: lines.join('\n') };
  }

  /** The count of a counter, the value of a gauge, the last observation of a histogram; 0 when there was none. */
  value(name: string, labels: MetricLabels = {}): number {
    return this.values.get(keyOf(name, labels)) ?? 0;
  }

  private set(name: string, labels: MetricLabels = {}, value: number): void {
    this.values.set(keyOf(name, labels), value);
  }
}

function keyOf(name: string, labels: MetricLabels): string {
  return `${name}${JSON.stringify(labels, Object.keys(labels).sort())}`;
}
