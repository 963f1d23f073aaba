import { isRecord, textOf } from '../../text/json.ts';
import { isNotFound, isRefusal } from '../transport/error.ts';
import type { InventoryLookup } from './lookup.ts';
import { nearest } from './near-match.ts';
import { ResolveError, type ResolveProblem } from './resolve-error.ts';

/** How a tag is named: by its URN, or by the names of its category and of itself. */
export type TagReference =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'name'; readonly category: string; readonly tag: string };

export interface Tag {
  readonly id: string;
  readonly name: string;
}

interface Category extends Tag {
  /** Whether an object takes more than one tag of it. */
  readonly isMultiple: boolean;
  readonly isForVms: boolean;
}

/** As many are listed where none is similar. */
const MOST_SHOWN = 8;

/**
 * Turns tags into ids, and checks that a VM can have them: GET /api/cis/tagging/tag/{tag_id} and category/{category_id}; for
 * names all categories and the tags of those that are named, since the API looks up none by name.
 *
 * @throws ResolveError with every tag at fault; VcenterError
 */
export async function resolveTags(
  lookup: InventoryLookup,
  { tags, input }: { readonly tags: readonly TagReference[]; readonly input: string },
): Promise<readonly Tag[]> {
  const found = await Promise.all(
    tags.map(async (reference) => {
      const result =
        reference.kind === 'id' ? await byId(lookup, reference) : await byName(lookup, reference);
      return { asked: asTyped(reference), ...result };
    }),
  );
  const problems = [
    ...found.flatMap(({ asked, problem, category }): ResolveProblem[] => {
      const isForVms = category?.isForVms ?? true;
      const unfit = isForVms ? problem : ({ reason: 'not-for-vms', scope: scopeOf(category) } as const);
      return unfit === undefined ? [] : [{ ...newProblem(input), asked, ...unfit }];
    }),
    ...doubled(found).map((each) => ({ ...newProblem(input), ...each })),
  ];
  if (problems.length > 0) {
    throw new ResolveError(problems);
  }
  return [
    ...new Map(found.flatMap(({ tag }) => (tag === undefined ? [] : [[tag.id, tag] as const]))).values(),
  ];
}

interface Found {
  readonly tag?: Tag;
  readonly category?: Category;
  readonly problem?: Partial<ResolveProblem> & Pick<ResolveProblem, 'reason'>;
}

function newProblem(
  input: string,
): Pick<ResolveProblem, 'input' | 'type' | 'candidates' | 'near' | 'available'> {
  return { input, type: 'Tag', candidates: [], near: [], available: [] };
}

function asTyped(reference: TagReference): string {
  return reference.kind === 'id' ? reference.id : `${reference.category}/${reference.tag}`;
}

function scopeOf(category: Tag | undefined): string {
  return `category '${category?.name ?? ''}'`;
}

async function byId(lookup: InventoryLookup, { id }: { readonly id: string }): Promise<Found> {
  const tag = await readIfThere(lookup, {
    operation: 'GET /api/cis/tagging/tag/{tag_id}',
    path: { tag_id: id },
  });
  if (tag === undefined) {
    return { problem: { reason: 'none' } };
  }
  const category = await readCategory(lookup, textOf(tag['category_id']) ?? '');
  return {
    tag: { id, name: textOf(tag['name']) ?? id },
    ...(category === undefined ? {} : { category }),
  };
}

async function byName(
  lookup: InventoryLookup,
  { category: name, tag: tagName }: { readonly category: string; readonly tag: string },
): Promise<Found> {
  const ids = textsOf(await lookup.read({ operation: 'GET /api/cis/tagging/category' }));
  const categories = (await Promise.all(ids.map((id) => readCategory(lookup, id)))).filter(
    (each) => each !== undefined,
  );
  const named = categories.filter((each) => each.name === name);
  const [category] = named;
  if (category === undefined) {
    return { problem: { reason: 'none', type: 'Category', asked: name, ...suggestions(name, categories) } };
  }
  const tags = (await Promise.all(named.map((each) => tagsOf(lookup, each)))).flat();
  const fitting = tags.filter((each) => each.tag.name === tagName);
  const [only] = fitting;
  if (only === undefined) {
    const all = tags.map(({ tag }) => tag);
    return {
      problem: { reason: 'none', asked: tagName, scope: scopeOf(category), ...suggestions(tagName, all) },
    };
  }
  return fitting.length === 1
    ? only
    : {
        problem: { reason: 'several', candidates: fitting.map(({ tag }) => tag), hint: 'Give its URN here.' },
      };
}

async function tagsOf(
  lookup: InventoryLookup,
  category: Category,
): Promise<readonly { readonly tag: Tag; readonly category: Category }[]> {
  const operation = 'POST /api/cis/tagging/tag?action=list-tags-for-category';
  const ids = textsOf(await lookup.read({ operation, body: { category_id: category.id } }));
  const tags = await Promise.all(
    ids.map((id) =>
      readIfThere(lookup, { operation: 'GET /api/cis/tagging/tag/{tag_id}', path: { tag_id: id } }),
    ),
  );
  return ids.map((id, index) => ({ tag: { id, name: textOf(tags[index]?.['name']) ?? '' }, category }));
}

async function readCategory(lookup: InventoryLookup, id: string): Promise<Category | undefined> {
  const operation = 'GET /api/cis/tagging/category/{category_id}';
  const category = await readIfThere(lookup, { operation, path: { category_id: id } });
  if (category === undefined) {
    return undefined;
  }
  const types = textsOf(category['associable_types']);
  return {
    id,
    name: textOf(category['name']) ?? '',
    isMultiple: category['cardinality'] !== 'SINGLE',
    isForVms: types.length === 0 || types.some((type) => type.endsWith('VirtualMachine')),
  };
}

/** What was listed a moment ago may be deleted now; what the account may not see is as good as not there. */
async function readIfThere(
  lookup: InventoryLookup,
  request: Parameters<InventoryLookup['read']>[0],
): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const body = await lookup.read(request);
    return isRecord(body) ? body : undefined;
  } catch (error) {
    if (isNotFound(error) || isRefusal(error, 'UNAUTHORIZED')) {
      return undefined;
    }
    throw error;
  }
}

/** Two different tags of a category that takes one. */
function doubled(
  found: readonly (Found & { readonly asked: string })[],
): readonly Pick<ResolveProblem, 'asked' | 'reason' | 'scope' | 'candidates'>[] {
  const single = new Map<string, { readonly category: Category; readonly tags: Map<string, Tag> }>();
  for (const { tag, category } of found) {
    if (tag !== undefined && category?.isMultiple === false) {
      const { tags } = single.get(category.id) ?? { tags: new Map<string, Tag>() };
      single.set(category.id, { category, tags: tags.set(tag.id, tag) });
    }
  }
  return [...single.values()]
    .filter(({ tags }) => tags.size > 1)
    .map(({ category, tags }) => ({
      reason: 'one-per-category',
      asked: category.name,
      scope: scopeOf(category),
      candidates: [...tags.values()],
    }));
}

function suggestions(asked: string, objects: readonly Tag[]): Pick<ResolveProblem, 'near' | 'available'> {
  const near = nearest(asked, objects);
  return { near, available: near.length === 0 && objects.length <= MOST_SHOWN ? objects : [] };
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
