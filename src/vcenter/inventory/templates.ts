import type { InventoryType } from '../../text/reference.ts';
import type { Limits, Session } from '../session.ts';
import { VcenterError } from '../transport/error.ts';
import { unreadable } from '../transport/unreadable.ts';
import { findVmInFolder, findVmsOfName } from '../vi-json/find-vm.ts';
import { readSourceVm, type SourceDevice, type SourceVm } from '../vi-json/vm.ts';
import type { Device, Devices, InventoryObject } from './objects.ts';

/** Where a template is looked for. */
export interface TemplatePlace {
  readonly name: string;
  /** The folder that directly holds it. */
  readonly folder?: string | undefined;
  readonly datacenter?: string | undefined;
}

/** The templates of one run, which only VI/JSON shows. Nothing is sent before one is looked for. */
export interface TemplateLookup {
  /** `unserved` where the server has no VI/JSON. @throws VcenterError */
  find(place: TemplatePlace): Promise<readonly InventoryObject[] | 'unserved'>;
  /** Whether an id is that of a template. @throws VcenterError */
  findById(id: string): Promise<boolean>;
  /** Whether that template has been found before. */
  isFound(id: string): boolean;
  /** @throws VcenterError */
  devices(id: string): Promise<Devices>;
}

export function createTemplateLookup(session: Session, limits: Limits): TemplateLookup {
  const found = new Set<string>();
  const searches = new Map<string, Promise<readonly InventoryObject[] | 'unserved'>>();
  const sources = new Map<string, Promise<SourceVm | undefined>>();

  const search = async ({ name, folder, datacenter }: TemplatePlace) => {
    if ((await session.viJson(limits)) === undefined) {
      return 'unserved' as const;
    }
    const objects: InventoryObject[] = [];
    if (folder === undefined) {
      for (const { id, path } of await findVmsOfName(session, { name, datacenter }, limits)) {
        objects.push({ id, name, ...(path === undefined ? {} : { path }) });
      }
    } else {
      const id = await findVmInFolder(session, { folder, name }, limits);
      objects.push(...(id === undefined ? [] : [{ id, name }]));
    }
    for (const { id } of objects) {
      found.add(id);
    }
    return objects;
  };
  const read = (id: string) => {
    const source = sources.get(id) ?? readSourceVm(session, { id, withDevices: true }, limits);
    sources.set(id, source);
    return source;
  };

  return {
    find: (place) => {
      const key = JSON.stringify(place);
      const result = searches.get(key) ?? search(place);
      searches.set(key, result);
      return result;
    },
    isFound: (id) => found.has(id),
    findById: async (id) => {
      const isTemplate =
        (await session.viJson(limits)) !== undefined && (await read(id))?.isTemplate === true;
      if (isTemplate) {
        found.add(id);
      }
      return isTemplate;
    },
    devices: async (id) => {
      const source = await read(id);
      if (source === undefined) {
        throw unreadable(session, 'POST RetrievePropertiesEx', 'a template with its devices');
      }
      const toDevice = ({ key, label }: SourceDevice): Device => ({ id: String(key), name: label });
      return { disks: source.disks.map(toDevice), nics: source.nics.map(toDevice) };
    },
  };
}

/** VMs of a query that the REST API does not list: they may be templates. What cannot be looked for is not there. */
export async function orTemplates(
  lookup: { readonly templates: TemplateLookup['find'] },
  {
    type,
    found,
    place,
  }: {
    readonly type: InventoryType;
    readonly found: readonly InventoryObject[];
    readonly place: TemplatePlace;
  },
): Promise<readonly InventoryObject[]> {
  if (found.length > 0 || type !== 'VirtualMachine') {
    return found;
  }
  try {
    const templates = await lookup.templates(place);
    return templates === 'unserved' ? [] : templates;
  } catch (error) {
    if (error instanceof VcenterError) {
      return []; // the hint says that it failed
    }
    throw error;
  }
}

/** What is to be said of templates where no VM was found: the server has been asked before. */
export async function templateHint(
  lookup: { readonly templates: TemplateLookup['find'] },
  place: TemplatePlace,
): Promise<string | undefined> {
  try {
    return (await lookup.templates(place)) === 'unserved'
      ? 'If it is a template: that needs vCenter 8.0 U1 or later; on this server, convert it to a VM, or clone it to one.'
      : 'Templates were looked for as well.';
  } catch (error) {
    if (error instanceof VcenterError) {
      return `If it is a template: templates could not be looked for. ${error.messages.join(' ')}`;
    }
    throw error;
  }
}
