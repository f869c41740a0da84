const { appendFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

/** Mocha's spec reporter; with DOGWATCH_TEST_COUNTS set it also appends `<passed> <failed>` to that file. */
module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const file = process.env.DOGWATCH_TEST_COUNTS;
    if (file === undefined || file === '') return;
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      appendFileSync(file, `${runner.stats.passes} ${runner.stats.failures}\n`);
    });
  }
};
