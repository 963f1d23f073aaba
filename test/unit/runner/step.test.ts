import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { formatLog } from '../../runner/format-log.ts';
import { runPost, runStep, type StepOptions, startPost, startStep } from '../../runner/step.ts';

const fixture = (file: string) => fileURLToPath(new URL(`fixtures/script/${file}`, import.meta.url));

/** A step whose main stage runs this code. */
function script(main: string, options: Partial<StepOptions> = {}): StepOptions {
  return { action: fixture('action.yml'), ...options, inputs: { main, ...options.inputs } };
}

describe('inputs', () => {
  it('come as variables, with defaults and expressions of action.yml', async () => {
    const step = await runStep(
      script(
        'console.log(JSON.stringify(Object.entries(env).filter(([name]) => name.startsWith("INPUT_"))))',
        {
          context: { jobIndex: 3, jobStatus: 'failure' },
          inputs: { 'with-hyphen': '8' },
        },
      ),
    );
    const inputs = Object.fromEntries(JSON.parse(step.log) as [string, string][]);
    expect(inputs).toMatchObject({
      INPUT_POST: '',
      INPUT_TWO_WORDS: 'spaced',
      'INPUT_WITH-HYPHEN': '8',
      'INPUT_JOB-INDEX': '3',
      'INPUT_JOB-STATUS': 'leg 3 is a failure',
    });
    expect(step.warnings).toEqual([]);
  });

  it('that the action does not know bring a warning, and are passed on', async () => {
    const step = await runStep(script('console.log(env.INPUT_SORUCE)', { inputs: { soruce: 'vm-42' } }));
    expect(step.warnings).toEqual([
      "Unexpected input(s) 'soruce', valid inputs are ['main', 'post', 'Two Words', 'with-hyphen', 'job-index', 'job-status']",
    ]);
    expect(step.log).toContain('\nvm-42');
  });

  it('with an expression that nobody knows are refused', async () => {
    await expect(runStep({ action: fixture('unknown-expression.yml') })).rejects.toThrow(
      /expression \S+ strategy\.job_index \S+ is unknown/,
    );
  });
});

describe('the environment', () => {
  const printEnvironment =
    'console.log(JSON.stringify({ ...env, event: JSON.parse(readFileSync(env.GITHUB_EVENT_PATH)) }))';
  const environmentOf = async (options: Partial<StepOptions>) =>
    JSON.parse((await runStep(script(printEnvironment, options))).log) as Record<string, string>;

  it('is that of a pull request by default', async () => {
    expect(await environmentOf({})).toMatchObject({
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_REPOSITORY: 'octo/shop',
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_REF: 'refs/pull/12/merge',
      GITHUB_REF_NAME: '12/merge',
      GITHUB_HEAD_REF: 'feature/basket',
      GITHUB_BASE_REF: 'main',
      GITHUB_RUN_ID: '9912345678',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_JOB: 'e2e',
      event: { number: 12, pull_request: { number: 12, head: { repo: { fork: false } } } },
    });
  });

  it('tells of a fork', async () => {
    const event = { name: 'pull_request', number: 7, headRef: 'fix', fork: 'stranger/shop' } as const;
    expect(await environmentOf({ context: { event } })).toMatchObject({
      GITHUB_REPOSITORY: 'octo/shop',
      event: {
        pull_request: {
          head: { label: 'stranger:fix', repo: { full_name: 'stranger/shop', fork: true } },
          base: { repo: { full_name: 'octo/shop', fork: false } },
        },
      },
    });
  });

  it.each([
    ['push', { ref: 'refs/tags/v1' }, 'v1', 'tag'],
    ['push', {}, 'main', 'branch'],
    ['schedule', {}, 'main', 'branch'],
    ['workflow_dispatch', { ref: 'refs/heads/try/it' }, 'try/it', 'branch'],
  ] as const)('is that of %s %o', async (name, rest, refName, refType) => {
    expect(await environmentOf({ context: { event: { name, ...rest } } })).toMatchObject({
      GITHUB_EVENT_NAME: name,
      GITHUB_REF_NAME: refName,
      GITHUB_REF_TYPE: refType,
      GITHUB_HEAD_REF: '',
    });
  });

  it('holds nothing of the environment of the tests', async () => {
    process.env['LEAKED_INTO_THE_STEP'] = 'yes';
    const environment = await environmentOf({ env: { HTTPS_PROXY: 'http://proxy:3128' } });
    delete process.env['LEAKED_INTO_THE_STEP'];
    expect(environment).toMatchObject({ HTTPS_PROXY: 'http://proxy:3128' });
    expect(environment).not.toHaveProperty('LEAKED_INTO_THE_STEP');
    expect(environment).not.toHaveProperty('RUNNER_DEBUG');
  });

  it('names no file that is left out', async () => {
    const step = await runStep(
      script('console.log(env.GITHUB_STEP_SUMMARY, existsSync(env.GITHUB_OUTPUT))', {
        omitFiles: ['GITHUB_STEP_SUMMARY'],
      }),
    );
    expect(step.log).toBe('undefined true');
    expect(step.summary).toBe('');
  });
});

