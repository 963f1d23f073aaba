import { describe, expect, it } from 'vitest';
import { createGitHubApi, type GitHubResponse } from '../../../src/github/api.ts';
import { GitHubError } from '../../../src/github/github-error.ts';
import { readRepository } from '../../../src/github/repository.ts';
import { ConnectError } from '../../../src/https/connect-error.ts';
import type { HttpRequest } from '../../../src/https/connection.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const TOKEN = 'ghs_notARealToken0000000000000000000000';
const RUN = '/repos/octo/shop/actions/runs/99';

interface Scripted {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text?: string;
  /** In place of a response. */
  readonly error?: Error;
  readonly hangs?: boolean;
  readonly isCut?: boolean;
}

/** An API behind which each request gets the next response, and the last one again and again. */
function scripted(responses: readonly Scripted[], { apiUrl = 'https://api.github.com' } = {}) {
  const clock = createVirtualClock();
  const requests: (HttpRequest & { readonly at: number })[] = [];
  const trace: string[] = [];
  const api = createGitHubApi({
    repository: { apiUrl, serverUrl: 'https://github.com', owner: 'octo', repo: 'shop', runId: 1 },
    token: TOKEN,
    clock,
    random: () => 0.5,
    trace: (line) => trace.push(line),
    connection: {
      send: async (request) => {
        const response = responses[Math.min(requests.length, responses.length - 1)] ?? {};
        requests.push({ ...request, at: clock.now() });
        await clock.sleep(1, request.signal);
        if (response.hangs === true) await clock.sleep(10 ** 9, request.signal);
        if (response.error !== undefined) throw response.error;
        const { status = 200, headers = {}, text = '{}', isCut } = response;
        return {
          status,
          header: (name) => headers[name],
          text: async () => {
            if (isCut === true) throw new Error('Premature close');
            return text;
          },
        };
      },
      trustAnchor: () => undefined,
      close: () => undefined,
    },
  });
  return { api, requests, trace, clock };
}

const signal = new AbortController().signal;

async function errorOf(response: Promise<GitHubResponse>): Promise<GitHubError> {
  const error = await response.catch((reason: unknown) => reason);
  if (!(error instanceof GitHubError)) {
    throw new Error(`No GitHubError but ${JSON.stringify(error)}`);
  }
  return error;
}

describe('a request', () => {
  it.each([
    ['https://api.github.com', `https://api.github.com${RUN}?exclude_pull_requests=true`],
    ['https://ghes.example/api/v3', `https://ghes.example/api/v3${RUN}?exclude_pull_requests=true`],
  ])('goes below %s', async (apiUrl, url) => {
    const { api, requests } = scripted(
      [{ text: '{"id":99}', headers: { date: 'Sun, 04 May 2025 10:00:00 GMT' } }],
      { apiUrl },
    );
    expect(await api.getRun(99, signal)).toEqual({ body: { id: 99 }, date: Date.UTC(2025, 4, 4, 10) });
    expect(requests).toEqual([
      expect.objectContaining({
        method: 'GET',
        url,
        headers: {
          accept: 'application/vnd.github+json',
          authorization: `Bearer ${TOKEN}`,
          'user-agent': 'vcenter-clone-vm',
          'x-github-api-version': '2022-11-28',
        },
      }),
    ]);
  });

  it('asks for a pull request by its number', async () => {
    const { api, requests } = scripted([{}]);
    await api.getPullRequest(12, signal);
    expect(requests[0]?.url).toBe('https://api.github.com/repos/octo/shop/pulls/12');
  });

  it.each([undefined, '', 'today'])('takes the date %j for none', async (date) => {
    const { api } = scripted([{ headers: date === undefined ? {} : { date } }]);
    expect(await api.getRun(99, signal)).toEqual({ body: {}, date: undefined });
  });
});

describe('a failure', () => {
  const reset = new Error('read ECONNRESET');
  it.each<[string, Scripted]>([
    ['500', { status: 500 }],
    ['502 with a page', { status: 502, text: '<html>' }],
    ['503', { status: 503 }],
    ['a reset', { error: reset }],
    ['a response that was cut off', { isCut: true }],
    [
      'no connection',
      { error: new ConnectError({ message: 'no', code: 'ECONNREFUSED', isPermanent: false }) },
    ],
  ])('by %s is retried twice, and then final', async (_, response) => {
    const { api, requests } = scripted([response]);
    await errorOf(api.getRun(99, signal));
    expect(requests).toHaveLength(3);
    expect((requests[2]?.at ?? 0) - (requests[0]?.at ?? 0)).toBeLessThanOrEqual(10_000);
    const twice = scripted([response, response, { text: '{"id":99}' }]);
    expect((await twice.api.getRun(99, signal)).body).toEqual({ id: 99 });
  });

  it.each<[string, Scripted]>([
    ['401', { status: 401 }],
    ['403', { status: 403 }],
    ['404', { status: 404 }],
    ['422', { status: 422 }],
    ['429', { status: 429 }],
    ['a redirect', { status: 301, headers: { location: 'https://elsewhere.example/' } }],
    ['304', { status: 304, text: '' }],
    ['204', { status: 204, text: '' }],
    ['a page', { text: '<html>Please log in</html>' }],
    ['nothing', { text: '' }],
    ['a certificate', { error: new ConnectError({ message: 'no', code: 'X', isPermanent: true }) }],
  ])('by %s is final at once', async (_, response) => {
    const { api, requests } = scripted([response]);
    await errorOf(api.getRun(99, signal));
    expect(requests).toHaveLength(1);
  });

  it('by silence ends after 15 s, and the 10 s for retries count from there', async () => {
    const { api, requests, clock } = scripted([{ hangs: true }]);
    const error = await errorOf(api.getRun(99, signal));
    expect(error.text).toBe(`GET ${RUN} failed. No response within 15 s.`);
    expect(requests).toHaveLength(2);
    expect(clock.now()).toBeLessThan(32_000);
  });

  it('waits as long as GitHub asks, if that is within the 10 s', async () => {
    const soon = scripted([{ status: 503, headers: { 'retry-after': '7' } }, {}]);
    await soon.api.getRun(99, signal);
    expect(soon.clock.now()).toBeGreaterThanOrEqual(7_000);
    const late = scripted([{ status: 503, headers: { 'retry-after': '11' } }, {}]);
    await errorOf(late.api.getRun(99, signal));
    expect(late.requests).toHaveLength(1);
  });

  it("ends with the signal's reason when it is aborted meanwhile", async () => {
    const { api } = scripted([{ hangs: true }]);
    const controller = new AbortController();
    const pending = api.getRun(99, controller.signal);
    controller.abort(new Error('over'));
    await expect(pending).rejects.toThrow('over');
  });
});

