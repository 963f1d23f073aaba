export interface TagCategoryRecord {
  /** `urn:vmomi:InventoryServiceCategory:<uuid>:GLOBAL` */
  readonly id: string;
  readonly name: string;
  readonly cardinality: 'SINGLE' | 'MULTIPLE';
  /** Such as `VirtualMachine`; empty: every type. */
  readonly associableTypes: readonly string[];
}

export interface TagRecord {
  /** `urn:vmomi:InventoryServiceTag:<uuid>:GLOBAL` */
  readonly id: string;
  readonly name: string;
  readonly category: string;
}

/** Categories and tags. They belong to the whole vCenter, and their names are kept as they were given. */
export class TagCatalog {
  readonly categories = new Map<string, TagCategoryRecord>();
  readonly tags = new Map<string, TagRecord>();
  #lastNumber = 0;

  addCategory(options: {
    readonly name: string;
    readonly cardinality: TagCategoryRecord['cardinality'];
    readonly associableTypes?: readonly string[];
    readonly id?: string;
  }): TagCategoryRecord {
    const { name, cardinality, associableTypes = [] } = options;
    if ([...this.categories.values()].some((other) => other.name === name)) {
      throw new Error(`There is a category ${name} already.`);
    }
    const id = options.id ?? this.#urn('Category');
    const record = { id, name, cardinality, associableTypes };
    this.categories.set(id, record);
    return record;
  }

  /** `category`: its id or its name. A name is unique within its category only. */
  addTag(options: { readonly category: string; readonly name: string; readonly id?: string }): TagRecord {
    const category = [...this.categories.values()].find(({ id, name }) =>
      [id, name].includes(options.category),
    );
    if (!category) throw new Error(`There is no category ${options.category}.`);
    if (this.tagsOf(category.id).some(({ name }) => name === options.name)) {
      throw new Error(`There is a tag ${options.name} in the category ${category.name} already.`);
    }
    const record = { id: options.id ?? this.#urn('Tag'), name: options.name, category: category.id };
    this.tags.set(record.id, record);
    return record;
  }

  tagsOf(category: string): readonly TagRecord[] {
    return [...this.tags.values()].filter((tag) => tag.category === category);
  }

  /** The tag of that name in the category of that name. */
  tag(category: string, name: string): TagRecord {
    const found = [...this.tags.values()].find(
      (tag) => tag.name === name && this.categories.get(tag.category)?.name === category,
    );
    if (!found) throw new Error(`There is no tag ${name} in a category ${category}.`);
    return found;
  }

  #urn(kind: 'Category' | 'Tag'): string {
    const uuid = `5d3a1c2e-7b4f-4e6a-9c1d-${(++this.#lastNumber).toString(16).padStart(12, '0')}`;
    return `urn:vmomi:InventoryService${kind}:${uuid}:GLOBAL`;
  }
}
