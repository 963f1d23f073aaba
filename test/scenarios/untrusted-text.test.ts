import { expect, it } from 'vitest';
import { cloneOutputs, teardownOutputs } from '../../src/github/outputs.ts';
import type { StepOptions } from '../runner/step.ts';
import type { Behaviour, FaultSpec, Operation } from '../simulator/vcenter.ts';
import {
  CLONE,
  DELETE,
  FOLDER,
  GET_POWER,
  GET_TASK,
  GET_VM,
  INTERFACES,
  LIST_VMS,
  LOGIN,
  LOGOUT,
  openVirtualStage,
  SOURCE,
  STOP,
  type Stage,
  setVirtualStage,
} from '../support/stage.ts';
import { expectOnlyOurs, HOSTILE, HOSTILE_LINE } from '../support/untrusted-text.ts';
import { verdict } from '../support/verdict.ts';

const body = (errorType: string, message: string = HOSTILE) => ({
  error_type: errorType,
  messages: [
    { id: 'planted', default_message: message, args: [] },
    { id: HOSTILE, default_message: HOSTILE, localized: HOSTILE, args: [HOSTILE] },
  ],
});

const answered = (operation: Operation, status: number, answer: unknown, more: Partial<FaultSpec> = {}) => ({
  operation,
  kind: 'custom' as const,
  times: Number.POSITIVE_INFINITY,
  answer: { status, body: answer },
  ...more,
});

interface Scenario {
  readonly what: string;
  readonly behaviour?: Partial<Behaviour>;
  readonly arrange?: (stage: Stage) => unknown;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly options?: Partial<StepOptions>;
  /** What main ends with; default 1. */
  readonly exitCode?: 0 | 1;
  /** Whose text the error shows, with its commands broken; undefined where it shows none of it. */
  readonly error?: RegExp;
  readonly outputs?: Readonly<Record<string, string>>;
  /** Answers of vCenter hide what became of the VM, or of the session. */
  readonly mayLeave?: boolean;
  readonly openSessions?: number;
}

const HOSTILE_SHOWN = /: :set-output name=vm-id::vm-666 : :set-output name=planted::1 /;

