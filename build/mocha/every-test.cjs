const shared = require('../../.mocharc.json');
const { fast, integration, cluster } = require('./test-tiers.cjs');

// real-cluster suites stop parts of the cluster, so they come last
module.exports = {
  ...shared,
  reporter: './build/mocha/counting-reporter.cjs',
  spec: [fast, integration, cluster],
};
