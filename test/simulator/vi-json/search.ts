import { randomUUID } from 'node:crypto';
import { storedName } from '../inventory.ts';
import { done, ok } from '../operation.ts';
import type { World } from '../world.ts';
import { type ManagedObject, type Reference, reference } from './data.ts';
import { invalidArgument, objectNotFound } from './fault.ts';
import { childrenOf, findObject, isOfType, nameOf } from './objects.ts';
import { optional, type ViDefinition } from './operation.ts';

/** SearchIndex.FindByInventoryPath: from below the root folder, with names in their stored form. */
export const findByInventoryPath: ViDefinition = {
  parameters: { inventoryPath: '*string' },
  handle: (world, { body }) => {
    const names = String(body['inventoryPath'])
      .replace(/^\/|\/$/g, '')
      .split('/');
    let found: ManagedObject | undefined = { type: 'Folder', id: world.inventory.rootFolder };
    for (const name of names) found = found && childOfName(world, found, name);
    return optional(world, found && reference(found));
  },
};

export const findChild: ViDefinition = {
  parameters: { entity: '*ref', name: '*string' },
  handle: (world, { body }) => {
    const { type, value: id } = body['entity'] as Reference;
    const entity = findObject(world, { type, id });
    if (!entity) throw objectNotFound({ type, id });
    const found = childOfName(world, entity, String(body['name']));
    return optional(world, found && reference(found));
  },
};

function childOfName(world: World, parent: ManagedObject, name: string): ManagedObject | undefined {
  return childrenOf(world, parent).find((child) => nameOf(world.inventory, child) === storedName(name));
}

export const createContainerView: ViDefinition = {
  parameters: { container: '*ref', type: 'string[]', recursive: '*boolean' },
  handle: (world, { body, session }) => {
    const {
      container,
      type: types = [],
      recursive,
    } = body as {
      readonly container: Reference;
      readonly type?: readonly string[];
      readonly recursive: boolean;
    };
    const object = findObject(world, { type: container.type, id: container.value });
    if (!object) throw objectNotFound({ type: container.type, id: container.value });
    if (!['Folder', 'Datacenter', 'ComputeResource', 'ResourcePool'].some((type) => isOfType(object, type))) {
      throw invalidArgument('container', 'It holds nothing.');
    }
    // A form that must be escaped in a path.
    const id = `session[${randomUUID()}]${randomUUID()}`;
    world.viJson.views.set(id, { session: session?.number ?? 0, container: object, types, recursive });
    return ok(reference({ type: 'ContainerView', id }));
  },
};

export const destroyView: ViDefinition = {
  handle: (world, { object }) => {
    world.viJson.views.delete(object.id);
    return done;
  },
};
