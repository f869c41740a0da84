import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

// What PgBouncer takes: https://www.pgbouncer.org/config.html#ignore_startup_parameters
const known = [
  'user',
  'database',
  'application_name',
  'client_encoding',
  'datestyle',
  'timezone',
  'standard_conforming_strings',
];

/** Stands before a server as PgBouncer with session pooling does: it refuses what it does not know when a client starts. */
export class StrictPooler {
  readonly refused: string[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly serverPort: number,
  ) {
    server.on('connection', (client) => void this.admit(client));
  }

  static async start(serverPort: number): Promise<StrictPooler> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new StrictPooler(server, serverPort);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private async admit(client: Socket): Promise<void> {
    this.keep(client);
    const [startup] = (await once(client, 'data')) as [Buffer];
    // Length and protocol version, then names and values that end with a NUL each, and one more NUL.
    const words = startup.subarray(8, -2).toString('utf8').split('\0');
    const unknown = words.find((word, index) => index % 2 === 0 && !known.includes(word));
    if (unknown === undefined) {
      const server = this.keep(connect(this.serverPort, '127.0.0.1'));
      server.write(startup);
      client.pipe(server).pipe(client);
      return;
    }
    this.refused.push(unknown);
    const fields = Buffer.from(`SFATAL\0C08P01\0Munsupported startup parameter: ${unknown}\0\0`);
    const head = Buffer.alloc(5, 'E');
    head.writeInt32BE(fields.length + 4, 1);
    client.end(Buffer.concat([head, fields]));
  }

  private keep(socket: Socket): Socket {
    this.sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.sockets.delete(socket));
    return socket;
  }
}
