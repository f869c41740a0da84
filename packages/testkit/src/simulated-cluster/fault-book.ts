import { changeScript, parseContainerScript, type ContainerScript, type ScriptChange } from './container-script.js';
import { controllerOf } from './kube-object.js';
import type { ContainerSpec, Pod } from './workload-objects.js';

/** Makes the pods of some ReplicaSets of a Deployment misbehave, whatever their command says. */
export interface TemplateFault {
  readonly id: string;
  readonly namespace: string;
  readonly deployment: string;
  /** The `pod-template-hash`es that suffer; pods of any other template are well. */
  readonly templateHashes: readonly string[];
  /** One container of the pod; absent = all. */
  readonly container?: string | undefined;
  readonly script: ScriptChange;
}

/** What containers of certain images do when no fault says otherwise. */
export interface ImageScript {
  /** The image's name without its registry begins with this. */
  readonly imagePrefix: string;
  readonly script: ScriptChange;
}

/** Decides what each container does: by a fault, else by its image, else by its command. */
export class FaultBook {
  #faults: TemplateFault[] = [];
  #images: ImageScript[] = [];
  readonly #listeners: (() => void)[] = [];

  get faults(): readonly TemplateFault[] {
    return this.#faults;
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Adds a fault, or replaces the one of the same id. */
  add(fault: TemplateFault): void {
    this.#faults = [...this.#faults.filter(({ id }) => id !== fault.id), fault];
    this.#announce();
  }

  remove(id: string): void {
    this.#faults = this.#faults.filter((fault) => fault.id !== id);
    this.#announce();
  }

  /** The longest prefix wins. */
  addImages(images: readonly ImageScript[]): void {
    this.#images = [...this.#images, ...images].sort(
      (left, right) => right.imagePrefix.length - left.imagePrefix.length,
    );
    this.#announce();
  }

  load(faults: readonly TemplateFault[]): void {
    this.#faults = [...faults];
  }

  scriptOf(pod: Pod, container: ContainerSpec): ContainerScript {
    const script = this.#ownScript(container);
    const fault = this.#faults.find((candidate) => suffersFrom(pod, container, candidate));
    return fault ? changeScript(script, fault.script) : script;
  }

  #ownScript(container: ContainerSpec): ContainerScript {
    const image = container.image.replace(/^[^/]*[.:][^/]*\//, '');
    const known = this.#images.find(({ imagePrefix }) => image.startsWith(imagePrefix));
    const script = parseContainerScript(container);
    return known ? changeScript(script, known.script) : script;
  }

  #announce(): void {
    for (const listener of this.#listeners) listener();
  }
}

function suffersFrom(pod: Pod, container: ContainerSpec, fault: TemplateFault): boolean {
  if (pod.metadata.namespace !== fault.namespace) return false;
  if (fault.container !== undefined && fault.container !== container.name) return false;
  const hash = pod.metadata.labels?.['pod-template-hash'];
  if (hash === undefined || !fault.templateHashes.includes(hash)) return false;
  return controllerOf(pod)?.name === `${fault.deployment}-${hash}`;
}
