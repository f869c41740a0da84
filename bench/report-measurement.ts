/** One number that a bench found. */
export interface Measurement {
  /** What was measured: `API write → incident p99`. */
  readonly name: string;
  /** `ms`, `KiB`, `appends/s`. */
  readonly unit: string;
  /** Dogwatch's value. */
  readonly measured: number;
  /** What the same run measured without Dogwatch; the ratio is `measured / baseline`. */
  readonly baseline?: number;
  /** What the ratio should keep to, or the value itself where there is no baseline. */
  readonly aim?: { readonly atMost: number } | { readonly atLeast: number };
}

/** Hands a measurement to `npm run bench`, or prints it when the bench was started by hand. */
export function reportMeasurement(measurement: Measurement): void {
  if (process.send === undefined) console.log(JSON.stringify(measurement));
  else process.send({ type: 'measurement', ...measurement });
}
