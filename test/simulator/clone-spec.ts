import type { Shape } from './shape.ts';

/** Body of `POST /api/vcenter/vm?action=clone`: `VM.CloneSpec`, after it has passed {@link cloneSpecShape}. */
export interface CloneSpec {
  readonly source: string;
  readonly name: string;
  readonly placement?: {
    readonly folder?: string;
    readonly resource_pool?: string;
    readonly host?: string;
    readonly cluster?: string;
    readonly datastore?: string;
  };
  readonly disks_to_remove?: readonly string[];
  readonly disks_to_update?: Readonly<Record<string, { readonly datastore?: string }>>;
  readonly power_on?: boolean;
  readonly guest_customization_spec?: { readonly name?: string };
}

const text: Shape = { kind: 'string' };

export const cloneSpecShape: Shape = {
  kind: 'structure',
  name: 'com.vmware.vcenter.VM.clone_spec',
  required: ['source', 'name'],
  fields: {
    source: text,
    name: text,
    placement: {
      kind: 'structure',
      name: 'com.vmware.vcenter.VM.clone_placement_spec',
      fields: { folder: text, resource_pool: text, host: text, cluster: text, datastore: text },
    },
    disks_to_remove: { kind: 'list', of: text, unique: true },
    disks_to_update: {
      kind: 'map',
      of: {
        kind: 'structure',
        name: 'com.vmware.vcenter.VM.disk_clone_spec',
        fields: { datastore: text },
      },
    },
    power_on: { kind: 'boolean' },
    guest_customization_spec: {
      kind: 'structure',
      name: 'com.vmware.vcenter.VM.guest_customization_spec',
      fields: { name: text },
    },
  },
};
