import type { Source } from '../di/container.js';
import { describePort } from '../di/define-port.js';
import type { AnyExtensionPoint, AnyPort, ExtensionPoint, Port } from '../di/define-port.js';
import { AppError, isAppError } from '../errors/app-error.js';
import type { BootProblems } from './boot-problems.js';
import type { Plugin } from './define-plugin.js';
import type { Constructor, Contribution, PortBinding } from './registrar.js';

/** Runs the `register` of one plugin and keeps what it registers, without looking at other plugins. */
export class PluginRegistrations {
  readonly bindings = new Map<AnyPort, Source>();
  readonly contributions: { readonly point: AnyExtensionPoint; readonly source: Source }[] = [];
  private readonly classKeys = new Map<Constructor<unknown>, symbol>();
  private readonly unfinished = new Set<string>();
  private isClosed = false;

  constructor(
    private readonly plugin: Plugin,
    private readonly problems: BootProblems,
  ) {
    try {
      this.refuseAsync(
        plugin.register({ bind: (port) => this.bind(port), contribute: (point) => this.contribute(point) }),
      );
    } catch (error) {
      if (isAppError(error)) problems.addError(error);
      else problems.add('DW_BOOT_REGISTER_FAILED', `register of plugin '${plugin.id}' threw: ${String(error)}`, error);
    }
    this.isClosed = true;
    for (const call of this.unfinished) {
      problems.add(
        'DW_BOOT_REGISTRATION_INCOMPLETE',
        `Plugin '${plugin.id}' calls ${call} without saying what: add a class or a value to the call.`,
      );
    }
  }

  private bind<T>(port: Port<T>): PortBinding<T> {
    const call = this.begin('bind', port);
    const add = (source: Source): void => {
      if (this.bindings.has(port)) {
        const name = describePort(port);
        this.problems.add('DW_BOOT_PORT_BOUND_TWICE', `Plugin '${this.plugin.id}' binds ${name} twice. Bind it once.`);
      }
      this.bindings.set(port, source);
    };
    return {
      toClass: (implementation) => this.finish(call, this.sourceOfClass(implementation), add),
      toValue: (value) => this.finish(call, sourceOfValue(value), add),
    };
  }

  private contribute<T>(point: ExtensionPoint<T>): Contribution<T> {
    const call = this.begin('contribute', point);
    const add = (source: Source): void => {
      this.contributions.push({ point, source });
    };
    return {
      class: (implementation) => this.finish(call, this.sourceOfClass(implementation), add),
      value: (value) => this.finish(call, sourceOfValue(value), add),
    };
  }

  private begin(verb: string, token: symbol): string {
    const call = `${verb}(${describePort(token)})`;
    if (this.isClosed) {
      throw new AppError(
        'DW_BOOT_REGISTER_LATE',
        `Plugin '${this.plugin.id}' calls ${call} after its register has returned. Register is synchronous: call it there.`,
      );
    }
    this.unfinished.add(call);
    return call;
  }

  private finish(call: string, source: Source | null, add: (source: Source) => void): void {
    this.unfinished.delete(call);
    if (source !== null) add(source);
    else {
      this.problems.add(
        'DW_BOOT_IMPLEMENTATION_INVALID',
        `Plugin '${this.plugin.id}' gives ${call} nothing usable. If it is undefined, two files import each other.`,
      );
    }
  }

  private sourceOfClass(implementation: Constructor<unknown>): Source | null {
    if (typeof implementation !== 'function') return null;
    const key = this.classKeys.get(implementation) ?? Symbol(`${this.plugin.id}/${implementation.name}`);
    this.classKeys.set(implementation, key);
    return { kind: 'class', key, implementation };
  }

  private refuseAsync(answer: unknown): void {
    if (!(answer instanceof Promise)) return;
    const report = `register of plugin '${this.plugin.id}' is asynchronous. Make it synchronous, and do input and output in a HostedService.`;
    this.problems.add('DW_BOOT_REGISTER_ASYNC', report);
    // Whatever it rejects with follows from being asynchronous, which is reported.
    answer.catch(() => undefined);
  }
}

function sourceOfValue(value: unknown): Source | null {
  return value === undefined ? null : { kind: 'value', value };
}
