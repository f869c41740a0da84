import { definePlugin } from '../plugin/define-plugin.js';
import { PeopleSource } from '../ports/people-source.js';
import { usersConfig } from './config.js';

/** Tells Dogwatch who is who: names, roles, and which identities of which channels are one person. */
export const people = definePlugin({
  id: 'core-people',
  config: usersConfig,
  register({ contribute }, users) {
    contribute(PeopleSource).value({ people: users });
  },
});
