import { describe, it } from 'vitest';
import {
  CLONE,
  DELETE,
  FOLDER,
  GET_TASK,
  LIST_VMS,
  LOGIN,
  LOGOUT,
  SOURCE,
  STOP,
  setVirtualStage,
} from '../support/stage.ts';
import { cloned, cloneStep, failed, teardownStep } from '../support/steps.ts';
import { verdict } from '../support/verdict.ts';
import { callsOf, errorOf } from '../support/what-happened.ts';

const FOREVER = Number.POSITIVE_INFINITY;

/** A 401 of something between, for which no session has ended. */
const REFUSED = {
  kind: 'custom',
  answer: { status: 401, body: { error_type: 'UNAUTHENTICATED', messages: [] } },
} as const;

describe('a login', () => {
  it('that is refused is not tried again: more tries lock accounts', async ({ expect }) => {
    const stage = setVirtualStage();
    const { error, main, post } = await failed(stage, { password: 'wrong' });
    expect(stage.vcenter.calls()).toEqual([LOGIN]);
    expect(error).toMatchInlineSnapshot(`
      "[Login refused] Login refused: POST /api/session on localhost:PORT failed (HTTP 401 UNAUTHENTICATED). vCenter: Authentication required.
      vCenter does not accept 'username' with 'password'. More tries could lock the account. The user name usually needs its domain: name@vsphere.local."
    `);
    expect(Object.keys(main.outputs)).toEqual(['timings']);
    expect(Object.keys(JSON.parse(main.outputs['timings'] ?? ''))).toEqual(['connect', 'total']);
    expect(main.masks).toContain('wrong');
    expect(post.log).toBe('Nothing to clean up: no clone was started.');
  });

  it('that is refused to the post step is a warning, after one try', async ({ expect }) => {
    const stage = setVirtualStage();
    const { main, exchanges } = await cloned(stage, { name: 'copy' });
    const post = await stage.runner.runPost(main, {
      inputs: { password: 'changed since', teardown: 'always' },
    });
    expect(verdict({ stage, steps: [main, post], kept: ['copy'] })).toEqual([]);
    expect(stage.vcenter.calls().slice(exchanges.length)).toEqual([LOGIN]);
    expect(post.exitCode).toBe(0);
    expect(post.warnings[0]?.replaceAll(`:${stage.vcenter.port}`, ':PORT')).toMatchInlineSnapshot(`
      "Clean-up: Login refused: POST /api/session on localhost:PORT failed (HTTP 401 UNAUTHENTICATED). vCenter: Authentication required.
      vCenter does not accept 'username' with 'password'. More tries could lock the account. The user name usually needs its domain: name@vsphere.local.
      'copy' (vm-1001) on localhost:PORT may be left: please look for it."
    `);
  });

  it('that is refused to teardown is not tried again either', async ({ expect }) => {
    const stage = setVirtualStage();
    const step = await stage.runner.runStep({
      action: 'teardown',
      inputs: { ...stage.connection, password: 'wrong', 'vm-id': 'vm-1001' },
    });
    expect(verdict({ stage, steps: [step] })).toEqual([]);
    expect(stage.vcenter.calls()).toEqual([LOGIN]);
    expect(errorOf(step, stage)).toContain("vCenter does not accept 'username' with 'password'.");
    expect(step.outputs).toEqual({ deleted: 'false' });
  });

  it('that finds no free session says so, after one try', async ({ expect }) => {
    const stage = setVirtualStage({ behaviour: { sessionLimit: 0 } });
    const { error } = await failed(stage, {});
    expect(stage.vcenter.calls()).toEqual([LOGIN]);
    expect(error).toMatchInlineSnapshot(`
      "[Login refused] Login refused: POST /api/session on localhost:PORT failed (HTTP 503 SERVICE_UNAVAILABLE). vCenter: User session count is limited to 0. Existing session count is 0 for user svc-ci@vsphere.local.
      This user has too many sessions at vCenter. Sessions that nobody closed end by themselves after 30 to 120 minutes; use an account of its own for CI, and look for programs that do not log out."
    `);
  });

  it('at a server that is too old for the clone says so', async ({ expect }) => {
    const stage = setVirtualStage({ behaviour: { serverVersion: '6.7' } });
    const { error, exchanges } = await failed(stage, {});
    expect(callsOf(exchanges)).toEqual([LOGIN, CLONE, LOGOUT]);
    expect(error).toMatchInlineSnapshot(`
      "[Refused by vCenter] Refused by vCenter: Cloning 'shop-pr12-e2e-9912345678-1-wp5k02' failed.
      POST /api/vcenter/vm?action=clone&vmw-task=true on localhost:PORT failed (HTTP 400 UNEXPECTED_INPUT). vCenter: Found unexpected fields [vmw-task] in structure 'operation-input'. Could be because they are not supported by this server.
      The server does not know this operation: the action needs vCenter 7.0 Update 2 or later."
    `);
  });

  it('at a server that is too old for /api says so', async ({ expect }) => {
    const stage = setVirtualStage();
    const message = 'HTTP 404 Not Found';
    stage.vcenter.fault({
      operation: LOGIN,
      kind: 'custom',
      times: Number.POSITIVE_INFINITY,
      answer: {
        status: 404,
        body: {
          type: 'com.vmware.vapi.std.errors.not_found',
          value: {
            messages: [{ args: [], default_message: message, id: 'com.vmware.vapi.rest.httpNotFound' }],
          },
        },
      },
    });
    const { error } = await failed(stage, {});
    expect(stage.vcenter.calls()).toEqual([LOGIN]);
    expect(error).toMatchInlineSnapshot(`
      "[Login refused] Login refused: POST /api/session on localhost:PORT failed (HTTP 404 NOT_FOUND). vCenter: HTTP 404 Not Found
      The server does not know this operation: the action needs vCenter 7.0 Update 2 or later."
    `);
  });

  it('at a later server is the same', async ({ expect }) => {
    const stage = setVirtualStage({ behaviour: { serverVersion: '9.1', extraTaskFields: true } });
    const { main } = await cloned(stage, {});
    expect(main.annotations).toEqual([]);
  });
});

