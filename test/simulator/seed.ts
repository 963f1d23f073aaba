import { Inventory } from './inventory.ts';

const GiB = 1024 ** 3;

/** `two-datacenters` adds a second datacenter in which nearly every name of the first one appears again. */
export type Seed = 'default' | 'two-datacenters';

export function seedInventory({ seed, now }: { readonly seed: Seed; readonly now: () => number }): Inventory {
  const inventory = new Inventory({ now });
  addFirstDatacenter(inventory);
  if (seed === 'two-datacenters') addSecondDatacenter(inventory);
  inventory.addCustomizationSpec({
    name: 'linux-dhcp',
    osType: 'LINUX',
    description: 'DHCP, name of the VM',
  });
  inventory.addCustomizationSpec({ name: 'windows-domain', osType: 'WINDOWS' });
  addTags(inventory);
  return inventory;
}

function addFirstDatacenter(inventory: Inventory): void {
  inventory.addDatacenter({
    name: 'DC1',
    id: 'datacenter-2',
    folderIds: ['group-v3', 'group-h4', 'group-s5', 'group-n6'],
  });
  inventory.addFolder({ name: 'ci', parent: 'group-v3', id: 'group-v21' });
  inventory.addFolder({ name: 'base', parent: 'group-v21', id: 'group-v22' });
  inventory.addFolder({ name: 'pull-requests', parent: 'group-v21', id: 'group-v23' });
  inventory.addFolder({ name: 'legacy', parent: 'group-v3', id: 'group-v24' });

  inventory.addCluster({
    name: 'cluster-a',
    datacenter: 'datacenter-2',
    id: 'domain-c7',
    resourcePoolId: 'resgroup-8',
  });
  inventory.addHost({ name: 'esxi-01.example.test', cluster: 'domain-c7', id: 'host-9' });
  inventory.addHost({ name: 'esxi-02.example.test', cluster: 'domain-c7', id: 'host-10' });
  inventory.addResourcePool({ name: 'ci-pool', parent: 'resgroup-8', id: 'resgroup-31' });
  inventory.addCluster({
    name: 'cluster-b',
    datacenter: 'datacenter-2',
    id: 'domain-c12',
    resourcePoolId: 'resgroup-14',
    drsEnabled: false,
  });
  inventory.addHost({ name: 'esxi-03.example.test', cluster: 'domain-c12', id: 'host-13' });

  inventory.addDatastore({ name: 'fast', datacenter: 'datacenter-2', id: 'datastore-15' });
  inventory.addDatastore({ name: 'bulk', datacenter: 'datacenter-2', id: 'datastore-16', type: 'NFS' });
  inventory.addNetwork({ name: 'VM Network', datacenter: 'datacenter-2', id: 'network-17' });
  inventory.addNetwork({
    name: 'ci-net',
    datacenter: 'datacenter-2',
    id: 'dvportgroup-18',
    type: 'DISTRIBUTED_PORTGROUP',
  });
  inventory.addNetwork({
    name: 'PR Network',
    datacenter: 'datacenter-2',
    id: 'dvportgroup-19',
    type: 'DISTRIBUTED_PORTGROUP',
  });
  inventory.addNetwork({ name: 'Lab Network', datacenter: 'datacenter-2', id: 'network-20' });
  inventory.addNetwork({
    name: 'nsx-segment',
    datacenter: 'datacenter-2',
    id: 'network-o21',
    type: 'OPAQUE_NETWORK',
  });

  inventory.addVm({
    id: 'vm-42',
    name: 'ubuntu-24.04',
    folder: 'group-v22',
    disks: [
      { id: '2000', label: 'Hard disk 1', unit: 0, datastore: 'datastore-15', capacity: 40 * GiB },
      { id: '2001', label: 'Hard disk 2', unit: 1, datastore: 'datastore-16', capacity: 200 * GiB },
    ],
  });
  inventory.addVm({
    id: 'vm-43',
    name: 'windows-2025',
    folder: 'group-v22',
    guestOs: 'WINDOWS_SERVER_2021',
    cpuCount: 4,
    memoryMiB: 8192,
  });
  inventory.addVm({
    id: 'vm-44',
    name: 'golden-template',
    folder: 'group-v22',
    template: true,
    annotation: 'Ubuntu 24.04 with Tools and cloud-init.',
  });
  inventory.addVm({ id: 'vm-45', name: 'build-agent', folder: 'group-v21', powerState: 'POWERED_ON' });
  inventory.addSnapshot({ vm: 'vm-42', name: 'installed', id: 'snapshot-71' });
  inventory.addSnapshot({ vm: 'vm-42', name: 'configured', id: 'snapshot-72' });
  inventory.addSnapshot({ vm: 'vm-44', name: 'golden', id: 'snapshot-73' });
}

function addSecondDatacenter(inventory: Inventory): void {
  inventory.addDatacenter({
    name: 'DC2',
    id: 'datacenter-102',
    folderIds: ['group-v103', 'group-h104', 'group-s105', 'group-n106'],
  });
  inventory.addFolder({ name: 'ci', parent: 'group-v103', id: 'group-v121' });
  inventory.addFolder({ name: 'base', parent: 'group-v121', id: 'group-v122' });
  inventory.addFolder({ name: 'pull-requests', parent: 'group-v121', id: 'group-v123' });
  inventory.addCluster({
    name: 'cluster-a',
    datacenter: 'datacenter-102',
    id: 'domain-c107',
    resourcePoolId: 'resgroup-108',
  });
  inventory.addHost({ name: 'esxi-11.example.test', cluster: 'domain-c107', id: 'host-109' });
  inventory.addResourcePool({ name: 'ci-pool', parent: 'resgroup-108', id: 'resgroup-131' });
  inventory.addHost({
    name: 'esxi-12.example.test',
    datacenter: 'datacenter-102',
    id: 'host-112',
    resourcePoolId: 'resgroup-113',
  });
  inventory.addDatastore({ name: 'fast', datacenter: 'datacenter-102', id: 'datastore-115' });
  inventory.addNetwork({ name: 'VM Network', datacenter: 'datacenter-102', id: 'network-117' });
  inventory.addNetwork({
    name: 'PR Network',
    datacenter: 'datacenter-102',
    id: 'dvportgroup-119',
    type: 'DISTRIBUTED_PORTGROUP',
  });
  inventory.addVm({ id: 'vm-142', name: 'ubuntu-24.04', folder: 'group-v122' });
  inventory.addVm({ id: 'vm-144', name: 'golden-template', folder: 'group-v122', template: true });
}

/** The tag `prod` is in two categories, and one name has a slash in it. */
function addTags({ tagging }: Inventory): void {
  tagging.addCategory({
    name: 'environment',
    cardinality: 'SINGLE',
    associableTypes: ['VirtualMachine'],
  });
  tagging.addCategory({ name: 'owner', cardinality: 'MULTIPLE' });
  tagging.addCategory({ name: 'host-only', cardinality: 'MULTIPLE', associableTypes: ['HostSystem'] });
  tagging.addTag({ category: 'environment', name: 'ci' });
  tagging.addTag({ category: 'environment', name: 'prod' });
  tagging.addTag({ category: 'owner', name: 'team-a' });
  tagging.addTag({ category: 'owner', name: 'team-a/b' });
  tagging.addTag({ category: 'owner', name: 'prod' });
  tagging.addTag({ category: 'host-only', name: 'rack-1' });
}
