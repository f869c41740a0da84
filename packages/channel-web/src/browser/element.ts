import { visibleText } from './visible-text.js';

/** What stands in an element; `null` and `false` stand for nothing. */
export type Child = Node | string | null | false;

/** Attributes by name, and listeners by event. */
export interface Properties {
  readonly on?: Readonly<Record<string, (event: Event) => void>>;
  readonly [attribute: string]: string | number | boolean | null | undefined | Properties['on'];
}

/** Makes an element; every text in it becomes a text node, so nothing in it can become markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  { on = {}, ...attributes }: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    made.setAttribute(name, value === true ? '' : visibleText(String(value)));
  }
  for (const [event, listener] of Object.entries(on)) made.addEventListener(event, listener);
  fill(made, children);
  return made;
}

/** Replaces what stands in an element. */
export function fill(parent: Element, children: readonly Child[]): void {
  const nodes = children.filter((child) => child !== null && child !== false);
  parent.replaceChildren(...nodes.map((child) => (typeof child === 'string' ? visibleText(child) : child)));
}

/** The element of the page with this id. */
export function part(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element '${id}'.`);
  return found;
}

/** A button that does something on this page. */
export function button(label: string, press: () => void, properties: Properties = {}): HTMLButtonElement {
  return element('button', { type: 'button', ...properties, on: { click: press } }, label);
}
