import { readFileSync } from 'node:fs';
import { AppError } from '@dogwatch/core';
import type { PostgresStoreConfig } from './config.js';

/** What node-postgres is given to reach a server: an address that says nothing of TLS, and beside it what TLS is to be like. */
export interface ServerAddress {
  readonly connectionString: string;
  /** Absent: not encrypted, unless the variables of libpq say so. */
  readonly ssl?: TlsSettings | false;
}

/** Settings of a TLS connection, in the words of Node.js. */
export interface TlsSettings {
  readonly rejectUnauthorized: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly checkServerIdentity?: () => undefined;
}

/** How far a server is trusted: not encrypted, encrypted for whoever answers, its authority checked, its name checked too. */
type Check = 'off' | 'none' | 'authority' | 'full';

// What libpq does with `require` depends on what else it finds; here an address that asks for TLS always has it checked, unless
// it says that it must not be.
const checks: Readonly<Record<string, Check>> = {
  disable: 'off',
  allow: 'full',
  prefer: 'full',
  require: 'full',
  'verify-ca': 'authority',
  'verify-full': 'full',
  'no-verify': 'none',
};
const sslModes: Readonly<Record<string, string>> = {
  true: 'require',
  '1': 'require',
  false: 'disable',
  '0': 'disable',
};
const ownParameters = ['ssl', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'uselibpqcompat'];

/** Makes of the settings what node-postgres is given; throws `DW_CONFIG_INVALID` for what contradicts itself or cannot be read. */
export function serverAddress(url: string, config: PostgresStoreConfig): ServerAddress {
  const [address = '', ...rest] = url.split('?');
  const parameters = new URLSearchParams(rest.join('?'));
  const said = Object.fromEntries(ownParameters.map((name) => [name, parameters.get(name)]));
  for (const name of ownParameters) parameters.delete(name);
  const connectionString = parameters.size === 0 ? address : `${address}?${parameters}`;
  const ca = readAuthority(config.sslCaFile, said['sslrootcert'] ?? null);
  const check = findCheck(config, said, ca !== null);
  if (check === null) return { connectionString };
  if (check === 'off') return { connectionString, ssl: false };
  return {
    connectionString,
    ssl: {
      rejectUnauthorized: check !== 'none',
      ...(ca === null ? {} : { ca }),
      ...clientCertificate(said['sslcert'] ?? null, said['sslkey'] ?? null),
      ...(check === 'authority' ? { checkServerIdentity: () => undefined } : {}),
    },
  };
}

function findCheck(
  { ssl }: PostgresStoreConfig,
  said: Readonly<Record<string, string | null>>,
  hasAuthority: boolean,
): Check | null {
  if (ssl === 'verify') return 'full';
  // Who gives an authority wants its certificates to be checked by it.
  if (ssl === 'require') return hasAuthority ? 'full' : 'none';
  const plain = said['ssl'] ?? null;
  const mode = said['sslmode'] ?? (plain === null ? null : (sslModes[plain] ?? plain));
  if (mode === null) return hasAuthority ? 'full' : null;
  const check = checks[mode];
  if (check === undefined) {
    throw invalid(`the address says sslmode '${mode}', which is none of ${Object.keys(checks).join(', ')}`);
  }
  const isLoose = said['uselibpqcompat'] === 'true' && (mode === 'require' || mode === 'prefer');
  if (isLoose) return hasAuthority ? 'authority' : 'none';
  if (hasAuthority && (check === 'off' || check === 'none')) {
    throw invalid(
      `the address says sslmode '${mode}', but there is an authority to check the server's certificate by. ` +
        `Take DATABASE_SSL_CA_FILE away, or write 'sslmode=verify-full'`,
    );
  }
  // An authority that signs for everybody says nothing without the name.
  return check === 'authority' && !hasAuthority ? 'full' : check;
}

function readAuthority(ownFile: string | null, urlFile: string | null): string | null {
  const file = ownFile ?? (urlFile === 'system' ? null : urlFile);
  if (file === null) return null;
  const text = readPem(file, ownFile === null ? 'the sslrootcert of DATABASE_URL' : 'DATABASE_SSL_CA_FILE');
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw invalid(
    `'${file}' holds no certificate in PEM form ('-----BEGIN CERTIFICATE-----'). Correct DATABASE_SSL_CA_FILE`,
  );
}

function clientCertificate(cert: string | null, key: string | null): { readonly cert?: string; readonly key?: string } {
  return {
    ...(cert === null ? {} : { cert: readPem(cert, 'the sslcert of DATABASE_URL') }),
    ...(key === null ? {} : { key: readPem(key, 'the sslkey of DATABASE_URL') }),
  };
}

function readPem(file: string, setting: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw invalid(`'${file}' cannot be read: ${reason}. Correct ${setting}`, cause);
  }
}

function invalid(what: string, cause?: unknown): AppError {
  return new AppError('DW_CONFIG_INVALID', `The PostgreSQL store cannot be reached as its settings say: ${what}.`, {
    cause,
  });
}
