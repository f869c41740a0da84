/** How the items of a list become elements. */
export interface ListView<T> {
  key(item: T): string;
  /** Changes when the element must be built anew. */
  signature(item: T): string;
  build(item: T): HTMLElement;
}

const signatures = new WeakMap<Element, string>();

/**
 * Makes the children of `container` show `items`, in their order. Elements whose signature is the same stay as they are,
 * with what is typed into them; the focus stays on the same control. Answers whether any child moved, came or went.
 */
export function patchList<T>(container: Element, items: readonly T[], view: ListView<T>): boolean {
  const focused = document.activeElement;
  const old = new Map([...container.children].map((child) => [child.getAttribute('data-key') ?? '', child]));
  const before = [...old.keys()];
  const wanted = items.map((item) => view.key(item));
  for (const [key, child] of old) if (!wanted.includes(key)) child.remove();
  let place: Element | null = container.firstElementChild;
  for (const item of items) {
    const node = currentElement(old.get(view.key(item)), item, view);
    // What stood there has just been replaced by its new self.
    if (place !== null && !place.isConnected) place = node;
    if (node === place) place = place.nextElementSibling;
    else container.insertBefore(node, place);
  }
  // Moving an element takes the focus from it.
  if (focused instanceof HTMLElement && focused.isConnected && document.activeElement !== focused) {
    focused.focus({ preventScroll: true });
  }
  return before.length !== wanted.length || before.some((key, index) => key !== wanted[index]);
}

function currentElement<T>(old: Element | undefined, item: T, view: ListView<T>): Element {
  const signature = view.signature(item);
  if (old !== undefined && signatures.get(old) === signature) return old;
  const fresh = view.build(item);
  fresh.setAttribute('data-key', view.key(item));
  signatures.set(fresh, signature);
  if (old !== undefined) replaceKeepingFocus(old, fresh);
  return fresh;
}

function replaceKeepingFocus(old: Element, fresh: HTMLElement): void {
  const focused = document.activeElement;
  const hadFocus = focused !== null && old.contains(focused);
  const name = hadFocus ? focused.getAttribute('data-focus') : null;
  if (old instanceof HTMLDetailsElement) fresh.toggleAttribute('open', old.open);
  old.replaceWith(fresh);
  if (!hadFocus) return;
  const same = [...fresh.querySelectorAll<HTMLElement>('[data-focus]')].find(
    (candidate) => candidate.getAttribute('data-focus') === name,
  );
  (same ?? fresh.querySelector<HTMLElement>('[data-focus-next]') ?? fresh).focus({ preventScroll: true });
}
