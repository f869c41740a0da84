import { defineExtensionPoint } from '../di/define-port.js';

/** One human, whatever channels they use. */
export interface Person {
  /** Short and unique: `anna`. */
  readonly id: string;
  /** As messages show it: `Anna Berg`. */
  readonly name: string;
  /** Every `channelType:userId` that is this person, to the letter. */
  readonly identities: readonly string[];
  /** What approver rules name with `role:`. */
  readonly roles: readonly string[];
}

/** Tells who is who; as long as there is none, everybody is known by their channel's id alone. */
export interface PeopleSource {
  readonly people: readonly Person[];
}
export const PeopleSource = defineExtensionPoint<PeopleSource>('core.PeopleSource');
