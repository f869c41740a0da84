const shared = require('../../.mocharc.json');
const { cluster, outage } = require('./test-tiers.cjs');

// They share one cluster, of which the outage suites stop parts: one after the other, and those last.
module.exports = {
  ...shared,
  // without a cluster the suites say that they are left out
  'fail-zero': false,
  reporter: './build/mocha/counting-reporter.cjs',
  spec: [cluster, outage],
};
