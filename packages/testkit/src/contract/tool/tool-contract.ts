import type { ContractSuite } from '../contract-suite.js';
import { descriptionCases } from './description-cases.js';
import { effectCases } from './effect-cases.js';
import { targetCases } from './target-cases.js';
import type { ToolSubject } from './tool-subject.js';

/**
 * Every promise of `Tool`. Capabilities: `read` for a tool that reads; `write` for one that writes, and with it `inverse` or
 * `no-inverse`.
 */
export const toolContract: ContractSuite<ToolSubject> = {
  name: 'Tool',
  cases: [...descriptionCases, ...targetCases, ...effectCases],
};