describe('a step', () => {
  it('hands over outputs, state, variables and summary', async () => {
    const step = await runStep(
      script(`append('OUTPUT', 'vm-id<<X\\nvm-7\\nX\\nvm-id=vm-8\\n');
        append('STATE', 'clone={"phase":"planned"}\\n');
        append('ENV', 'A=b\\n');
        append('PATH', '/opt/tool\\n');
        append('STEP_SUMMARY', '# Done\\n');`),
    );
    expect(step.outputs).toEqual({ 'vm-id': 'vm-8' });
    expect(step.state).toEqual({ clone: '{"phase":"planned"}' });
    expect(step.exportedEnv).toEqual({ A: 'b' });
    expect(step.exportedPath).toEqual(['/opt/tool']);
    expect(step.summary).toBe('# Done\n');
    expect(step.files.GITHUB_OUTPUT).toContain('vm-id<<X');
    expect(step.conclusion).toBe('success');
  });

  it('fails where it leaves a broken file', async () => {
    const step = await runStep(script(`append('OUTPUT', 'a=1\\nb<<X\\n')`));
    expect(step.outputs).toEqual({ a: '1' });
    expect(step.exitCode).toBe(0);
    expect(step.conclusion).toBe('failure');
    expect(step.errors).toEqual([
      "Unable to process file command 'output' successfully.",
      "Invalid value. Matching delimiter not found 'X'",
    ]);
  });

  it('fails by its exit code', async () => {
    const step = await runStep(script('process.exitCode = 3'));
    expect(step).toMatchObject({ exitCode: 3, signal: null, conclusion: 'failure' });
  });

  it('annotates from both streams', async () => {
    const step = await runStep(
      script(`console.log('::error title=No%3A1::first%0Asecond'); console.error('  ::warning::careful');
        console.log('::notice::look'); console.log('::group::Part'); console.log('in it'); console.log('::endgroup::');`),
    );
    expect(step.annotations).toContainEqual({ level: 'error', title: 'No:1', message: 'first\nsecond' });
    expect(step.warnings).toEqual(['careful']);
    expect(step.notices).toEqual(['look']);
    expect(step.groups).toEqual(['Part']);
    expect(step.log).toContain('Error: first\nsecond');
    expect(step.log).toContain('Warning: careful');
    // Which of the two streams comes first is not certain; the order within each is.
    expect(step.log.replace('Warning: careful\n', '')).toContain('▼ Part\nin it');
    expect(step.conclusion).toBe('success');
  });

  it('shows debug lines only with debug logging', async () => {
    const code = `console.log('::debug::' + env.RUNNER_DEBUG)`;
    const quiet = await runStep(script(code));
    expect([quiet.log, quiet.debug]).toEqual(['', ['undefined']]);
    const loud = await runStep(script(code, { debug: true }));
    expect([loud.log, loud.debug]).toEqual(['##[debug]1', ['1']]);
  });

  it('masks from the moment on that it asks for it', async () => {
    const step = await runStep(
      script(`console.log('early hunter22'); console.log('::add-mask::hunter22'); console.log('late hunter22');
        console.log('::error::bad hunter22');
        append('OUTPUT', 'safe=yes\\nleak=a hunter22 b\\n'); append('STEP_SUMMARY', 'hunter22')`),
    );
    expect(step.log).toBe('early hunter22\nlate ***\nError: bad ***');
    expect(step.unmaskedLog).toBe('early hunter22\nlate hunter22\nError: bad hunter22');
    expect(step.errors).toEqual(['bad ***']);
    expect(step.masks).toEqual(['hunter22']);
    expect(step.raw).toContain('::add-mask::hunter22');
    expect(step.outputs).toEqual({ safe: 'yes', leak: 'a hunter22 b' });
    expect(step.jobOutputs).toEqual({ safe: 'yes' });
    expect(step.droppedOutputs).toEqual(['leak']);
    expect(step.summary).toBe('***');
  });

  it('is caught at commands that no action of today sends', async () => {
    const step = await runStep(
      script(`console.log('::set-output name=a::1'); console.log('::save-state name=a::1');
        console.log('vCenter: ##[error]forged'); console.log('::stop-commands::tok'); console.log('::error::hidden');
        console.log('::tok::'); console.log('::error::seen');`),
    );
    expect(step.illegal).toEqual([
      '::set-output name=a::1',
      '::save-state name=a::1',
      'vCenter: ##[error]forged',
      '::stop-commands::tok',
    ]);
    expect(step.outputs).toEqual({});
    expect(step.errors).toEqual(['forged', 'seen']);
  });

  it('is told on for files that it leaves, and its folders go', async () => {
    const step = await runStep(
      script(
        `writeFileSync(env.RUNNER_TEMP + '/left.pem', ''); console.log(env.GITHUB_WORKSPACE, process.cwd())`,
      ),
    );
    expect(step.leftFiles).toEqual(['RUNNER_TEMP/left.pem']);
    const [workspace = '', folder = ''] = step.log.split(' ');
    expect(folder).toBe(workspace);
    expect(existsSync(workspace)).toBe(false);
  });

  it('that hangs is killed, and its log shown', async () => {
    const step = runStep(script(`console.log('stuck'); setInterval(() => {}, 1000)`, { hardLimit: 1500 }));
    await expect(step).rejects.toThrow(/still running after 1500 ms and was killed.\nstuck/);
  });

  it('can be looked at as a page of text', async () => {
    const step = await runStep(script(`console.log('::error title=T::E'); append('OUTPUT', 'a=1\\n')`));
    expect(formatLog(step)).toMatch(/success, exit code 0, \d+ ms\n {2}log:\n {4}Error: E\n/);
    expect(formatLog(step)).toContain('    error: [T] E\n  outputs:\n    a = 1');
  });

  it('runs an action from a folder below', async () => {
    const step = await runStep({
      action: fixture('sub/action.yml'),
      inputs: { main: 'console.log("here")' },
    });
    expect(step.log).toBe('here');
    await expect(runPost(step)).rejects.toThrow('has no runs.post');
  });
});