describe('two steps at once', () => {
  it('have a session, a name and a clone each', async ({ expect }) => {
    const stage = setVirtualStage();
    const { vcenter } = stage;
    const inputs = { ...stage.connection, source: SOURCE, folder: FOLDER, teardown: 'always' };
    const run = async (action: string) => {
      const main = await stage.runner.runStep({ action: 'clone', inputs, context: { action } });
      return { main, post: await stage.runner.runPost(main) };
    };
    const runs = await Promise.all(['first', 'second'].map(run));
    const [first, second] = runs.map(({ main }) => main);
    expect(first?.exitCode).toBe(0);
    expect(second?.exitCode).toBe(0);
    expect(first?.outputs['vm-name']).not.toBe(second?.outputs['vm-name']);
    expect(first?.outputs['vm-id']).not.toBe(second?.outputs['vm-id']);

    // Main and post of each: four sessions, each on connections of its own, and each closed.
    expect(vcenter.sessions()).toMatchObject({ open: 0, opened: 4, closed: 4 });
    const connections = new Map<number, Set<number | undefined>>();
    for (const { connection, session } of vcenter.exchanges) {
      connections.set(connection, (connections.get(connection) ?? new Set()).add(session));
    }
    expect([...connections.values()].every((sessions) => sessions.size === 1)).toBe(true);
    const clones = vcenter.exchanges.filter(({ operation }) => operation === CLONE);
    expect(new Set(clones.map(({ session }) => session)).size).toBe(2);

    const steps = runs.flatMap(({ main, post }) => [main, post]);
    // Two clones are what was asked for here; all else holds.
    expect(verdict({ stage, steps })).toEqual(['2 clones were started']);
  });

  it('of the same name in one folder: one gets it, the other fails and touches nothing', async ({
    expect,
  }) => {
    const stage = setVirtualStage({ behaviour: { latency: 100, cloneDuration: 400 } });
    const inputs = { ...stage.connection, source: SOURCE, folder: FOLDER, name: 'copy' };
    const mains = await Promise.all(
      ['first', 'second'].map((action) =>
        stage.runner.runStep({ action: 'clone', inputs, context: { action } }),
      ),
    );
    const posts = await Promise.all(
      mains.map((main) => stage.runner.runPost(main, { jobStatus: main.conclusion })),
    );
    expect(mains.map(({ exitCode }) => exitCode).sort()).toEqual([0, 1]);
    expect(verdict({ stage, steps: [...mains, ...posts], kept: ['copy'] })).toEqual([]);
    const winner = mains.find(({ exitCode }) => exitCode === 0);
    const loser = mains.find(({ exitCode }) => exitCode === 1);
    expect(stage.vcenter.vm('copy')?.id).toBe(winner?.outputs['vm-id']);
    expect(loser?.outputs['vm-id']).toBeUndefined();
    expect(loser?.outputs['vm-name'] ?? '').toBe('');
  });
});

