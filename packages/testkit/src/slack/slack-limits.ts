/** Blocks in one message; https://docs.slack.dev/reference/block-kit/blocks. */
export const MAX_BLOCKS = 50;
/** Characters of a section's text; https://docs.slack.dev/reference/block-kit/blocks/section-block. */
export const MAX_SECTION_CHARACTERS = 3_000;
/** Characters of one field of a section; the same page. */
export const MAX_FIELD_CHARACTERS = 2_000;
/** Fields of a section; the same page. */
export const MAX_FIELDS = 10;
/** Characters of a header; https://docs.slack.dev/reference/block-kit/blocks/header-block. */
export const MAX_HEADER_CHARACTERS = 150;
/** Elements of an actions block; https://docs.slack.dev/reference/block-kit/blocks/actions-block. */
export const MAX_ACTION_ELEMENTS = 25;
/** Elements of a context block; https://docs.slack.dev/reference/block-kit/blocks/context-block. */
export const MAX_CONTEXT_ELEMENTS = 10;
/** Characters of a button's label; https://docs.slack.dev/reference/block-kit/block-elements/button-element. */
export const MAX_BUTTON_LABEL_CHARACTERS = 75;
/** Characters of a button's value; the same page. */
export const MAX_BUTTON_VALUE_CHARACTERS = 2_000;
/** Characters of an `action_id` or `block_id`; the same page. */
export const MAX_ID_CHARACTERS = 255;
/** Characters of a dialog's parts; https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object. */
export const MAX_CONFIRM_CHARACTERS = { title: 100, text: 300, confirm: 30, deny: 30 } as const;
/** Characters of a message's text; https://docs.slack.dev/reference/methods/chat.postMessage#truncating. */
export const MAX_TEXT_CHARACTERS = 40_000;
/** Characters of all blocks together, not documented but measured: https://github.com/slackapi/bolt-js/issues/2509. */
export const MAX_BLOCKS_CHARACTERS = 13_200;
/** Milliseconds between messages to one channel; https://docs.slack.dev/apis/web-api/rate-limits. */
export const CHANNEL_INTERVAL_MS = 1_000;
/** Milliseconds within which a delivery must be acknowledged; https://docs.slack.dev/apis/events-api/#responding. */
export const ACKNOWLEDGE_WITHIN_MS = 3_000;