describe('signals', () => {
  const stubborn = `process.on('SIGINT', () => console.log('int')); process.on('SIGTERM', () => console.log('term'));
    setInterval(() => {}, 1000); console.log('ready');`;

  it('come as from a cancelled job: SIGINT, SIGTERM, SIGKILL', async () => {
    const step = await startStep(script(stubborn));
    await step.waitForLog(/ready/);
    const result = await step.cancel({ scale: 50 });
    expect(result).toMatchObject({
      exitCode: null,
      signal: 'SIGKILL',
      conclusion: 'cancelled',
      log: 'ready\nint\nterm',
    });
    const [int, term, kill] = result.signals;
    expect(result.signals.map(({ signal }) => signal)).toEqual(['SIGINT', 'SIGTERM', 'SIGKILL']);
    expect((term?.sentAt ?? 0) - (int?.sentAt ?? 0)).toBeGreaterThanOrEqual(148);
    expect((kill?.sentAt ?? 0) - (term?.sentAt ?? 0)).toBeGreaterThanOrEqual(48);
    expect(int?.untilExit).toBeGreaterThanOrEqual(198);
  });

  it('stop coming once the step has ended', async () => {
    const step = await startStep(
      script(`process.on('SIGINT', () => { process.exitCode = 1; clearInterval(t); });
        const t = setInterval(() => {}, 1000); console.log('ready');`),
    );
    await step.waitForLog(/ready/);
    const result = await step.cancel();
    expect(result).toMatchObject({ exitCode: 1, signal: null, conclusion: 'cancelled' });
    expect(result.signals).toHaveLength(1);
    expect(result.signals[0]?.untilExit).toBeLessThan(2000);
  });

  it('leave what was written before a kill', async () => {
    const step = await startStep(
      script(`append('STATE', 'clone=task-1\\n'); append('OUTPUT', 'task-id=1\\nhalf<<X\\n');
        setInterval(() => {}, 1000); console.log('::debug::ready');`),
    );
    expect(await step.waitForLog(/rea.y/)).toBe('##[debug]ready');
    const result = await step.kill('SIGKILL');
    expect(result).toMatchObject({ exitCode: null, signal: 'SIGKILL', conclusion: 'failure' });
    expect(result.state).toEqual({ clone: 'task-1' });
    expect(result.outputs).toEqual({ 'task-id': '1' });
  });

  it('are not needed where a log ends without the line that was waited for', async () => {
    const step = await startStep(script(`console.log('only this')`));
    await expect(step.waitForLog(/other/)).rejects.toThrow(
      /without a line like \/other\/ in its log:\nonly this/,
    );
  });
});

