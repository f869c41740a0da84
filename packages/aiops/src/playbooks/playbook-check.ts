import { AppError, Playbook, Tool, VerifyCondition, describeUnknownName, injectEach, injectable } from '@dogwatch/core';
import type { ErrorDetail, HostedService } from '@dogwatch/core';
import { builtInPlaybooks } from './built-in-playbooks.js';

/** Refuses to start with playbooks that name tools or conditions which are not installed. */
@injectable()
export class PlaybookCheck implements HostedService {
  readonly name = 'PlaybookCheck';

  constructor(
    @injectEach(Playbook) private readonly playbooks: readonly Playbook[],
    @injectEach(Tool) private readonly tools: readonly Tool[],
    @injectEach(VerifyCondition) private readonly conditions: readonly VerifyCondition[],
  ) {}

  start(): void {
    // Those that come with Dogwatch wait for their tools: an app without Kubernetes may still take alerts.
    const own = this.playbooks.filter((playbook) => !builtInPlaybooks.includes(playbook));
    const details = own.flatMap((playbook) => this.findProblems(playbook));
    if (details.length === 0) return;
    throw new AppError('DW_PLAYBOOK_INVALID', details.map(({ message }) => message).join('\n'), { details });
  }

  private findProblems(playbook: Playbook): readonly ErrorDetail[] {
    const tools = this.tools.map((tool) => tool.name);
    const conditions = this.conditions.map((condition) => condition.name);
    return playbook.steps.flatMap(({ id, tool, verify }) => {
      const wrong: string[] = [];
      if (!tools.includes(tool)) wrong.push(describeUnknownName('tool', tool, tools));
      if (verify !== undefined && !conditions.includes(verify.condition)) {
        wrong.push(describeUnknownName('condition', verify.condition, conditions));
      }
      return wrong.map((message) => ({
        path: `playbooks.${playbook.id}.steps.${id}`,
        message: `Playbook '${playbook.id}', step '${id}': ${message}`,
      }));
    });
  }
}
