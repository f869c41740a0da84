const folders = '{packages/*/dist-test,examples/*/dist-test,test/dist}';

// Begun first, or everything else would be over long before them.
const longOnes = '@(crash-matrix*|chaos|alert-storm|slack-and-telegram|replicas|redis|real-alertmanager|console)';

/** The test files by their suffix. */
module.exports = {
  fast: `${folders}/**/!(*.integration|*.cluster|*.outage).test.js`,
  longIntegration: `${folders}/**/${longOnes}.integration.test.js`,
  integration: `${folders}/**/${longOnes.replace('@', '!')}.integration.test.js`,
  cluster: `${folders}/**/*.cluster.test.js`,
  outage: `${folders}/**/*.outage.test.js`,
};
