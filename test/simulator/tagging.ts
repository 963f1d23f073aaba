import type { VmRecord } from './inventory.ts';
import { type Call, done, type OperationDefinition, ok, string, strings } from './operation.ts';
import { unauthorized } from './permissions.ts';
import type { Shape } from './shape.ts';
import type { TagCategoryRecord, TagRecord } from './tag-catalog.ts';
import { type LocalizableMessage, message, VapiError, vapiError } from './vapi-error.ts';
import type { World } from './world.ts';

interface ObjectId {
  readonly type: string;
  readonly id: string;
}

const objectId: Shape = {
  kind: 'structure',
  name: 'com.vmware.vapi.std.dynamic_ID',
  required: ['type', 'id'],
  fields: { type: string, id: string },
};

const input = (fields: Readonly<Record<string, Shape>>): Shape => ({
  kind: 'structure',
  name: 'operation-input',
  fields,
  required: Object.keys(fields),
});

/** Lists hold what the user may read, and nothing else. */
const readable = (world: World, items: Iterable<{ readonly id: string }>) =>
  [...items].map(({ id }) => id).filter((id) => world.permissions.allows('System.Read', id));

export const categoryList: OperationDefinition = {
  handle: (world) => ok(readable(world, world.inventory.tagging.categories.values())),
};

export const tagList: OperationDefinition = {
  handle: (world) => ok(readable(world, world.inventory.tagging.tags.values())),
};

export const getCategory: OperationDefinition = {
  handle: (world, call) => {
    const category = categoryOf(world, call.path['category_id'] ?? '');
    return ok({
      id: category.id,
      name: category.name,
      description: '',
      cardinality: category.cardinality,
      associable_types: category.associableTypes,
      used_by: [],
    });
  },
};

export const getTag: OperationDefinition = {
  handle: (world, call) => {
    const tag = tagOf(world, call.path['tag_id'] ?? '');
    world.permissions.demand('System.Read', tag.id);
    return ok({ id: tag.id, category_id: tag.category, name: tag.name, description: '', used_by: [] });
  },
};

export const listTagsForCategory: OperationDefinition = {
  body: input({ category_id: string }),
  handle: (world, call) => {
    const { category_id } = call.body as { readonly category_id: string };
    const category = categoryOf(world, category_id);
    return ok(readable(world, world.inventory.tagging.tagsOf(category.id)));
  },
};

export const listAttachedTags: OperationDefinition = {
  body: input({ object_id: objectId }),
  handle: (world, call) => {
    const { tags } = taggedVm(world, call);
    return ok([...tags].filter((id) => world.permissions.allows('System.Read', id)));
  },
};

export const attachTag: OperationDefinition = {
  body: input({ object_id: objectId }),
  handle: (world, call) => {
    const vm = taggableVm(world, call);
    attach(world, { vm, tag: call.path['tag_id'] ?? '' });
    return done;
  },
};

/** What cannot be attached is told in an answer of 200; the rest is attached all the same. */
export const attachTags: OperationDefinition = {
  body: input({ object_id: objectId, tag_ids: strings }),
  handle: (world, call) => {
    const vm = taggableVm(world, call);
    const { tag_ids } = call.body as { readonly tag_ids: readonly string[] };
    const error_messages = tag_ids.flatMap((tag): readonly LocalizableMessage[] => {
      try {
        attach(world, { vm, tag });
        return [];
      } catch (error) {
        // A privilege that is missing on one of the tags refuses the request as a whole.
        if (error instanceof VapiError && error.body.error_type !== 'UNAUTHORIZED') {
          return error.body.messages.slice(0, 1);
        }
        throw error;
      }
    });
    return ok({ success: error_messages.length === 0, error_messages });
  },
};

function categoryOf(world: World, id: string): TagCategoryRecord {
  const category = world.inventory.tagging.categories.get(id);
  if (!category) throw objectNotFound(id);
  world.permissions.demand('System.Read', category.id);
  return category;
}

function tagOf(world: World, id: string): TagRecord {
  const tag = world.inventory.tagging.tags.get(id);
  if (!tag) throw objectNotFound(id);
  return tag;
}

function objectNotFound(id: string): VapiError {
  return vapiError(
    'NOT_FOUND',
    message('cis.tagging.objectNotFound.error', 'Tagging object {0} not found.', [id]),
  );
}

/** Only VMs bear tags here. An object that does not exist is refused as one that may not be read (govmomi PR 2211). */
function taggedVm(world: World, call: Call): VmRecord {
  const { object_id: object } = call.body as { readonly object_id: ObjectId };
  world.settle();
  const vm = object.type === 'VirtualMachine' ? world.inventory.vms.get(object.id) : undefined;
  if (!vm || vm.listedAt > world.clock.now()) throw unauthorized('System.Read', object.id);
  world.permissions.demand('System.Read', vm.id);
  return vm;
}

function taggableVm(world: World, call: Call): VmRecord {
  const vm = taggedVm(world, call);
  world.permissions.demand('InventoryService.Tagging.ObjectAttachable', vm.id);
  return vm;
}

/** Throws the refusal; does nothing where the tag is attached already. */
function attach(world: World, options: { readonly vm: VmRecord; readonly tag: string }): void {
  const { vm } = options;
  const { tagging } = world.inventory;
  const tag = tagOf(world, options.tag);
  world.permissions.demand('InventoryService.Tagging.AttachTag', tag.id);
  if (vm.tags.has(tag.id)) return;
  const category = tagging.categories.get(tag.category);
  const { associableTypes = [], cardinality } = category ?? {};
  if (associableTypes.length > 0 && !associableTypes.includes('VirtualMachine')) {
    throw notEligible('associability', 'The tag {0} cannot be attached to objects of this type.', tag);
  }
  const holdsOne = tagging.tagsOf(tag.category).some((other) => vm.tags.has(other.id));
  if (cardinality === 'SINGLE' && holdsOne) {
    throw notEligible('cardinality', 'The tag {0} violates the cardinality of its category.', tag);
  }
  vm.tags.add(tag.id);
}

/** The name of the reason `cardinality` was seen on a real server; the other one is a guess after it. */
function notEligible(reason: 'associability' | 'cardinality', text: string, tag: TagRecord): VapiError {
  return vapiError(
    'INVALID_ARGUMENT',
    message(`cis.tagging.attach.invalidArgument.${reason}.error`, text, [tag.name]),
  );
}
