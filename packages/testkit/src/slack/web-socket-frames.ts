/** What a frame is; https://www.rfc-editor.org/rfc/rfc6455#section-5.2. */
export const FRAME_KINDS = { continuation: 0x0, text: 0x1, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa } as const;

/** One frame as it came. */
export interface WebSocketFrame {
  readonly isFinal: boolean;
  readonly kind: number;
  readonly payload: Buffer;
}

/** Makes a final, unmasked frame, as a server sends it. */
export function encodeFrame(kind: number, payload: Buffer): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = 0x80 | kind;
  if (length < 126) head[1] = length;
  else if (length < 65_536) {
    head[1] = 126;
    head.writeUInt16BE(length, 2);
  } else {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([head, payload]);
}

interface FrameHead {
  readonly length: number;
  readonly maskAt: number;
}

function readHead(bytes: Buffer): FrameHead | null {
  if (bytes.length < 2) return null;
  const short = (bytes[1] as number) & 0x7f;
  if (short < 126) return { length: short, maskAt: 2 };
  if (short === 126) return bytes.length < 4 ? null : { length: bytes.readUInt16BE(2), maskAt: 4 };
  return bytes.length < 10 ? null : { length: Number(bytes.readBigUInt64BE(2)), maskAt: 10 };
}

/** Cuts a stream of bytes into frames; a client's frames must be masked. */
export class FrameReader {
  private bytes: Buffer = Buffer.alloc(0);

  /** Takes bytes as they come, and answers the frames that they complete; throws when a frame is not masked. */
  read(chunk: Buffer): readonly WebSocketFrame[] {
    this.bytes = Buffer.concat([this.bytes, chunk]);
    const frames: WebSocketFrame[] = [];
    for (let frame = this.take(); frame !== null; frame = this.take()) frames.push(frame);
    return frames;
  }

  private take(): WebSocketFrame | null {
    const head = readHead(this.bytes);
    if (head === null) return null;
    if (((this.bytes[1] as number) & 0x80) === 0) throw new Error('A client sent a frame without a mask.');
    const from = head.maskAt + 4;
    const until = from + head.length;
    if (this.bytes.length < until) return null;
    const mask = this.bytes.subarray(head.maskAt, from);
    const payload = Buffer.from(this.bytes.subarray(from, until));
    for (let n = 0; n < payload.length; n++) payload[n] = (payload[n] as number) ^ (mask[n % 4] as number);
    const first = this.bytes[0] as number;
    this.bytes = this.bytes.subarray(until);
    return { isFinal: (first & 0x80) !== 0, kind: first & 0x0f, payload };
  }
}
