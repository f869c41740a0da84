import { Detector, EventSource, HealthCheck } from '@dogwatch/core';
import type { Registrar } from '@dogwatch/core';
import { builtInDetectors } from '../detectors/built-in-detectors.js';
import { DetectorHealth } from './detector-health.js';
import { WatchLoop } from './watch-loop.js';
import { WatchLoopSettings } from './watch-loop-settings.js';
import { WatchLoopStatus } from './watch-loop-status.js';

/** Registers the watch loop with the built-in detectors; the plugin requires `ClusterRegistry`, `Clock`, `Logger` and `Metrics`. */
export function registerWatchLoop(registrar: Registrar, settings: WatchLoopSettings): void {
  registrar.bind(WatchLoopSettings).toValue(settings);
  registrar.bind(WatchLoopStatus).toClass(WatchLoop);
  registrar.contribute(EventSource).class(WatchLoop);
  registrar.contribute(HealthCheck).class(DetectorHealth);
  for (const detector of builtInDetectors) registrar.contribute(Detector).value(detector);
}
