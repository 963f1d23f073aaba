import type { CloneSpec } from './clone-spec.ts';
import { cloneService, type TaskRecord } from './clone-tasks.ts';
import { type Answer, boolean, type Call, done, enums, ok, stringSet } from './operation.ts';
import { unauthorized } from './permissions.ts';
import { asRecord, type Shape, unexpectedFields } from './shape.ts';
import { reportedStatus, taskInfo } from './task-info.ts';
import { internalError, message, statusOf, VapiError, vapiError } from './vapi-error.ts';
import type { World } from './world.ts';

export function getTask(world: World, call: Call): Answer {
  const found = taskOf(world, call);
  return taskAnswer(world, { task: found, excludeResult: call.query.get('exclude_result')?.[0] === 'true' });
}

function taskOf(world: World, call: Call): TaskRecord {
  const id = call.path['task'] ?? '';
  const found = world.tasks.find(id, world.clock.now());
  if (!found) {
    throw vapiError(
      'NOT_FOUND',
      message('com.vmware.api.cis.tasks.not_found', "Task with identifier '{0}' does not exist.", [id]),
    );
  }
  return found;
}

function taskAnswer(
  world: World,
  options: { readonly task: TaskRecord; readonly excludeResult: boolean },
): Answer {
  const { behaviour, serverTime } = world;
  const status = reportedStatus({ task: options.task, behaviour, now: world.clock.now() });
  const known = ['PENDING', 'RUNNING', 'BLOCKED', 'SUCCEEDED', 'FAILED'].includes(status);
  return {
    status: 200,
    body: taskInfo({ ...options, behaviour, now: world.clock.now(), serverTime }),
    ...(!known && { quirk: 'a task status that is not in the description' }),
    ...(behaviour.extraTaskFields && { quirk: 'fields that are not in the description' }),
  };
}

const dynamicId: Shape = {
  kind: 'structure',
  name: 'com.vmware.vapi.std.dynamic_ID',
  required: ['type', 'id'],
  fields: { type: { kind: 'string' }, id: { kind: 'string' } },
};

export const taskListShape: Shape = {
  kind: 'structure',
  name: 'com.vmware.cis.tasks.list',
  fields: {
    filter_spec: {
      kind: 'structure',
      name: 'com.vmware.cis.tasks.filter_spec',
      fields: {
        tasks: stringSet,
        services: stringSet,
        operations: stringSet,
        status: enums('PENDING', 'RUNNING', 'BLOCKED', 'SUCCEEDED', 'FAILED'),
        targets: { kind: 'list', of: dynamicId },
        users: stringSet,
      },
    },
    result_spec: {
      kind: 'structure',
      name: 'com.vmware.cis.tasks.get_spec',
      fields: { return_all: boolean, exclude_result: boolean },
    },
  },
};

const maxListedTasks = 1000;

export function listTasks(world: World, call: Call): Answer {
  const { behaviour, clock } = world;
  if (behaviour.taskListSupported === 'not-found') {
    return {
      status: 404,
      body: vapiError('NOT_FOUND', cannotFindProvider(cloneService)).body,
      quirk: 'a status that is not in the description',
    };
  }
  if (!behaviour.taskListSupported) throw vapiError('ERROR', cannotFindProvider(cloneService));
  const body = asRecord(call.body) ?? {};
  const filter = (asRecord(body['filter_spec']) ?? {}) as Readonly<Record<string, readonly string[]>>;
  if (!filter['tasks']?.length && !filter['services']?.length) {
    throw vapiError(
      'INVALID_ARGUMENT',
      message('com.vmware.api.cis.tasks.filter', 'The filter must name tasks or services.'),
    );
  }
  const unknown = filter['services']?.find((service) => service !== cloneService);
  if (unknown !== undefined) throw vapiError('ERROR', cannotFindProvider(unknown));

  const now = clock.now();
  const targets = (filter['targets'] ?? []).map((target) => asRecord(target)?.['id']);
  const matches = world.tasks.all.filter((item) => {
    if (!world.tasks.find(item.id, now)) return false;
    const status = reportedStatus({ task: item, behaviour, now });
    const passes = (name: string, value: string) => !filter[name]?.length || filter[name].includes(value);
    return (
      passes('tasks', item.id) &&
      passes('operations', 'clone$task') &&
      passes('status', status) &&
      passes('users', item.user) &&
      (targets.length === 0 || targets.includes(item.spec.source) || targets.includes(item.vm))
    );
  });
  if (matches.length > maxListedTasks) {
    throw vapiError(
      'RESOURCE_INACCESSIBLE',
      message('com.vmware.api.cis.tasks.too_many', 'More than {0} tasks match.', [String(maxListedTasks)]),
    );
  }
  const excludeResult = asRecord(body['result_spec'])?.['exclude_result'] === true;
  const answers = matches.map((item) => [item.id, taskAnswer(world, { task: item, excludeResult })] as const);
  const quirk = answers.map(([, answer]) => answer.quirk).find((name) => name !== undefined);
  return {
    status: 200,
    body: Object.fromEntries(answers.map(([id, answer]) => [id, answer.body])),
    ...(quirk !== undefined && { quirk }),
  };
}

function cannotFindProvider(service: string) {
  return message('com.vmware.api.cis.tasks.no_provider', "Cannot find provider for service '{0}'.", [
    service,
  ]);
}

export function cancelTask(world: World, call: Call): Answer {
  const found = taskOf(world, call);
  if (found.user !== world.behaviour.taskUser) throw unauthorized('Global.CancelTask', found.id);
  world.tasks.cancel(found, world.clock.now());
  return done;
}

export function cloneWithTask(world: World, call: Call): Answer {
  if (world.behaviour.serverVersion === '6.7') throw unexpectedFields(['vmw-task'], 'operation-input');
  const started = world.tasks.start({ spec: call.body as CloneSpec, now: world.clock.now() });
  const { cloneAnswers } = world.behaviour;
  return {
    status: cloneAnswers,
    body: started.id,
    ...(cloneAnswers !== 202 && { quirk: 'a status that is not in the description' }),
  };
}

/** The clone without a task answers when the copy is done; it goes on when the client is gone. */
export async function cloneAndWait(world: World, call: Call): Promise<Answer> {
  const started = world.tasks.start({
    spec: call.body as CloneSpec,
    now: world.clock.now(),
    listed: false,
  });
  while (started.endedAt === undefined) {
    await world.clock.sleep(Math.max(1, started.endsAt - world.clock.now()));
    world.settle();
  }
  if (started.status === 'SUCCEEDED') return ok(started.vm);
  if (!started.error) throw internalError();
  throw new VapiError({ status: statusOf(started.error.error_type), body: started.error });
}
