import type { Connection } from '../../src/https/connection.ts';
import type { Clock } from '../../src/time/clock.ts';
import type { Channel } from '../simulator/channel.ts';
import { createClock, type SimulatorClock } from '../simulator/clock.ts';
import { json, type WireAnswer } from '../simulator/faults.ts';
import { startHttpsServer } from '../simulator/https-server.ts';
import { createInProcessServer } from '../simulator/in-process-connection.ts';
import { certificateAuthority, createServerCertificate } from '../simulator/tls.ts';
import { type PullRequestRecord, pullRequestBody, type RunRecord, runBody } from './records.ts';

export type { PullRequestRecord, RunRecord } from './records.ts';

export interface GitHubExchange {
  readonly method: string;
  /** Below the API's base. */
  readonly path: string;
  readonly query: string;
  /** Without the value of Authorization. */
  readonly headers: Readonly<Record<string, string>>;
  readonly receivedAt: number;
  /** How many other requests had no response yet when this one arrived. */
  readonly inFlightAtArrival: number;
  status: number | undefined;
}

/** What becomes of requests, in place of the response that they would get. */
export interface GitHubFault {
  /** Which ones: a part of their path. Default: all. */
  readonly path?: string | RegExp;
  /** First affected one, counted from now; default 1. */
  readonly nth?: number;
  /** How many in a row; default 1. */
  readonly times?: number;
  /** `reset` and `cut` break the connection, `hang` leaves it without a response. */
  readonly kind: 'reset' | 'cut' | 'hang' | 'answer';
  readonly answer?: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    /** Text is sent as it is; anything else as JSON. */
    readonly body?: unknown;
  };
}

/** What a test may bend at any time. */
export interface GitHubBehaviour {
  /** Milliseconds that each response takes. */
  latency: number;
  /** Milliseconds that its clock is ahead of everybody else's. */
  clockOffset: number;
  sendsDate: boolean;
  /** What the token may read. */
  permissions: { actions: boolean; pullRequests: boolean };
  /** Requests that the token has left; then the primary rate limit. */
  requestsLeft: number;
}

/** The few parts of GitHub that the actions speak to, seen from the side of a test. */
export interface GitHub {
  /** What the runner has in GITHUB_API_URL. */
  readonly apiUrl: string;
  readonly token: string;
  readonly behaviour: GitHubBehaviour;
  /** In order of arrival. */
  readonly exchanges: readonly GitHubExchange[];
  /** `runs/99`, `pulls/12`: what was asked for, in order of arrival. */
  asked(): string[];
  /** A run that has ended three hours ago, of a pull request, where nothing else is said. */
  addRun(run: Partial<RunRecord> & { readonly id: number }): RunRecord;
  /** A closed one. */
  addPullRequest(pull: Partial<PullRequestRecord> & { readonly number: number }): PullRequestRecord;
  run(id: number): RunRecord;
  /** A time of this GitHub's clock, so many milliseconds before now. */
  ago(ms: number): string;
  fault(fault: GitHubFault): void;
  /** Is told of each request before it is responded to. */
  watch(listener: (exchange: GitHubExchange) => void): void;
}

export interface InProcessGitHub extends GitHub {
  connection(): Connection;
}

export interface SocketGitHub extends GitHub {
  readonly port: number;
  /** Of the CA that signed its certificate: for NODE_EXTRA_CA_CERTS. */
  readonly caPem: string;
  close(): Promise<void>;
}

const HOUR = 60 * 60 * 1_000;
const OWN_REPOSITORY = 'octo/shop';

export interface GitHubOptions {
  /** Default: api.github.com. */
  readonly apiUrl?: string;
  /** The one that it accepts. */
  readonly token: string;
}

/** A GitHub for clients in this process, without a socket. */
export function createGitHub({
  clock: time,
  apiUrl = 'https://api.github.com',
  token,
}: GitHubOptions & { readonly clock: Clock }): InProcessGitHub {
  const clock = createClock(time);
  const { github, handler } = createState({ clock, apiUrl, token });
  const { connect } = createInProcessServer({ handler, clock, server: new URL(apiUrl).host });
  return { ...github, connection: connect };
}

/** The same behind a socket of this machine, as GitHub Enterprise Server: its API has a path. */
export async function startGitHub({ token }: Pick<GitHubOptions, 'token'>): Promise<SocketGitHub> {
  const clock = createClock();
  const authority = certificateAuthority();
  const certificate = createServerCertificate({
    authority,
    hosts: ['localhost', '127.0.0.1'],
    expired: false,
  });
  let handler: (channel: Channel) => void = () => undefined;
  const server = await startHttpsServer({
    handler: (channel) => handler(channel),
    ...{ clock, certificate, host: '127.0.0.1', port: 0 },
  });
  const state = createState({ clock, apiUrl: `https://localhost:${server.port}/api/v3`, token });
  handler = state.handler;
  return {
    ...state.github,
    port: server.port,
    caPem: authority.pem,
    close: async () => {
      await server.refuseConnections();
      clock.close();
    },
  };
}

