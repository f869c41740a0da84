import { definePort } from '../di/define-port.js';
import { inject, injectable } from '../di/inject.js';
import { ConversationStore } from '../ports/conversation-store.js';
import type { SettingOwner } from '../ports/conversation-store.js';
import { LlmProvider } from '../ports/llm-provider.js';
import { chooseModel } from './choose-model.js';
import { SessionManager } from './session-manager.js';
import type { SessionPlace } from './session-manager.js';

/** Where a model was chosen, the strongest first. */
export const MODEL_LEVELS = ['conversation', 'person', 'channel', 'system'] as const;

/** Where a model was chosen. */
export type ModelLevel = (typeof MODEL_LEVELS)[number];

/** What each level says, and which one wins. */
export interface ModelChoice {
  readonly model: string;
  readonly level: ModelLevel;
  readonly chosen: Readonly<Record<ModelLevel, string | null>>;
}

const setting = 'model';

/** Chooses the model for a message: this conversation's, else the person's, else the channel's, else the system's. */
export interface ModelSelection {
  /** Every model that may be chosen, the system's default first. */
  readonly models: readonly string[];
  /** The choice for a person in a conversation; one that is not offered any more is passed over. */
  choose(place: SessionPlace): Promise<ModelChoice>;
  /** Sets or, with `null`, unsets the choice of a level; throws `DW_LLM_MODEL_UNKNOWN` for a model that is not offered. */
  set(place: SessionPlace, level: Exclude<ModelLevel, 'system'>, model: string | null): Promise<void>;
}
export const ModelSelection = definePort<ModelSelection>('core.ModelSelection');

/** Choices in the session and in the settings of the `ConversationStore`. */
@injectable()
export class StoredModelSelection implements ModelSelection {
  constructor(
    @inject(LlmProvider) private readonly provider: LlmProvider,
    @inject(ConversationStore) private readonly store: ConversationStore,
    @inject(SessionManager) private readonly sessions: SessionManager,
  ) {}

  get models(): readonly string[] {
    return this.provider.models;
  }

  async choose(place: SessionPlace): Promise<ModelChoice> {
    const chosen: Record<ModelLevel, string | null> = {
      conversation: (await this.sessions.read(place)).model,
      person: toName(await this.store.getSetting(personOf(place), setting)),
      channel: toName(await this.store.getSetting(channelOf(place), setting)),
      system: chooseModel(this.provider),
    };
    const isOffered = (level: ModelLevel): boolean => this.models.includes(chosen[level] ?? '');
    const level = MODEL_LEVELS.find(isOffered) ?? 'system';
    return { model: chosen[level] ?? chooseModel(this.provider), level, chosen };
  }

  async set(place: SessionPlace, level: Exclude<ModelLevel, 'system'>, model: string | null): Promise<void> {
    if (model !== null) chooseModel(this.provider, model);
    if (level === 'conversation') return this.sessions.change(place, { model });
    return this.store.putSetting(level === 'person' ? personOf(place) : channelOf(place), setting, model);
  }
}

function personOf({ actor }: SessionPlace): SettingOwner {
  return { kind: 'user', actor };
}

function channelOf({ destination: { channelType, room } }: SessionPlace): SettingOwner {
  return { kind: 'channel', channelType, room };
}

function toName(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