describe('debug logging', () => {
  it('shows every request, and no secret', async ({ expect }) => {
    const stage = setVirtualStage({ behaviour: { cloneDuration: 1_200 } });
    stage.vcenter.fault({ operation: 'GET /api/cis/tasks/{task}', kind: '401', nth: 2 });
    const { main } = await cloned(stage, { teardown: 'always' }, { debug: true });
    const secrets = stage.vcenter.secrets();
    // Password, the Authorization value with and without its scheme, and the ids of main's two sessions and post's.
    expect(secrets).toHaveLength(6);
    for (const secret of secrets) {
      expect(main.unmaskedLog).not.toContain(secret);
    }
    const shown = main.log.split('\n').filter((line) => line.startsWith('##[debug]'));
    expect(shown.length).toBeGreaterThanOrEqual(main.debug.length);
    expect(main.debug.join('\n')).toMatch(/POST \/api\/session/);
    expect(main.debug.join('\n')).toContain('The session has ended; logging in again.');
  });

  it('shows a stack where a step fails, which is not shown otherwise', async ({ expect }) => {
    const stage = setVirtualStage({ behaviour: { sessionLimit: 0 } });
    const main = await stage.runner.runStep({
      action: 'clone',
      inputs: { ...stage.connection, source: SOURCE },
      debug: true,
    });
    expect(main.exitCode).toBe(1);
    expect(main.debug.join('\n')).toMatch(/^VcenterError: POST \/api\/session: /m);
    for (const secret of stage.vcenter.secrets()) {
      expect(main.unmaskedLog).not.toContain(secret);
    }
  });
});

describe('a login whose response cannot be read', () => {
  it.for(['cut', 'not-json', 'reset-after'] as const)(
    'B10: is tried 3 times at most, since each try may leave a session (%s)',
    async (kind, { expect }) => {
      const stage = setVirtualStage();
      stage.vcenter.fault({ operation: LOGIN, kind, times: FOREVER });
      const main = await stage.runner.runStep(cloneStep(stage));
      expect(stage.vcenter.calls()).toEqual([LOGIN, LOGIN, LOGIN]);
      expect(stage.vcenter.sessions().opened).toBe(3);
      expect(verdict({ stage, steps: [main], openSessions: 3 })).toEqual([]);
    },
  );

  it('B10: is not counted where it opened no session', async ({ expect }) => {
    const stage = setVirtualStage();
    stage.vcenter.fault({ operation: LOGIN, kind: '503-text', times: 5 });
    await cloned(stage, {});
    expect(stage.vcenter.sessions()).toMatchObject({ opened: 1, closed: 1 });
  });

  it.for(['"abc\\ndef"', '"abc\u2028def"', '""', '"a b"'])(
    'C4: is no session id that a request could carry (%s): that costs seconds',
    async (body, { expect }) => {
      const stage = setVirtualStage();
      stage.vcenter.fault({
        operation: LOGIN,
        kind: 'custom',
        times: FOREVER,
        answer: { status: 201, headers: { 'content-type': 'application/json' }, body },
      });
      const main = await stage.runner.runStep(cloneStep(stage));
      expect(errorOf(main, stage)).toContain('The response to the login is no session id.');
      expect(main.duration).toBeLessThan(5_000);
      expect(stage.vcenter.calls().length).toBeLessThanOrEqual(3);
      expect(verdict({ stage, steps: [main] })).toEqual([]);
    },
  );
});

