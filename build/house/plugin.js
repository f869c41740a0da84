import { compositionRootOnlyRule } from './rules/composition-root-only.js';
import { declaredDependencyRule } from './rules/declared-dependency.js';
import { exportedDocRule } from './rules/exported-doc.js';
import { fileNameRule } from './rules/file-name.js';
import { noDeepImportRule } from './rules/no-deep-import.js';
import { packageGraphRule } from './rules/package-graph.js';
import { vendorOwnerRule } from './rules/vendor-owner.js';

/** The rules that only this repository has, under the prefix `house/`. */
export const housePlugin = {
  meta: { name: 'house' },
  rules: {
    'composition-root-only': compositionRootOnlyRule,
    'declared-dependency': declaredDependencyRule,
    'exported-doc': exportedDocRule,
    'file-name': fileNameRule,
    'no-deep-import': noDeepImportRule,
    'package-graph': packageGraphRule,
    'vendor-owner': vendorOwnerRule,
  },
};
