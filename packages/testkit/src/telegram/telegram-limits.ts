/** Limits that the Bot API enforces, from https://core.telegram.org/bots/api and https://limits.tginfo.me/en. */
export const telegramLimits = {
  /** UTF-16 code units of a message's text, https://core.telegram.org/bots/api#sendmessage */
  textLength: 4_096,
  /** Entities of a message; those beyond are ignored. */
  entities: 100,
  /** Bytes, https://core.telegram.org/bots/api#inlinekeyboardbutton */
  callbackDataBytes: 64,
  /** Characters of a callback's answer, https://core.telegram.org/bots/api#answercallbackquery */
  callbackAnswerLength: 200,
  /** Buttons under a message. */
  buttons: 100,
  /** Updates in one answer, https://core.telegram.org/bots/api#getupdates */
  updatesAtOnce: 100,
} as const;
