const shared = require('../../.mocharc.json');
const { fast } = require('./test-tiers.cjs');

module.exports = { ...shared, reporter: './build/mocha/counting-reporter.cjs', spec: [fast] };
