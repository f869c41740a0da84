import { injectable, injectEach } from '../../di/inject.js';
import { ownMessage } from '../../domain/outgoing-message.js';
import type { OutgoingMessage } from '../../domain/outgoing-message.js';
import { INTENT_PRIORITIES } from '../../ports/intent.js';
import type { Intent } from '../../ports/intent.js';
import { Tool } from '../../ports/tool.js';
import { tokenizeSentence } from './tokenize-sentence.js';

const scanning: readonly RegExp[] = [
  /^(run |start |do |perform |make )?(security|vulnerability|cve) (scan|check|audit)( (of|on|for|in) [^ ]+( [^ ]+){0,3})?$/,
  /^(scan|audit) (cluster|namespace [^ ]+|image [^ ]+|images|pods|deployment [^ ]+|container images)( in [^ ]+( [^ ]+)?)?( for (vulnerabilities|cves|security issues|security problems))?$/,
  /^(scan|check) [^ ]+( [^ ]+){0,3} for (vulnerabilities|cves|security issues|security problems)$/,
  /^(are there |any |show |list |which )*(vulnerabilities|cves)( are there)?( in [^ ]+( [^ ]+){0,2})?$/,
];

/** Wishes for a security scan: an honest answer that names what is installed for it. */
@injectable()
export class SecurityScanIntent implements Intent<true> {
  readonly id = 'security-scan';
  readonly priority = INTENT_PRIORITIES.securityScan;
  private readonly tools: readonly string[];

  constructor(@injectEach(Tool) tools: readonly Tool[]) {
    this.tools = tools
      .map(({ name }) => name)
      .filter((name) => /(^|_)(scan|vulnerabilities|cve|trivy)(_|$)/.test(name));
  }

  isReading(): boolean {
    return true;
  }

  match(text: string): true | null {
    const sentence = tokenizeSentence(text)?.words.join(' ') ?? '';
    return scanning.some((pattern) => pattern.test(sentence)) ? true : null;
  }

  handle(): Promise<readonly OutgoingMessage[]> {
    const answer =
      this.tools.length === 0
        ? 'I cannot scan anything here: no tool for security scans is installed, so nothing was scanned. /k8s shows what I can look at.'
        : `Installed for security scans: ${this.tools.join(', ')}. I cannot start them by plain words yet.`;
    return Promise.resolve([ownMessage(answer)]);
  }
}
