function compact(value) {
  if (value === undefined) return '';
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}

function verdict({ aim }, value) {
  if (aim?.atMost !== undefined) return `≤ ${compact(aim.atMost)} ${value <= aim.atMost ? 'met' : 'MISSED'}`;
  if (aim?.atLeast !== undefined) return `≥ ${compact(aim.atLeast)} ${value >= aim.atLeast ? 'met' : 'MISSED'}`;
  return '';
}

/** Renders measurements as a table; the aim is held against the ratio, or without a baseline against the value itself. */
export function renderMeasurements(measurements) {
  const rows = measurements.map((measurement) => {
    const { name, unit, measured, baseline } = measurement;
    const ratio = baseline === undefined ? undefined : measured / baseline;
    const cells = [`${compact(measured)} ${unit}`, baseline === undefined ? '' : `${compact(baseline)} ${unit}`];
    return [name, ...cells, compact(ratio), verdict(measurement, ratio ?? measured)];
  });
  const table = [['measurement', 'measured', 'baseline', 'ratio', 'aim'], ...rows];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