function createState({ clock, apiUrl, token }: Required<GitHubOptions> & { readonly clock: SimulatorClock }) {
  const runs = new Map<number, RunRecord>();
  const pulls = new Map<string, PullRequestRecord>();
  const exchanges: GitHubExchange[] = [];
  const faults: { readonly fault: GitHubFault; seen: number }[] = [];
  const listeners: ((exchange: GitHubExchange) => void)[] = [];
  const behaviour: GitHubBehaviour = {
    latency: 0,
    clockOffset: 0,
    sendsDate: true,
    permissions: { actions: true, pullRequests: true },
    requestsLeft: Number.POSITIVE_INFINITY,
  };
  const basePath = new URL(apiUrl).pathname.replace(/\/$/, '');
  const now = () => clock.wallClock(clock.now()) + behaviour.clockOffset;
  const ago = (ms: number) => new Date(now() - ms).toISOString().replace(/\.\d+Z$/, 'Z');
  let inFlight = 0;

  const github: GitHub = {
    apiUrl,
    token,
    behaviour,
    exchanges,
    asked: () => exchanges.map(({ path }) => path.split('/').slice(-2).join('/')),
    addRun: (run) => {
      const record: RunRecord = {
        repository: OWN_REPOSITORY,
        status: 'completed',
        conclusion: 'success',
        attempt: 1,
        event: 'pull_request',
        createdAt: ago(4 * HOUR),
        startedAt: ago(4 * HOUR),
        updatedAt: ago(3 * HOUR),
        overrides: {},
        ...run,
      };
      runs.set(run.id, record);
      return record;
    },
    addPullRequest: (pull) => {
      const record = { repository: OWN_REPOSITORY, state: 'closed', overrides: {}, ...pull };
      pulls.set(`${record.repository}#${pull.number}`, record);
      return record;
    },
    run: (id) => {
      const run = runs.get(id);
      if (run === undefined) throw new Error(`There is no run ${id}.`);
      return run;
    },
    ago,
    fault: (fault) => faults.push({ fault, seen: 0 }),
    watch: (listener) => listeners.push(listener),
  };

  const nextFault = ({ path }: GitHubExchange): GitHubFault | undefined => {
    for (const entry of faults) {
      const { fault } = entry;
      const { path: part = '', nth = 1, times = 1 } = fault;
      if (typeof part === 'string' ? !path.includes(part) : !part.test(path)) continue;
      entry.seen += 1;
      if (entry.seen >= nth && entry.seen < nth + times) return fault;
    }
    return undefined;
  };

  const respond = (path: string, authorization: string | undefined): WireAnswer => {
    if (authorization !== `Bearer ${token}`) {
      return json(401, { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest' });
    }
    if (behaviour.requestsLeft <= 0) {
      const reset = String(Math.ceil((now() + HOUR) / 1_000));
      return json(
        403,
        { message: 'API rate limit exceeded for installation ID 42.' },
        { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset },
      );
    }
    behaviour.requestsLeft -= 1;
    const [, owner = '', repo = '', kind, number] =
      /^\/repos\/([^/]+)\/([^/]+)\/(actions\/runs|pulls)\/(\d+)$/.exec(path) ?? [];
    const repository = `${decodeURIComponent(owner)}/${decodeURIComponent(repo)}`;
    const { permissions } = behaviour;
    if (
      (kind === 'actions/runs' && !permissions.actions) ||
      (kind === 'pulls' && !permissions.pullRequests)
    ) {
      return json(403, { message: 'Resource not accessible by integration' });
    }
    const run = kind === 'actions/runs' ? runs.get(Number(number)) : undefined;
    const pull = kind === 'pulls' ? pulls.get(`${repository}#${number}`) : undefined;
    const body =
      run?.repository === repository ? runBody(run) : pull === undefined ? undefined : pullRequestBody(pull);
    return body === undefined ? json(404, { message: 'Not Found' }) : json(200, body);
  };

  const handle = async (channel: Channel): Promise<void> => {
    const url = new URL(channel.url, apiUrl);
    const isBelowBase = url.pathname.startsWith(`${basePath}/`);
    const { authorization, ...headers } = channel.headers;
    const exchange: GitHubExchange = {
      method: channel.method,
      path: isBelowBase ? url.pathname.slice(basePath.length) : `(outside) ${url.pathname}`,
      query: url.search,
      headers,
      receivedAt: clock.now(),
      inFlightAtArrival: inFlight,
      status: undefined,
    };
    exchanges.push(exchange);
    inFlight += 1;
    let isOpen = true;
    const finish = () => {
      inFlight -= isOpen ? 1 : 0;
      isOpen = false;
    };
    channel.onClose(finish);
    for (const listener of listeners) listener(exchange);
    const fault = nextFault(exchange);
    if (behaviour.latency > 0) await clock.sleep(behaviour.latency);
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'reset') return channel.reset();
    const own = fault?.answer === undefined ? respond(exchange.path, authorization) : answerOf(fault.answer);
    const date = behaviour.sendsDate ? { date: new Date(now()).toUTCString() } : {};
    const answer = { ...own, headers: { ...date, ...own.headers } };
    if (fault?.kind === 'cut') return channel.sendCut(answer);
    exchange.status = answer.status;
    finish(); // from here on the client may send the next one
    await channel.send(answer);
  };
  const handler = (channel: Channel) => {
    handle(channel).catch(() => channel.reset());
  };
  return { github, handler };
}

function answerOf({ status, headers, body }: NonNullable<GitHubFault['answer']>): WireAnswer {
  return typeof body === 'string'
    ? { status, headers: { 'content-type': 'text/html', ...headers }, text: body }
    : json(status, body, headers);
}
