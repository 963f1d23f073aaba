import { isForkPullRequest } from '../github/context.ts';
import type { ConnectionInputs } from '../github/inputs.ts';
import type { Report } from '../github/report.ts';
import type { TrustAnchor } from '../https/trust-anchor.ts';
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

export interface Connected {
  readonly session: Session;
  /** What made the server's certificate trusted, out of the inputs: for the post step, which may not find the file any more. */
  readonly trust: TrustAnchor | undefined;
}

/** Logs in, runs `body`, and closes sessions and connections on every way out. */
export async function connected<T>(
  { runtime, connection: inputs, report, limits }: ConnectOptions,
  body: (login: Connected) => Promise<T>,
): Promise<T> {
  const { core, clock, random, env, openConnection } = runtime;
  if (inputs.insecure) {
    report.warning({
      title: 'Certificate not checked',
      text: `'insecure' is on: whoever sits between the runner and ${inputs.server} can read the password. Use 'ca-certificate' or 'certificate-fingerprint'.`,
    });
  }
  const connection = openConnection({
    ...(inputs.caCertificate === undefined ? {} : { ca: inputs.caCertificate }),
    ...(inputs.certificateFingerprint === undefined ? {} : { fingerprint: inputs.certificateFingerprint }),
    insecure: inputs.insecure,
    env,
  });
  try {
    const session = await openSession(
      {
        endpoint: {
          server: inputs.server,
          connection,
          clock,
          requestTimeout: REQUEST_TIMEOUT,
          trace: report.debug,
        },
        username: inputs.username,
        password: inputs.password,
        mask: core.setSecret,
        random,
        tell: (line) => {
          report.info(line);
          core.load().catch(() => undefined); // the same error ends the step when it has logged in
        },
      },
      limits,
    );
    try {
      await core.load();
      report.info(`Logged in to ${inputs.server} as ${inputs.username}.`);
      return await body({ session, trust: connection.trustAnchor() });
    } finally {
      const isHurried = limits.signal.reason instanceof Interrupted;
      await session.close({ limit: isHurried ? HURRIED_LOGOUT : LOGOUT });
    }
  } finally {
    connection.close();
  }
}

/** Whether the password is missing because the run is for a fork's pull request, which GitHub gives no secrets. */
export async function lacksSecrets({ core, context }: Runtime): Promise<boolean> {
  return core.getInput('password') === '' && isForkPullRequest(await context());
}
