import { expect } from 'vitest';
import type { StepOptions, StepResult } from '../runner/step.ts';
import type { Exchange } from '../simulator/vcenter.ts';
import { CLONE, FOLDER, SOURCE, type Stage } from './stage.ts';
import { verdict } from './verdict.ts';

type Inputs = Readonly<Record<string, string>>;

export interface CloneRun {
  readonly main: StepResult;
  readonly post: StepResult;
  /** What vCenter had been asked when main was over. */
  readonly exchanges: readonly Exchange[];
  /** The body of the one clone request; undefined where there was none. */
  readonly cloneSpec: unknown;
}

/** What a test gives besides inputs. Time runs five times faster where it says nothing else. */
export type CloneRunOptions = Partial<Omit<StepOptions, 'action' | 'inputs'>>;

/** Clones with the stage's connection and these inputs (source and folder by id, unless they say otherwise), and posts. */
export async function cloneOn(
  stage: Stage,
  inputs: Inputs,
  options: CloneRunOptions = {},
): Promise<CloneRun> {
  const main = await stage.runner.runStep({
    timeScale: 5,
    ...options,
    action: 'clone',
    inputs: { ...stage.connection, source: SOURCE, folder: FOLDER, ...inputs },
  });
  const exchanges = [...stage.vcenter.exchanges];
  const post = await stage.runner.runPost(main, { jobStatus: main.conclusion });
  const isKept = main.outputs['created'] === 'true' && main.exitCode === 0 && inputs['teardown'] !== 'always';
  const kept = isKept ? [storedName(main.outputs['vm-name'] ?? '')] : [];
  expect(verdict({ stage, steps: [main, post], kept })).toEqual([]);
  const requests = exchanges.filter(({ operation }) => operation === CLONE);
  expect(requests.length).toBeLessThan(2);
  return { main, post, exchanges, cloneSpec: requests[0]?.requestBody };
}

/** Clones, which must succeed. */
export async function cloned(stage: Stage, inputs: Inputs, options: CloneRunOptions = {}): Promise<CloneRun> {
  const run = await cloneOn(stage, inputs, options);
  expect(run.main.errors).toEqual([]);
  expect(run.main.exitCode).toBe(0);
  return run;
}

/** Clones, which must fail; returns title and text of its one error, the stage's port and fingerprint made equal. */
export async function failed(
  stage: Stage,
  inputs: Inputs,
  options: CloneRunOptions = {},
): Promise<CloneRun & { readonly error: string }> {
  const run = await cloneOn(stage, inputs, options);
  expect(run.main.exitCode).toBe(1);
  return { ...run, error: errorOf(run.main, stage) };
}

/** Title and text of the one error annotation, without what differs from run to run. */
export function errorOf(step: StepResult, { vcenter }: Stage): string {
  const errors = step.annotations.filter(({ level }) => level === 'error');
  expect(errors).toHaveLength(1);
  const [error] = errors;
  return `[${error?.title}] ${error?.message}`
    .replaceAll(vcenter.fingerprint, 'FINGERPRINT')
    .replaceAll(`:${vcenter.port}`, ':PORT');
}

/**
 * The requests up to the clone's, one line for each (`folder names=ci`), in steps: one that arrives before the first of a
 * step is answered belongs to that step. With some latency at vCenter, a step is what went out side by side.
 */
export function stepsOf(exchanges: readonly Exchange[]): readonly (readonly string[])[] {
  const end = exchanges.findIndex(({ operation }) => operation === CLONE);
  const steps: { readonly lines: string[]; readonly endsAt: number }[] = [];
  for (const exchange of end < 0 ? exchanges : exchanges.slice(0, end + 1)) {
    const step = steps.at(-1);
    if (step !== undefined && exchange.receivedAt < step.endsAt) {
      step.lines.push(asLine(exchange));
    } else {
      steps.push({ lines: [asLine(exchange)], endsAt: exchange.answeredAt ?? Number.POSITIVE_INFINITY });
    }
  }
  // Each request of a step has a connection of its own: which one is first there is chance.
  return steps.map(({ lines }) => lines.sort());
}

function asLine({ method, path, query }: Exchange): string {
  const filters = Object.entries(query).map(([name, values]) => `${name}=${values.join('|')}`);
  return [method, path.replace(/^\/api\/(?:vcenter\/)?/, ''), ...filters].join(' ');
}

/** As vCenter keeps a name (vSphere Web Services API, ManagedEntity.name). */
function storedName(name: string): string {
  return name.replaceAll('%', '%25').replaceAll('/', '%2f').replaceAll('\\', '%5c');
}
