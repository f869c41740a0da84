/** The rules that hold where none are configured. */
export const defaultRules = `
rules:
  # Pods that crash or cannot start since a rollout: ask to take the rollout back.
  - name: bad-rollout
    event_type: [crash_loop, oom_killed, image_pull_failed]
    conditions:
      kind: Deployment
      rolled_out_within: 15m
      has_previous_revision: true
    actions: [notify, "playbook:deployment_rollback"]
    cooldown_seconds: 900

  # Any other crash loop of a Deployment: ask to restart it.
  - name: crash-loop
    event_type: crash_loop
    conditions:
      kind: Deployment
    actions: [notify, "playbook:crash_loop_remediation"]
    cooldown_seconds: 900
`;
