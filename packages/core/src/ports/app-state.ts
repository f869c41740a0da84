import { definePort } from '../di/define-port.js';

/** `starting` until every service is open, `ready` until somebody asks the app to stop, `stopping` ever after. */
export type AppPhase = 'starting' | 'ready' | 'stopping';

/** Where the app is in its life: what `/ready` tells. Bound by `createApp`; reading it never fails. */
export interface AppState {
  readonly phase: AppPhase;
}

/** The phase of the running app. */
export const AppState = definePort<AppState>('core.AppState');
