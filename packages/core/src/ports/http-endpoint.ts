import type { Secret } from '../config/secret.js';
import { definePort } from '../di/define-port.js';

/** The token that the API and the console ask for, and whether it was made at this start. */
export interface AccessToken {
  readonly token: Secret;
  readonly isNew: boolean;
}

/** Where the HTTP server can be reached, and with what. */
export interface HttpEndpoint {
  /** `http://127.0.0.1:8080`, with the port that was really taken; `null` while it does not listen. */
  readonly url: string | null;
  /** `null` before the start. */
  readonly accessToken: AccessToken | null;
}
export const HttpEndpoint = definePort<HttpEndpoint>('core.HttpEndpoint');
