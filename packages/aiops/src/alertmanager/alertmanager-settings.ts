import { definePort } from '@dogwatch/core';
import type { Secret } from '@dogwatch/core';

/** How alerts are taken. */
export interface AlertmanagerSettings {
  /** What Alertmanager must send as bearer token or basic password; `null` turns the webhook off. */
  readonly secret: Secret | null;
}
/** How alerts are taken. */
export const AlertmanagerSettings = definePort<AlertmanagerSettings>('aiops.AlertmanagerSettings');
