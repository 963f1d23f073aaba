import { isForkPullRequest } from '../github/context.ts';
import type { ConnectionInputs } from '../github/inputs.ts';
import type { Report } from '../github/report.ts';
import { Interrupted } from '../time/deadline.ts';
import { type Limits, openSession, type Session } from '../vcenter/session.ts';
import type { Runtime } from './runtime.ts';

/** Milliseconds that one request may take, unless it is known to block. */
const REQUEST_TIMEOUT = 30_000;

/** Milliseconds for the logout; a cancelled step has seven seconds for everything. */
const LOGOUT = 10_000;
const HURRIED_LOGOUT = 1_500;

export interface ConnectOptions {
  readonly runtime: Runtime;
  readonly connection: ConnectionInputs;
  readonly report: Report;
  readonly limits: Limits;
}

/** Logs in, runs `body`, and closes session and connections on every way out. */
export async function connected<T>(
  { runtime, connection, report, limits }: ConnectOptions,
  body: (session: Session) => Promise<T>,
): Promise<T> {
  const { core, clock, random, env, openConnection } = runtime;
  if (connection.insecure) {
    report.warning({
      title: 'Certificate not checked',
      text: `'insecure' is on: whoever sits between the runner and ${connection.server} can read the password. Use 'ca-certificate' or 'certificate-fingerprint'.`,
    });
  }
  const way = openConnection({
    ...(connection.caCertificate === undefined ? {} : { ca: connection.caCertificate }),
    ...(connection.certificateFingerprint === undefined
      ? {}
      : { fingerprint: connection.certificateFingerprint }),
    insecure: connection.insecure,
    env,
  });
  try {
    const session = await openSession(
      {
        endpoint: {
          server: connection.server,
          connection: way,
          clock,
          requestTimeout: REQUEST_TIMEOUT,
          trace: report.debug,
        },
        username: connection.username,
        password: connection.password,
        mask: core.setSecret,
        random,
      },
      limits,
    );
    try {
      await core.load();
      report.info(`Logged in to ${connection.server} as ${connection.username}.`);
      return await body(session);
    } finally {
      const isHurried = limits.signal.reason instanceof Interrupted;
      await session.close({ limit: isHurried ? HURRIED_LOGOUT : LOGOUT });
    }
  } finally {
    way.close();
  }
}

/** Whether the password is missing because the run is for a fork's pull request, which GitHub gives no secrets. */
export async function lacksSecrets({ core, context }: Runtime): Promise<boolean> {
  return core.getInput('password') === '' && isForkPullRequest(await context());
}
