import { done } from '../operation.ts';
import { unauthorized } from '../permissions.ts';
import { objectNotFound, ViFault } from './fault.ts';
import type { ViDefinition } from './operation.ts';
import { taskInfoAnswer } from './task-info.ts';
import { findTask } from './vm-tasks.ts';

export const getTaskInfo: ViDefinition = {
  handle: (world, { object }) => taskInfoAnswer(world, object.id),
};

/** It only asks for it. Throws NotSupported for what cannot be cancelled, InvalidState for what has ended. */
export const cancelTask: ViDefinition = {
  handle: (world, { object }) => {
    const task = findTask(world, object.id);
    if (!task) throw objectNotFound(object);
    if (task.user !== world.behaviour.taskUser) throw unauthorized('Global.CancelTask', task.id);
    if ('spec' in task) {
      world.tasks.cancel(task, world.clock.now());
      return done;
    }
    throw task.endedAt === undefined
      ? new ViFault({ name: 'NotSupported', text: 'The task cannot be cancelled.' })
      : new ViFault({ name: 'InvalidState', text: 'The task has ended.' });
  },
};
