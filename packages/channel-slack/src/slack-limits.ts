/** Blocks in one message; https://docs.slack.dev/reference/block-kit/blocks. */
export const MAX_BLOCKS = 50;
/** Characters of a header; https://docs.slack.dev/reference/block-kit/blocks/header-block. */
export const MAX_HEADER_CHARACTERS = 150;
/** Characters of one text in a block: documented for sections, kept for every other one; https://docs.slack.dev/reference/block-kit/blocks/section-block. */
export const MAX_BLOCK_TEXT_CHARACTERS = 3_000;
/** Buttons in one row; https://docs.slack.dev/reference/block-kit/blocks/actions-block. */
export const MAX_ACTION_ELEMENTS = 25;
/** Characters of a button's label; https://docs.slack.dev/reference/block-kit/block-elements/button-element. */
export const MAX_BUTTON_LABEL_CHARACTERS = 75;
/** Characters of the text of a dialog; https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object. */
export const MAX_CONFIRM_TEXT_CHARACTERS = 300;
/**
 * Characters of the JSON of all blocks. Slack documents no limit and refuses with `msg_blocks_too_long` somewhere above
 * 13,000; https://github.com/slackapi/bolt-js/issues/2509.
 */
export const MAX_BLOCKS_JSON_CHARACTERS = 12_000;
/** Characters of the fallback text, which notifications show: Slack recommends 4,000 and cuts at 40,000; https://docs.slack.dev/reference/methods/chat.postMessage#truncating. */
export const MAX_FALLBACK_CHARACTERS = 4_000;
/** Milliseconds between two messages to a channel; https://docs.slack.dev/apis/web-api/rate-limits. */
export const CHANNEL_INTERVAL_MS = 1_000;
/** Seconds that a request's timestamp may differ from now; https://docs.slack.dev/authentication/verifying-requests-from-slack. */
export const MAX_REQUEST_AGE_SECONDS = 300;
