import { definePlugin } from '../plugin/define-plugin.js';
import { HostedService } from '../ports/hosted-service.js';
import { RoutingPolicy } from '../ports/routing-policy.js';
import { routingConfig, toRoutingRules } from './config.js';
import { RoutingCheck } from './routing-check.js';
import { RuleRouting } from './rule-routing.js';

/** Sends incidents and approvals to the rooms they belong to; without it, everything goes to all rooms. */
export const routing = definePlugin({
  id: 'core-routing',
  config: routingConfig,
  register({ contribute }, config) {
    contribute(RoutingPolicy).value(new RuleRouting(toRoutingRules(config)));
    contribute(HostedService).class(RoutingCheck);
  },
});
