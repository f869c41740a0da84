const { appendFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');
const { endOrTellWhatIsOpen } = require('./open-handles.cjs');

const maxStackLines = 30;

/**
 * Mocha's spec reporter; with DOGWATCH_TEST_COUNTS set it also appends `<passed> <failed>` to that file after each test,
 * so that a run which is killed has been counted as far as it came, and each failure to the file beside it, `….failures`.
 * A run that has ended but whose process lives on is ended too, after it has told what it left open.
 */
module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const file = process.env.DOGWATCH_TEST_COUNTS;
    const isCounting = file !== undefined && file !== '';
    runner.on(Runner.constants.EVENT_RUN_END, () =>
      endOrTellWhatIsOpen((text) => {
        console.error(text);
        if (isCounting) appendFileSync(`${file}.failures`, `${text}\n`);
      }),
    );
    if (!isCounting) return;
    runner.on(Runner.constants.EVENT_TEST_PASS, () => appendFileSync(file, '1 0\n'));
    runner.on(Runner.constants.EVENT_TEST_FAIL, (test, error) => {
      appendFileSync(file, '0 1\n');
      appendFileSync(`${file}.failures`, describe(test, error));
    });
  }
};

function describe(test, error) {
  const stack = String(error?.stack ?? error).split('\n');
  return [`${test.fullTitle()} (Node ${process.version})`, ...stack.slice(0, maxStackLines), ''].join('\n');
}
