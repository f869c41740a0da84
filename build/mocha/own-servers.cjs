const shared = require('../../.mocharc.json');
const { fast, integration, longIntegration } = require('./test-tiers.cjs');

// Each test has servers, ports and folders of its own, and mostly waits for them: several files at once.
module.exports = {
  ...shared,
  parallel: true,
  jobs: 2,
  // Only there to end a hanging test: what waits for processes waits long on a busy machine.
  timeout: 60_000,
  reporter: './build/mocha/counting-reporter.cjs',
  spec: [longIntegration, integration, fast],
};
