import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { needsProgram } from '@dogwatch/testkit';
import { parse } from 'yaml';
import { composeFolder, readComposeFile, repository } from './compose-file.js';

const monitored = ['prometheus/rules/dogwatch.yaml', 'prometheus/rules-test.yaml', 'grafana/dashboards/dogwatch.json'];
const text = (file: string): string => readFileSync(path.join(composeFolder, file), 'utf8');

// Of a histogram, Prometheus has three series.
const seriesOf = (name: string): readonly string[] => [name, `${name}_bucket`, `${name}_sum`, `${name}_count`];

/** Every metric that the sources name. */
function definedMetrics(): ReadonlySet<string> {
  const packages = path.join(repository, 'packages');
  const folders = readdirSync(packages).map((name) => path.join(packages, name, 'src'));
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => path.join(folder, name)),
  );
  const names = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/name: '(dogwatch_\w+)'/g)].map(([, name]) => name as string),
  );
  return new Set(names.flatMap(seriesOf));
}

describe('what deploy/compose watches Dogwatch with', function () {
  this.timeout(60_000);

  it('names only metrics that Dogwatch has', () => {
    const defined = definedMetrics();
    for (const file of monitored) {
      const named = [...text(file).matchAll(/\bdogwatch_\w+/g)].map(([name]) => name);
      assert.ok(named.length > 0, file);
      for (const name of named) assert.ok(defined.has(name), `${file} names ${name}`);
    }
    // Of the processes themselves nothing is exported.
    for (const file of monitored) assert.doesNotMatch(text(file), /\b(process|nodejs)_\w+/);
  });

  it('has an alert for each rule that its test tries', () => {
    const { groups } = parse(text('prometheus/rules/dogwatch.yaml')) as { groups: { rules: { alert: string }[] }[] };
    const { tests } = parse(text('prometheus/rules-test.yaml')) as {
      tests: { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[];
    };
    const fired = tests.flatMap(({ alert_rule_test }) =>
      alert_rule_test.filter(({ exp_alerts }) => exp_alerts.length > 0).map(({ alertname }) => alertname),
    );
    const alerts = groups.flatMap(({ rules }) => rules.map(({ alert }) => alert));
    assert.deepEqual([...new Set(fired)].sort(), alerts.sort());
  });

  it('reaches the services under the names and ports that they have', () => {
    const { services } = readComposeFile();
    const targets = [
      ...text('prometheus/prometheus.yaml').matchAll(/targets: \['([\w-]+):(\d+)'\]/g),
      ...text('grafana/provisioning/datasources/prometheus.yaml').matchAll(/url: http:\/\/([\w-]+):(\d+)/g),
      ...text('alertmanager/alertmanager.yaml').matchAll(/url: http:\/\/([\w-]+):(\d+)/g),
    ];
    assert.equal(targets.length, 5);
    for (const [, host = '', port = ''] of targets) {
      if (host === 'localhost') continue;
      const ports = services[host]?.ports ?? [];
      assert.ok(
        ports.some((one) => one.endsWith(`:${port}`)),
        `${host}:${port}`,
      );
    }
  });

  it('shows every panel with the data source that is provisioned', () => {
    const { datasources } = parse(text('grafana/provisioning/datasources/prometheus.yaml')) as {
      datasources: { uid: string }[];
    };
    const { panels } = JSON.parse(text('grafana/dashboards/dogwatch.json')) as {
      panels: { id: number; title: string; datasource: { uid: string } }[];
    };
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
    for (const { title, datasource } of panels) assert.equal(datasource.uid, datasources[0]?.uid, title);
  });

  needsProgram(
    { name: 'promtool', install: 'sudo apt-get install --no-install-recommends prometheus' },
    process,
    (promtool) => {
      it('is taken by Prometheus, and its rules fire when they should', () => {
        const run = (...words: readonly string[]): string =>
          execFileSync(promtool, [...words], { cwd: path.join(composeFolder, 'prometheus'), encoding: 'utf8' });
        assert.match(run('check', 'config', 'prometheus.yaml'), /7 rules found/);
        assert.match(run('test', 'rules', 'rules-test.yaml'), /SUCCESS/);
      });

      it('has expressions in its panels that Prometheus understands', () => {
        const { panels } = JSON.parse(text('grafana/dashboards/dogwatch.json')) as {
          panels: { targets: { expr: string }[] }[];
        };
        const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
        const rules = expressions.map((expr, index) => ({ record: `panel:${index}`, expr }));
        const folder = mkdtempSync(path.join(tmpdir(), 'dogwatch-panels-'));
        const file = path.join(folder, 'panels.yaml');
        writeFileSync(file, JSON.stringify({ groups: [{ name: 'panels', rules }] }));
        try {
          assert.match(execFileSync(promtool, ['check', 'rules', file], { encoding: 'utf8' }), /SUCCESS/);
        } finally {
          rmSync(folder, { recursive: true });
        }
      });
    },
  );

  needsProgram(
    { name: 'amtool', install: 'sudo apt-get install --no-install-recommends prometheus-alertmanager' },
    process,
    (amtool) => {
      it('is taken by Alertmanager', () => {
        const file = path.join(composeFolder, 'alertmanager/alertmanager.yaml');
        assert.match(execFileSync(amtool, ['check-config', file], { encoding: 'utf8' }), /SUCCESS/);
      });
    },
  );
});
