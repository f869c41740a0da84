const folders = '{packages/*/dist-test,examples/*/dist-test,test/dist}';

/** The test files by their suffix, in the order in which they run. */
module.exports = {
  fast: `${folders}/**/!(*.integration|*.cluster|*.outage).test.js`,
  integration: `${folders}/**/*.integration.test.js`,
  cluster: `${folders}/**/*.cluster.test.js`,
  outage: `${folders}/**/*.outage.test.js`,
};
