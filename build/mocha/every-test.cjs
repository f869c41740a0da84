const shared = require('../../.mocharc.json');
const { fast, integration, cluster, outage } = require('./test-tiers.cjs');

// outage suites stop parts of the cluster, so they come last
module.exports = {
  ...shared,
  reporter: './build/mocha/counting-reporter.cjs',
  spec: [fast, integration, cluster, outage],
};
