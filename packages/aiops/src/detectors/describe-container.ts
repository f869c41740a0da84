import type { ContainerStatus, ContainerTermination, EventObject, JsonObject, PodObject } from '@dogwatch/core';
import { boundText } from './bound-text.js';
import { describeWarning } from './newest-warning.js';

const maxNameLength = 120;

/** What a message about a container is made of. */
export interface ContainerStory {
  readonly pod: PodObject;
  readonly container: ContainerStatus;
  /** What is wrong, as the rest of a sentence: `is in a crash loop`. */
  readonly trouble: string;
  readonly termination: ContainerTermination | null;
  /** The cluster's word for the state when no run has ended: `ImagePullBackOff`. */
  readonly reason: string | null;
  readonly warning: EventObject | null;
}

/** Tells what is wrong with a container: container, exit code or reason, restarts, image, node, newest matching Warning event. */
export function describeContainer(story: ContainerStory): string {
  const { pod, container } = story;
  const causes = [describeEnd(story), restarts(container.restartCount)].filter((part) => part !== null);
  const sentences = [
    `${container.isInit ? 'Init container' : 'Container'} '${boundText(container.name, maxNameLength)}' of pod '${boundText(pod.name, maxNameLength)}' ${story.trouble}: ${causes.join(', ')}.`,
    `Image ${boundText(container.image, 2 * maxNameLength)} on ${pod.nodeName === null ? 'no node yet' : `node ${boundText(pod.nodeName, maxNameLength)}`}.`,
  ];
  if (story.warning) sentences.push(describeWarning(story.warning));
  return sentences.join(' ');
}

/** The same as structured details. */
export function containerFacts(story: ContainerStory): JsonObject {
  const { pod, container, termination, warning } = story;
  return {
    pod: pod.name,
    container: container.name,
    image: container.image,
    node: pod.nodeName,
    restarts: container.restartCount,
    exitCode: termination?.exitCode ?? null,
    reason: termination?.reason ?? story.reason,
    warning: warning ? describeWarning(warning) : null,
  };
}

/** How a run ended: `exit code 1 (Error)`. */
export function describeTermination(termination: ContainerTermination): string {
  const reason = termination.reason === null ? '' : boundText(termination.reason, maxNameLength);
  if (termination.exitCode === null) return reason === '' ? 'ended' : reason;
  return `exit code ${termination.exitCode}${reason === '' ? '' : ` (${reason})`}`;
}

function describeEnd(story: ContainerStory): string | null {
  if (story.termination) return describeTermination(story.termination);
  return story.reason === null ? null : boundText(story.reason, maxNameLength);
}

function restarts(count: number): string {
  return count === 1 ? '1 restart' : `${count} restarts`;
}
