import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { FRAME_KINDS, FrameReader, encodeFrame } from './web-socket-frames.js';
import type { WebSocketFrame } from './web-socket-frames.js';

// The constant of https://www.rfc-editor.org/rfc/rfc6455#section-1.3.
const acceptSalt = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** What a connection tells its owner. */
export interface WebSocketEvents {
  onText(text: string): void;
  onClose(): void;
}

/** The server's end of a WebSocket: text both ways, pings answered, closed by either side. */
export class WebSocketConnection {
  private readonly reader = new FrameReader();
  private fragments: Buffer[] = [];
  private isOver = false;

  constructor(
    private readonly socket: Duplex,
    private readonly events: WebSocketEvents,
  ) {
    socket.on('data', (chunk: Buffer) => this.read(chunk));
    socket.on('close', () => this.end());
    socket.on('error', () => this.end());
  }

  get isOpen(): boolean {
    return !this.isOver;
  }

  sendText(text: string): void {
    this.write(FRAME_KINDS.text, Buffer.from(text));
  }

  ping(): void {
    this.write(FRAME_KINDS.ping, Buffer.from('ping'));
  }

  /** Asks the client to close, as an orderly server does. */
  close(code = 1000): void {
    const payload = Buffer.alloc(2);
    payload.writeUInt16BE(code);
    this.write(FRAME_KINDS.close, payload);
    this.socket.end();
  }

  /** Cuts the connection without a word. */
  destroy(): void {
    this.socket.destroy();
  }

  private read(chunk: Buffer): void {
    try {
      for (const frame of this.reader.read(chunk)) this.take(frame);
    } catch {
      // RFC 6455 wants the connection closed after a protocol error.
      this.close(1002);
    }
  }

  private take({ kind, isFinal, payload }: WebSocketFrame): void {
    if (kind === FRAME_KINDS.ping) this.write(FRAME_KINDS.pong, payload);
    else if (kind === FRAME_KINDS.close) {
      this.write(FRAME_KINDS.close, payload);
      this.socket.end();
    } else if (kind === FRAME_KINDS.text || kind === FRAME_KINDS.continuation) {
      this.fragments.push(payload);
      if (!isFinal) return;
      const text = Buffer.concat(this.fragments).toString('utf8');
      this.fragments = [];
      this.events.onText(text);
    }
  }

  private write(kind: number, payload: Buffer): void {
    if (!this.isOver && this.socket.writable) this.socket.write(encodeFrame(kind, payload));
  }

  private end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.events.onClose();
  }
}

/** Answers the upgrade of an HTTP request; `null` when it is none, and the socket is closed. */
export function acceptWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  events: WebSocketEvents,
): WebSocketConnection | null {
  const key = request.headers['sec-websocket-key'];
  if (key === undefined || request.headers.upgrade?.toLowerCase() !== 'websocket') {
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    return null;
  }
  const accept = createHash('sha1').update(`${key}${acceptSalt}`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  return new WebSocketConnection(socket, events);
}
