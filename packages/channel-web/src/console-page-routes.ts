import { AppError, injectable } from '@dogwatch/core';
import type { HttpRequest, HttpResponse, HttpRoute, HttpRoutes } from '@dogwatch/core';
import { loadConsoleAssets } from './console-assets.js';
import type { ConsoleAsset } from './console-assets.js';

const securityHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** The console's page at `/` and its files under `/console/`. */
@injectable()
export class ConsolePageRoutes implements HttpRoutes {
  private assets: Promise<ReadonlyMap<string, ConsoleAsset>> | null = null;

  get routes(): readonly HttpRoute[] {
    const open = { method: 'GET', auth: 'none', rateLimit: 'none' } as const;
    return [
      { ...open, path: '/', handle: (request) => this.answer('index.html', request) },
      { ...open, path: '/console/:file', handle: (request) => this.answer(request.params['file'] ?? '', request) },
    ];
  }

  private async answer(name: string, request: HttpRequest): Promise<HttpResponse> {
    this.assets ??= loadConsoleAssets();
    const asset = (await this.assets).get(name);
    if (asset === undefined) throw new AppError('DW_HTTP_NOT_FOUND', `The console has no file '${name}'.`);
    const { body, contentType, etag } = asset;
    // Names do not change with their content, so a browser asks each time and is told that it has the file already.
    const headers = { ...securityHeaders, 'cache-control': 'no-cache', etag };
    if (request.headers['if-none-match'] === etag) return { status: 304, headers };
    return { status: 200, headers: { ...headers, 'content-type': contentType }, body };
  }
}
