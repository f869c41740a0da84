import { alertAttacks } from './alert-attacks.js';
import { chatAttacks } from './chat-attacks.js';
import { eventAttacks } from './event-attacks.js';
import { labelAttacks } from './label-attacks.js';
import { podLogAttacks } from './pod-log-attacks.js';
import type { AttackCase } from './attack-case.js';

/** Every hostile text: whatever a model makes of them, nothing changes and nothing is decided without a person. */
export const attackCorpus: readonly AttackCase[] = [
  ...podLogAttacks,
  ...eventAttacks,
  ...labelAttacks,
  ...alertAttacks,
  ...chatAttacks,
];