describe('a session that ends while a clone runs', () => {
  const minutes = { behaviour: { cloneDuration: 3 * 60_000 } };

  it('C3a: a refused new login is tried once more, a minute later, and once by the post step', async ({
    expect,
  }) => {
    const stage = setVirtualStage(minutes);
    stage.vcenter.fault({ operation: LOGIN, kind: '401', nth: 2, times: FOREVER });
    const running = stage.runner.startStep(cloneStep(stage, { inputs: { teardown: 'always' } }));
    await stage.vcenter.on({ operation: GET_TASK, when: 'answered', nth: 3 });
    stage.vcenter.expireSessions();
    const main = await (await running).done;
    const logins = () => stage.vcenter.exchanges.filter(({ operation }) => operation === LOGIN);
    expect(logins()).toHaveLength(3);
    const [, second, third] = logins();
    expect((third?.receivedAt ?? 0) - (second?.receivedAt ?? 0)).toBeGreaterThanOrEqual(60_000);
    expect(errorOf(main, stage)).toContain("vCenter does not accept 'username' with 'password'.");

    const post = await stage.runner.runPost(main, { jobStatus: 'failure' });
    expect(logins()).toHaveLength(4);
    expect(post.exitCode).toBe(0);
    expect(post.warnings).toHaveLength(1);
    expect(post.warnings[0]).toContain('may be left: please look for it.');
  });

  it('C3a: a vCenter that has just restarted may refuse one: the clone succeeds', async ({ expect }) => {
    const stage = setVirtualStage(minutes);
    stage.vcenter.fault({ operation: LOGIN, kind: '401', nth: 2 });
    const running = stage.runner.startStep(cloneStep(stage));
    await stage.vcenter.on({ operation: GET_TASK, when: 'answered', nth: 3 });
    stage.vcenter.expireSessions();
    const main = await (await running).done;
    expect(main.outputs['vm-id']).toBe('vm-1001');
    const kept = [main.outputs['vm-name'] ?? ''];
    expect(verdict({ stage, steps: [main], kept })).toEqual([]);
  });

  it('A22: 401 on every poll for three seconds, while each login succeeds: the clone goes on', async ({
    expect,
  }) => {
    const stage = setVirtualStage(minutes);
    let from = FOREVER;
    stage.vcenter.fault({
      operation: GET_TASK,
      kind: '401',
      times: FOREVER,
      nth: 4,
      when: ({ receivedAt }) => {
        from = Math.min(from, receivedAt);
        return receivedAt - from < 3_000;
      },
    });
    const { main } = await cloned(stage, {});
    expect(main.outputs['vm-id']).toBe('vm-1001');
    expect(stage.vcenter.sessions().opened).toBeLessThan(8);
  });

  it('A22: fresh sessions that are all refused are asked for ever more rarely', async ({ expect }) => {
    const stage = setVirtualStage({ behaviour: { cloneDuration: 60 * 60_000 } });
    stage.vcenter.fault({ operation: GET_TASK, kind: '401', nth: 4, times: FOREVER });
    const main = await stage.runner.runStep(cloneStep(stage, { inputs: { timeout: '30m' } }));
    expect(errorOf(main, stage)).toContain('[The clone took too long]');
    expect(errorOf(main, stage)).toContain('HTTP 401');
    expect(stage.vcenter.sessions().opened).toBeLessThan(60);
    expect(verdict({ stage, steps: [main] })).toEqual([]);
  });

  it.for([1, 2, 3])(
    'C2d: a 401 on a session that is still good closes both (poll %i)',
    async (nth, { expect }) => {
      const stage = setVirtualStage(minutes);
      stage.vcenter.fault({ operation: GET_TASK, nth, ...REFUSED });
      await cloned(stage, {});
      expect(stage.vcenter.sessions()).toMatchObject({ open: 0, opened: 2, closed: 2 });
    },
  );

  it('A19: a cancel while a new login is refused is one error, and no rejection is unhandled', async ({
    expect,
  }) => {
    const stage = setVirtualStage(minutes);
    stage.vcenter.fault({ operation: GET_TASK, kind: '401', nth: 3 });
    stage.vcenter.fault({ operation: LOGIN, kind: 'custom', nth: 2, answer: { status: 401, body: '' } });
    stage.vcenter.behaviour.latency = 100;
    const step = await stage.runner.startStep(cloneStep(stage));
    await stage.vcenter.on({ operation: LOGIN, when: 'received', nth: 2 });
    const main = await step.kill('SIGINT');
    expect(errorOf(main, stage)).toContain('[Cancelled]');
    const post = await stage.runner.runPost(main, { jobStatus: 'cancelled' });
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });
});

