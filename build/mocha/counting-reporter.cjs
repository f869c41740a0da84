const { appendFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

/**
 * Mocha's spec reporter; with DOGWATCH_TEST_COUNTS set it also appends `<passed> <failed>` to that file after each test,
 * so that a run which is killed has been counted as far as it came.
 */
module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const file = process.env.DOGWATCH_TEST_COUNTS;
    if (file === undefined || file === '') return;
    runner.on(Runner.constants.EVENT_TEST_PASS, () => appendFileSync(file, '1 0\n'));
    runner.on(Runner.constants.EVENT_TEST_FAIL, () => appendFileSync(file, '0 1\n'));
  }
};
