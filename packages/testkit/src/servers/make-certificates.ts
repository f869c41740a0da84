import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** Files of a server's certificate, and of the authority that signed it. */
export interface Certificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** Makes an authority and a server's certificate in a folder; `name` is as in openssl's subjectAltName. */
export function makeCertificates(openssl: string, folder: string, name = 'IP:127.0.0.1'): Certificates {
  const file = (name: string): string => path.join(folder, name);
  const run = (...flags: readonly string[]): void => {
    execFileSync(openssl, [...flags], { stdio: 'pipe' });
  };
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  run('req', '-x509', ...newKey, '-keyout', file('ca.key'), '-out', file('ca.pem'), '-subj', '/CN=test', '-days', '2');
  run('req', ...newKey, '-keyout', file('server.key'), '-out', file('server.csr'), '-subj', '/CN=server');
  writeFileSync(file('names'), `subjectAltName=${name}`);
  const signed = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-extfile', file('names')];
  run('x509', '-req', '-in', file('server.csr'), ...signed, '-out', file('server.pem'), '-days', '2');
  return { ca: file('ca.pem'), cert: file('server.pem'), key: file('server.key') };
}