describe('sessions of other steps', () => {
  it.for([LIST_VMS, STOP, DELETE] as const)(
    'C2d: the post step closes one that got a 401 (%s)',
    async (operation, { expect }) => {
      const stage = setVirtualStage();
      const main = await stage.runner.runStep(cloneStep(stage, { inputs: { teardown: 'always' } }));
      stage.vcenter.fault({ operation, ...REFUSED });
      const post = await stage.runner.runPost(main, { jobStatus: 'success' });
      expect(post.annotations).toEqual([]);
      expect(stage.vcenter.sessions()).toMatchObject({ open: 0, opened: 3, closed: 3 });
      expect(verdict({ stage, steps: [main, post] })).toEqual([]);
    },
  );

  it('C3a: teardown tries a refused new login no second time', async ({ expect }) => {
    const stage = setVirtualStage();
    const { id } = stage.vcenter.addVm({ name: 'e2e', folder: FOLDER });
    stage.vcenter.fault({ operation: DELETE, kind: '401', times: FOREVER });
    stage.vcenter.fault({ operation: LOGIN, kind: '401', nth: 2, times: FOREVER });
    const step = await stage.runner.runStep(teardownStep(stage, { 'vm-id': id }));
    expect(stage.vcenter.calls().filter((each) => each === LOGIN)).toHaveLength(2);
    expect(errorOf(step, stage)).toContain("'e2e' (vm-1001) may still be there.");
    expect(verdict({ stage, steps: [step], kept: ['e2e'] })).toEqual([]);
  });

  it('C2d: one that opens when the step was cancelled already is closed', async ({ expect }) => {
    const stage = setVirtualStage();
    stage.vcenter.fault({ operation: LOGIN, kind: 'late', delay: 1_000 });
    const step = await stage.runner.startStep(cloneStep(stage));
    await stage.vcenter.on({ operation: LOGIN, when: 'acted' });
    const main = await step.kill('SIGINT');
    expect(errorOf(main, stage)).toContain('[Cancelled]');
    expect(stage.vcenter.sessions()).toMatchObject({ open: 0, opened: 1, closed: 1 });
    expect(verdict({ stage, steps: [main] })).toEqual([]);
  });
});

describe('look-ups that fail while the session is renewed', () => {
  it('C2d: nothing is sent after the logout, and every session is closed', async ({ expect }) => {
    const stage = setVirtualStage({ behaviour: { latency: 50 } });
    stage.vcenter.fault({ operation: 'GET /api/vcenter/folder', ...REFUSED });
    stage.vcenter.fault({ operation: LOGIN, kind: 'late', nth: 2, delay: 1_000 });
    stage.vcenter.fault({
      operation: 'GET /api/vcenter/datastore',
      kind: 'vapi-error',
      errorType: 'UNAUTHORIZED',
      times: FOREVER,
    });
    const { error } = await failed(stage, { name: 'copy', folder: 'pull-requests', datastore: 'fast' });
    expect(error).toContain('[Refused by vCenter]');
    const { opened, closed, unknown } = stage.vcenter.sessions();
    expect({ closed, unknown }).toEqual({ closed: opened, unknown: 0 });
    const calls = stage.vcenter.calls();
    expect(calls.slice(calls.indexOf(LOGOUT)).every((each) => each === LOGOUT)).toBe(true);
  });
});

describe('a server that sends back what it got', () => {
  it('C4: a session id that is percent-encoded in a Location is nowhere to be read', async ({ expect }) => {
    const stage = setVirtualStage({ behaviour: { cloneDuration: 10 * 60_000 } });
    const encoded: string[] = [];
    stage.vcenter.watch(({ operation }, moment) => {
      if (operation === LOGIN && moment === 'answered' && encoded.length === 0) {
        const id = stage.vcenter.secrets().at(-1) ?? '';
        encoded.push([...Buffer.from(id)].map((byte) => `%${byte.toString(16)}`).join(''));
        stage.vcenter.fault({
          operation: GET_TASK,
          kind: 'redirect',
          times: FOREVER,
          location: `https://login.example.test/${encoded[0]}?id=${encodeURIComponent(id)}#${encoded[0]}`,
        });
      }
    });
    const main = await stage.runner.runStep({
      ...cloneStep(stage, { inputs: { timeout: '1m' } }),
      debug: true,
    });
    expect(main.exitCode).toBe(1);
    const written = [main.unmaskedLog, ...Object.values(main.files)].join('\n');
    expect(written).toContain('https://login.example.test');
    expect(encoded).toHaveLength(1);
    expect(written).not.toContain(encoded[0]);
    expect(verdict({ stage, steps: [main] })).toEqual([]);
  });

  it.for([
    ['blanks', ' '],
    ['"<"', '<'],
    ['"<script"', '<script '],
    ['line breaks', '\n'],
    ['"::"', '::'],
  ] as const)('C4: 300 kB of %s do not block the process', async ([, text], { expect }) => {
    const stage = setVirtualStage();
    const body = text.repeat(300_000 / text.length);
    const error = {
      error_type: 'INTERNAL_SERVER_ERROR',
      messages: [{ id: 'x', default_message: body, args: [] }],
    };
    stage.vcenter.fault({
      operation: GET_TASK,
      kind: 'custom',
      nth: 1,
      times: 3,
      answer: { status: 502, body },
    });
    stage.vcenter.fault({
      operation: GET_TASK,
      kind: 'custom',
      nth: 4,
      times: 3,
      answer: { status: 500, body: error },
    });
    const startedAt = performance.now();
    await cloned(stage, {});
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});
