import type { Counter, Gauge, Histogram, MetricLabels, Metrics, MetricSpec } from '@dogwatch/core';

/** Metrics that a test can read back. */
export class RecordingMetrics implements Metrics {
  private readonly values = new Map<string, number>();

  valueOf(name: string, labels: MetricLabels = {}): number {
    return this.values.get(keyOf(name, labels)) ?? 0;
  }

  counter({ name }: MetricSpec): Counter {
    return {
      increment: (labels = {}, by = 1) => {
        this.values.set(keyOf(name, labels), this.valueOf(name, labels) + by);
      },
    };
  }

  gauge({ name }: MetricSpec): Gauge {
    return { set: (value, labels = {}) => void this.values.set(keyOf(name, labels), value) };
  }

  histogram(): Histogram {
    return { observe: () => undefined };
  }

  render(): Promise<{ readonly contentType: string; readonly text: string }> {
    return Promise.resolve({ contentType: 'text/plain', text: '' });
  }
}

function keyOf(name: string, labels: MetricLabels): string {
  return `${name}${JSON.stringify(Object.entries(labels).sort())}`;
}
