/** What the registry says about one error code. */
export interface ErrorCodeEntry {
  /** What happened, in a few words. */
  readonly title: string;
  /** What a human does about it. */
  readonly remedy: string;
  /** The HTTP status of an answer that carries this code; 500 when absent. */
  readonly status?: number;
}

const entry = (title: string, remedy: string, status?: number): ErrorCodeEntry =>
  status === undefined ? { title, remedy } : { title, remedy, status };

/** The registry of error codes; sorted by code, kept equal to docs/errors.md by a test. */
export const errorCodes = {
  DW_BOOT_PORT_ID_INVALID: entry('A port id is malformed', "Write it as 'package-name.PortName'."),
  DW_BOOT_PORT_MISSING: entry('A port has no provider', 'Add a plugin that provides the port to createApp.'),
  DW_BOOT_TOKEN_INVALID: entry('Something that is no port was injected', 'Inject a port made by definePort.'),
} as const satisfies Readonly<Record<string, ErrorCodeEntry>>;

/** A registered error code. */
export type ErrorCode = keyof typeof errorCodes;

/** Answers the registry's entry of a code. */
export function describeErrorCode(code: ErrorCode): ErrorCodeEntry {
  return errorCodes[code];
}