describe('a post step', () => {
  it('gets the state, the inputs evaluated anew, and the masks', async () => {
    const step = await runStep(
      script(
        `console.log('::add-mask::hunter22'); append('STATE', 'Mixed-Case<<X\\none\\ntwo\\nX\\n'); process.exitCode = 1;`,
        {
          inputs: {
            post: `console.log(JSON.stringify([env['STATE_Mixed-Case'], env['INPUT_JOB-STATUS'], env['INPUT_TWO_WORDS']]), 'hunter22');
            append('OUTPUT', 'late=1\\n')`,
          },
        },
      ),
    );
    const post = await runPost(step, { jobStatus: 'failure', inputs: { 'Two Words': 'changed' } });
    expect(post.log).toBe('["one\\ntwo","leg 0 is a failure","changed"] ***');
    expect(post.stage).toBe('post');
    expect(post.outputs).toEqual({});
    expect(post.state).toEqual({ 'Mixed-Case': 'one\ntwo' });
  });

  it('can be cancelled as well', async () => {
    const step = await runStep(
      script('', { inputs: { post: `setInterval(() => {}, 1000); console.log('ready')` } }),
    );
    const post = await startPost(step);
    await post.waitForLog(/ready/);
    expect(await post.cancel()).toMatchObject({ signal: 'SIGINT', conclusion: 'cancelled' });
  });
});

describe('scaled time', () => {
  it('runs faster on every clock and every timer of JavaScript, and starts right', async () => {
    const step = await runStep(
      script(
        `import { setTimeout as sleep, setInterval as ticks } from 'node:timers/promises';
        import { setTimeout as namedTimeout } from 'node:timers';
        import { performance as named } from 'node:perf_hooks';
        import { hrtime } from 'node:process';
        import { promisify } from 'node:util';
        const wall = new Date();
        const from = [performance.now(), named.now(), Date.now(), Number(hrtime.bigint()) / 1e6];
        const high = hrtime();
        await sleep(2000);
        await promisify(setTimeout)(2000);
        await new Promise((resolve) => setTimeout(resolve, 2000));
        await new Promise((resolve) => namedTimeout(resolve, 2000));
        let left = 2;
        await new Promise((resolve) => { const t = setInterval(() => { if (--left === 0) resolve(clearInterval(t)); }, 1000) });
        for await (const _ of ticks(2000)) break;
        const signal = AbortSignal.timeout(2000);
        await new Promise((resolve) => { signal.onabort = resolve; setTimeout(() => {}, 60_000).unref(); setTimeout(() => {}, 6000); });
        const to = [performance.now(), named.now(), Date.now(), Number(hrtime.bigint()) / 1e6];
        const [seconds, rest] = hrtime(high);
        const stopped = setTimeout(() => console.log('must not fire'), 100);
        clearTimeout(stopped);
        clearTimeout(Number(setTimeout(() => console.log('must not fire'), 100)));
        setTimeout(() => {}, 3_600_000).unref();
        console.log(JSON.stringify({
          wall: wall.getTime(),
          elapsed: [...to.map((end, index) => end - from[index]), seconds * 1000 + rest / 1e6],
          isDate: new Date() instanceof Date && new Date(0).getTime() === 0 && Date().includes('20'),
        }));`,
        { timeScale: 40 },
      ),
    );
    const { wall, elapsed, isDate } = JSON.parse(step.log) as {
      wall: number;
      elapsed: number[];
      isDate: boolean;
    };
    expect(isDate).toBe(true);
    expect(Math.abs(wall - Date.now())).toBeLessThan(20_000);
    expect(elapsed).toHaveLength(5);
    for (const milliseconds of elapsed) {
      // 14 s asked for; a timer of Node may be early by a millisecond of real time, and late by as much as the machine is busy.
      expect(milliseconds).toBeGreaterThan(13_400);
    }
    expect(step.duration).toBeLessThan(5000);
  });

  it('also shortens the time between the signals of a cancel', async () => {
    const step = await startStep(
      script(`process.on('SIGINT', () => {}); setInterval(() => {}, 1000); console.log('ready');`, {
        timeScale: 50,
      }),
    );
    await step.waitForLog(/ready/);
    const result = await step.cancel();
    expect(result.signal).toBe('SIGTERM');
    expect(result.signals[0]?.untilExit).toBeLessThan(2000);
  });
});