const scenarios: readonly Scenario[] = [
  {
    what: 'names of everything in the inventory, in an error that lists them',
    arrange: ({ vcenter }) => {
      vcenter.addFolder({ name: HOSTILE, parent: 'group-v3' });
      vcenter.addDatastore({ name: HOSTILE, datacenter: 'datacenter-2' });
      vcenter.addCluster({ name: HOSTILE, datacenter: 'datacenter-2' });
      vcenter.addResourcePool({ name: HOSTILE, parent: 'resgroup-8' });
      vcenter.addHost({ name: HOSTILE, cluster: 'domain-c7' });
    },
    inputs: {
      source: 'nowhere',
      folder: 'nowhere',
      datastore: 'nowhere',
      cluster: 'nowhere',
      host: 'nowhere',
      'resource-pool': 'nowhere',
    },
    error: /there is no datastore 'nowhere'\. There are: 'fast' .* 'bulk' .*: :set-output name=vm-id::vm-666/,
  },
  {
    what: 'the words with which a login is refused',
    arrange: ({ vcenter }) => vcenter.fault(answered(LOGIN, 401, body('UNAUTHENTICATED'))),
    error: HOSTILE_SHOWN,
  },
  {
    what: 'an error type',
    arrange: ({ vcenter }) => vcenter.fault(answered(LOGIN, 400, body(HOSTILE, 'x'))),
    error: /failed \(HTTP 400 : :set-output name=vm-id::vm-666 : :set-output name=planted::1 : :add-mask/,
  },
  {
    what: 'the page of a proxy in front of vCenter',
    arrange: ({ vcenter }) =>
      vcenter.fault(answered(CLONE, 403, `<html>\n<script>${HOSTILE}</script>\n${HOSTILE}`)),
    error: HOSTILE_SHOWN,
  },
  {
    what: 'the words with which a clone is refused',
    arrange: ({ vcenter }) => vcenter.fault(answered(CLONE, 400, body('INVALID_ARGUMENT'))),
    error: HOSTILE_SHOWN,
  },
  {
    what: 'the words with which a clone fails',
    behaviour: {
      cloneDuration: 20,
      taskTarget: 'new',
      failClone: { at: 1, error: body(HOSTILE), leavesVm: true, reasonIn: 'error' },
    },
    error: HOSTILE_SHOWN,
  },
  {
    what: 'a task that fails with a text for its error',
    arrange: ({ vcenter }) =>
      vcenter.fault(
        answered(
          GET_TASK,
          200,
          {
            description: { id: HOSTILE, default_message: HOSTILE, args: [] },
            service: HOSTILE,
            operation: 'clone$task',
            status: 'FAILED',
            cancelable: false,
            error: HOSTILE,
          },
          { times: 1 },
        ),
      ),
    mayLeave: true,
  },
  {
    what: 'the status of a task, and all that it says of itself',
    arrange: ({ vcenter }) =>
      vcenter.fault(
        answered(
          GET_TASK,
          200,
          {
            description: { id: HOSTILE, default_message: HOSTILE, args: [] },
            service: HOSTILE,
            operation: HOSTILE,
            status: HOSTILE,
            user: HOSTILE,
            cancelable: true,
            progress: {
              total: 100,
              completed: 50,
              message: { id: HOSTILE, default_message: HOSTILE, args: [] },
            },
          },
          { times: 1 },
        ),
      ),
    exitCode: 0,
  },
  {
    what: 'the id of a task',
    arrange: ({ vcenter }) => vcenter.fault(answered(CLONE, 202, JSON.stringify(HOSTILE))),
    error: /The response is not a task's id\./,
  },
  {
    what: 'the id of the VM that a task has made',
    arrange: ({ vcenter }) =>
      vcenter.fault(
        answered(GET_TASK, 200, {
          description: { id: 'x', default_message: 'x', args: [] },
          service: 'com.vmware.vcenter.VM',
          operation: 'clone$task',
          status: 'SUCCEEDED',
          cancelable: false,
          result: HOSTILE,
        }),
      ),
    exitCode: 0,
    outputs: { 'vm-id': 'vm-1001' },
  },
  {
    what: 'a session id',
    arrange: ({ vcenter }) => vcenter.fault(answered(LOGIN, 201, JSON.stringify(HOSTILE))),
  },
  {
    what: 'a session id without a line break',
    arrange: ({ vcenter }) => vcenter.fault(answered(LOGIN, 201, JSON.stringify(HOSTILE_LINE))),
  },
  {
    what: 'addresses of the guest',
    behaviour: {
      cloneDuration: 20,
      toolsAfter: 0,
      addresses: [
        {
          after: 0,
          interfaces: [
            {
              nic: '4000',
              ip: {
                ip_addresses: [
                  { ip_address: HOSTILE, prefix_length: 24, state: 'PREFERRED' },
                  { ip_address: `fe80::1%${HOSTILE}`, prefix_length: 64, state: 'PREFERRED' },
                  { ip_address: '10.0.0.1', prefix_length: 24, state: HOSTILE },
                ],
              },
            },
          ],
        },
      ],
    },
    inputs: { 'wait-for-ip': 'true', 'ip-timeout': '10s' },
    error: /What it reported is not usable: : :set-output name=vm-id::vm-666\?/,
  },
  {
    what: 'the zone of an address that counts',
    arrange: ({ vcenter }) =>
      vcenter.fault(
        answered(INTERFACES, 200, [
          { nic: '4000', ip: { ip_addresses: [{ ip_address: `2001:db8::7%::add-mask::vm-` }] } },
        ]),
      ),
    inputs: { 'wait-for-ip': 'true', 'ip-timeout': '10s' },
    exitCode: 0,
    outputs: { 'ip-address': '2001:db8::7', 'ip-addresses': '["2001:db8::7"]' },
  },
  {
    what: 'the power state of a VM that is waited for',
    arrange: ({ vcenter }) => vcenter.fault(answered(GET_POWER, 200, { state: HOSTILE })),
    behaviour: { cloneDuration: 20, toolsAfter: Number.POSITIVE_INFINITY },
    inputs: { 'wait-for-ip': 'true', 'ip-timeout': '10s' },
    mayLeave: true,
  },
  {
    what: 'id and power state of a VM that is reused',
    arrange: ({ vcenter }) =>
      vcenter.fault(answered(LIST_VMS, 200, [{ vm: HOSTILE, name: 'copy', power_state: HOSTILE }])),
    inputs: { 'if-exists': 'reuse' },
    error: /The response is not a list of VMs\./,
  },
  {
    what: 'the address that a redirect leads to',
    arrange: ({ vcenter }) => vcenter.fault({ operation: LOGIN, kind: 'redirect', location: HOSTILE_LINE }),
    error: /The server redirects \(HTTP 302\) to another path\.$/,
  },
  {
    what: 'words that keep a failed clone from being deleted, in the post step, too',
    behaviour: {
      cloneDuration: 20,
      taskTarget: 'new',
      failClone: { at: 1, error: body('ERROR'), leavesVm: true, reasonIn: 'result' },
    },
    arrange: ({ vcenter }) => vcenter.fault(answered(DELETE, 403, body('UNAUTHORIZED'))),
    error:
      /'copy' failed.*: :set-output name=vm-id::vm-666.*\n'copy' \(vm-1001\) could not be deleted: .*: :set-output name=vm-id::vm-666/,
    mayLeave: true,
  },
  {
    what: 'what the user gave as source',
    inputs: { source: `name:${HOSTILE.replaceAll('\u0000', '')}` },
    error: /^Invalid inputs: source: ".*" holds a line break or another control character\.$/,
  },
  {
    what: 'what the user gave as source, on one line',
    inputs: { source: `name:${HOSTILE_LINE}`, folder: HOSTILE_LINE.replaceAll('/', '') },
    error: /source: there is no VM ': :set-output name=planted::1 ## \[error\]planted/,
  },
  {
    what: 'what the user gave as name',
    inputs: { name: HOSTILE_LINE.slice(0, 80) },
    exitCode: 0,
    outputs: { 'vm-name': HOSTILE_LINE.slice(0, 80) },
  },
  {
    what: 'the job, the branch and the step',
    inputs: { name: '' },
    options: {
      context: {
        job: HOSTILE_LINE,
        action: HOSTILE_LINE,
        event: { name: 'push', ref: 'refs/heads/$(x)`::set-output-name=planted::1' },
      },
    },
    exitCode: 0,
  },
];

it.each(scenarios)('takes for text: $what', async (scenario) => {
  const { behaviour = { cloneDuration: 20 }, arrange, inputs = {}, options = {}, exitCode = 1 } = scenario;
  const stage = openVirtualStage({ behaviour });
  const { vcenter, runner } = stage;
  try {
    await arrange?.(stage);
    const before = new Set(vcenter.vms().map(({ id }) => id));
    const main = await runner.runStep({
      ...options,
      action: 'clone',
      inputs: {
        ...stage.connection,
        source: SOURCE,
        folder: FOLDER,
        name: 'copy',
        timeout: '2m',
        ...inputs,
      },
    });
    const post = await runner.runPost(main, { jobStatus: main.conclusion });

    expect(main.exitCode).toBe(exitCode);
    if (scenario.error !== undefined) {
      expect(main.errors[0]).toMatch(scenario.error);
    }
    expect(main.outputs).toMatchObject(scenario.outputs ?? {});
    expectOnlyOurs({ stage, steps: [main, post], outputs: cloneOutputs });
    const left = vcenter.vms().filter(({ id }) => !before.has(id));
    const kept = exitCode === 0 || scenario.mayLeave ? left.map(({ name }) => name) : [];
    expect(
      verdict({
        stage: { ...stage, before },
        steps: [main, post],
        kept,
        openSessions: scenario.openSessions ?? 0,
      }),
    ).toEqual([]);
  } finally {
    await vcenter.close(); // what it said was not vCenter's, so it is not held against VMware's description
  }
});

const teardowns: readonly (Scenario & { readonly inputs: Readonly<Record<string, string>> })[] = [
  {
    what: 'the name of the VM that is deleted',
    arrange: ({ vcenter }) => vcenter.addVm({ id: 'vm-77', name: HOSTILE, folder: FOLDER }),
    inputs: { 'vm-id': 'vm-77' },
    exitCode: 0,
  },
  {
    what: 'the name of a VM that is another than the one that was asked for',
    arrange: ({ vcenter }) => vcenter.addVm({ id: 'vm-77', name: HOSTILE, folder: FOLDER }),
    inputs: { 'vm-id': 'vm-77', 'vm-name': 'copy' },
    error: /vm-77 is called '.*: ?:set-output name=vm-id::vm-666/,
    mayLeave: true,
  },
  {
    what: 'the words with which the power is not turned off',
    arrange: ({ vcenter }) => {
      vcenter.addVm({ id: 'vm-77', name: 'copy', folder: FOLDER, powerState: 'POWERED_ON' });
      vcenter.fault(answered(STOP, 403, body('UNAUTHORIZED')));
    },
    inputs: { 'vm-id': 'vm-77' },
    error: HOSTILE_SHOWN,
    mayLeave: true,
  },
  {
    what: 'the words with which the look-up of the VM and the logout fail',
    arrange: ({ vcenter }) => {
      vcenter.addVm({ id: 'vm-77', name: 'copy', folder: FOLDER });
      vcenter.fault(answered(LIST_VMS, 400, body('ERROR')));
      vcenter.fault(answered(GET_VM, 400, body('ERROR')));
      vcenter.fault(answered(LOGOUT, 400, body('ERROR')));
    },
    inputs: { 'vm-id': 'vm-77', 'vm-name': 'copy' },
    mayLeave: true,
    error: HOSTILE_SHOWN,
    openSessions: 1,
  },
  {
    what: 'the operation of a task',
    arrange: ({ vcenter }) =>
      vcenter.fault(
        answered(GET_TASK, 200, {
          description: { id: 'x', default_message: 'x', args: [] },
          service: 'x',
          operation: HOSTILE_LINE,
          status: 'RUNNING',
          cancelable: true,
        }),
      ),
    inputs: { 'task-id': HOSTILE_LINE.replaceAll(' ', '') },
    error: /'task-id' is no clone but ': :set-output name=planted::1/,
  },
  {
    what: 'a task id of the user that nobody knows',
    inputs: { 'task-id': HOSTILE_LINE.replaceAll(' ', '') },
    exitCode: 0,
  },
];

it.each(teardowns)('takes for text, in teardown: $what', async (scenario) => {
  const stage = setVirtualStage();
  const { vcenter, runner } = stage;
  await scenario.arrange?.(stage);
  const step = await runner.runStep({
    action: 'teardown',
    inputs: { ...stage.connection, ...scenario.inputs },
  });
  expect(step.exitCode).toBe(scenario.exitCode ?? 1);
  if (scenario.error !== undefined) {
    expect(step.errors[0]).toMatch(scenario.error);
  }
  expectOnlyOurs({ stage, steps: [step], outputs: teardownOutputs });
  const kept = scenario.mayLeave ? (vcenter.vm('vm-77')?.name ?? '') : undefined;
  expect(
    verdict({
      stage,
      steps: [step],
      ...(kept !== undefined && { kept: [kept] }),
      openSessions: scenario.openSessions ?? 0,
    }),
  ).toEqual([]);
});
