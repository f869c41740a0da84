import { callApi } from './call-api.js';
import { part } from './element.js';

const nameKey = 'dogwatch-name';

/** Shows the login until somebody is logged in. */
export function showLogin(loggedIn: () => void): void {
  const name = part('login-name') as HTMLInputElement;
  const token = part('login-token') as HTMLInputElement;
  const submit = part('login-submit') as HTMLButtonElement;
  const note = part('login-note');
  part('app').hidden = true;
  part('login').hidden = false;
  name.value ||= localStorage.getItem(nameKey) ?? '';
  (name.value === '' ? name : token).focus();
  part('login-form').onsubmit = (event) => {
    event.preventDefault();
    submit.disabled = true;
    note.textContent = '';
    callApi('POST', '/api/session', { name: name.value.trim(), token: token.value.trim() })
      .then(() => {
        localStorage.setItem(nameKey, name.value.trim());
        token.value = '';
        part('login').hidden = true;
        loggedIn();
      })
      .catch((error: unknown) => (note.textContent = error instanceof Error ? error.message : String(error)))
      .finally(() => (submit.disabled = false));
  };
}