describe('a rate limit', () => {
  it.each<[string, Scripted, boolean, number | undefined]>([
    [
      'primary',
      {
        status: 403,
        headers: {
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': '1746356460',
          date: 'Sun, 04 May 2025 11:00:00 GMT',
        },
      },
      true,
      60_000,
    ],
    ['primary, as 429', { status: 429, headers: { 'x-ratelimit-remaining': '0' } }, true, undefined],
    ['secondary', { status: 403, headers: { 'retry-after': '60' } }, true, 60_000],
    [
      'secondary, by its words',
      { status: 403, text: '{"message":"You have exceeded a secondary rate limit."}' },
      true,
      undefined,
    ],
    ['of nobody knows what', { status: 429 }, true, undefined],
    [
      'none: a right is missing',
      { status: 403, headers: { 'x-ratelimit-remaining': '4999' } },
      false,
      undefined,
    ],
    ['none: not found', { status: 404, headers: { 'x-ratelimit-remaining': '0' } }, false, undefined],
    [
      'none: a server that is overloaded',
      { status: 500, headers: { 'x-ratelimit-remaining': '7' } },
      false,
      undefined,
    ],
  ])('%s', async (_, response, isRateLimit, retryAfter) => {
    const { api } = scripted([response]);
    expect(await errorOf(api.getRun(99, signal))).toMatchObject({ isRateLimit, retryAfter });
  });
});

describe('the error', () => {
  it('names the right that is missing', async () => {
    const { api } = scripted([{ status: 403, text: '{"message":"Resource not accessible by integration"}' }]);
    expect((await errorOf(api.getRun(99, signal))).text).toBe(
      `GET ${RUN} failed (HTTP 403). GitHub: Resource not accessible by integration\n'github-token' must be of this repository, and have 'actions: read': a 'permissions:' block takes away all that it does not name.`,
    );
    expect((await errorOf(api.getPullRequest(12, signal))).text).toContain("'pull-requests: read'");
  });

  it('never has the token in it, nor a page of nobody knows whom', async () => {
    const said = scripted([{ status: 401, text: JSON.stringify({ message: `Bad token ${TOKEN}` }) }]);
    expect((await errorOf(said.api.getRun(99, signal))).text).toContain('Bad token ***');
    const page = scripted([{ text: `<html>${TOKEN}</html>` }]);
    expect((await errorOf(page.api.getRun(99, signal))).text).toBe(
      `GET ${RUN} failed (HTTP 200). The response is not JSON.`,
    );
    expect([...said.trace, ...page.trace].join('\n')).not.toContain(TOKEN);
  });
});

describe('readRepository', () => {
  const env = {
    GITHUB_API_URL: 'https://ghes.example/api/v3/',
    GITHUB_SERVER_URL: 'https://ghes.example',
    GITHUB_REPOSITORY: 'octo/shop.js',
    GITHUB_RUN_ID: '99',
  };

  it('reads what the runner says', () => {
    expect(readRepository(env)).toEqual({
      apiUrl: 'https://ghes.example/api/v3',
      serverUrl: 'https://ghes.example',
      owner: 'octo',
      repo: 'shop.js',
      runId: 99,
    });
  });

  it.each([
    ...[{ GITHUB_API_URL: undefined }, { GITHUB_API_URL: '' }, { GITHUB_API_URL: 'api.github.com' }],
    ...[{ GITHUB_API_URL: 'http://api.github.com' }, { GITHUB_API_URL: 'https://user@api.github.com' }],
    ...[{ GITHUB_API_URL: 'https://api.github.com?x' }, { GITHUB_SERVER_URL: 'javascript:alert(1)' }],
    ...[{ GITHUB_REPOSITORY: undefined }, { GITHUB_REPOSITORY: 'shop' }, { GITHUB_REPOSITORY: 'a/b/c' }],
    ...[
      { GITHUB_REPOSITORY: '../shop' },
      { GITHUB_REPOSITORY: 'octo/..' },
      { GITHUB_REPOSITORY: 'octo/a?b' },
    ],
    ...[
      { GITHUB_RUN_ID: undefined },
      { GITHUB_RUN_ID: '0' },
      { GITHUB_RUN_ID: '1e9' },
      { GITHUB_RUN_ID: '-1' },
    ],
    { GITHUB_RUN_ID: '99999999999999999999' },
  ])('refuses %j', (changes) => {
    const [name = ''] = Object.keys(changes);
    expect(() => readRepository({ ...env, ...changes })).toThrow(name);
  });
});
