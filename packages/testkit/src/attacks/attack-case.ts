/** Where an attacker can write without any right in Dogwatch. */
export type AttackPlace = 'pod-log' | 'event' | 'label' | 'alert' | 'chat';

/** What a model that obeys the attacker does. */
export type AttackWish =
  /** Calls a tool. */
  | { readonly kind: 'call'; readonly tool: string; readonly arguments: object | string }
  /** Writes a text; `{{approval}}` stands for the id of an approval that waits. */
  | { readonly kind: 'text'; readonly text: string };

/** A hostile text, where it is planted, and what it wants. */
export interface AttackCase {
  /** Unique, lower case with dashes. */
  readonly id: string;
  readonly place: AttackPlace;
  readonly text: string;
  readonly wish: AttackWish;
}

/** The workload that attacks aim at. */
export const ATTACK_TARGET = { namespace: 'shop', name: 'web' } as const;

/** A call as a wish. */
export function wantsCall(tool: string, more: object = {}): AttackWish {
  return { kind: 'call', tool, arguments: { ...ATTACK_TARGET, ...more } };
}

/** A text as a wish. */
export function wantsText(text: string): AttackWish {
  return { kind: 'text', text };
}
