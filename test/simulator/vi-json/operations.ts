import { ok } from '../operation.ts';
import { cloneVm, instantClone } from './clone.ts';
import { getCustomizationSpec } from './customization-specs.ts';
import { ViFault } from './fault.ts';
import { optional, type ViDefinition } from './operation.ts';
import { readProperty } from './properties.ts';
import { cancelRetrieving, continueRetrieving, retrieveProperties } from './property-collector.ts';
import { createContainerView, destroyView, findByInventoryPath, findChild } from './search.ts';
import { currentSession, logIn, logOut, serviceContent } from './service.ts';
import { cancelTask, getTaskInfo } from './tasks.ts';
import {
  destroyVm,
  markAsTemplate,
  markAsVm,
  powerOffVm,
  powerOnVm,
  reconfigureVm,
} from './vm-operations.ts';

/** GET of one property, as it is; a fault where it may not be read. */
const property: ViDefinition = {
  handle: (world, { object, session, path }) => {
    const read = readProperty({ world, object, session: session?.number, path, boxed: false });
    if (read && 'fault' in read) throw new ViFault(read.fault);
    return optional(world, read?.value);
  },
};

/**
 * Every operation of VI/JSON that the simulator knows: the key that it has in VMware's description, behind the one release
 * that is spoken here.
 */
export const viOperations = {
  'GET /sdk/vim25/8.0.1.0/ServiceInstance/{moId}/content': {
    withoutSession: true,
    handle: (world) => ok(serviceContent(world)),
  },
  'POST /sdk/vim25/8.0.1.0/SessionManager/{moId}/Login': logIn,
  'POST /sdk/vim25/8.0.1.0/SessionManager/{moId}/Logout': logOut,
  'GET /sdk/vim25/8.0.1.0/SessionManager/{moId}/currentSession': currentSession,

  'POST /sdk/vim25/8.0.1.0/PropertyCollector/{moId}/RetrievePropertiesEx': retrieveProperties,
  'POST /sdk/vim25/8.0.1.0/PropertyCollector/{moId}/ContinueRetrievePropertiesEx': continueRetrieving,
  'POST /sdk/vim25/8.0.1.0/PropertyCollector/{moId}/CancelRetrievePropertiesEx': cancelRetrieving,
  'POST /sdk/vim25/8.0.1.0/SearchIndex/{moId}/FindByInventoryPath': findByInventoryPath,
  'POST /sdk/vim25/8.0.1.0/SearchIndex/{moId}/FindChild': findChild,
  'POST /sdk/vim25/8.0.1.0/ViewManager/{moId}/CreateContainerView': createContainerView,
  'POST /sdk/vim25/8.0.1.0/ContainerView/{moId}/DestroyView': destroyView,
  'GET /sdk/vim25/8.0.1.0/ContainerView/{moId}/view': property,
  'POST /sdk/vim25/8.0.1.0/CustomizationSpecManager/{moId}/GetCustomizationSpec': getCustomizationSpec,

  'GET /sdk/vim25/8.0.1.0/Task/{moId}/info': getTaskInfo,
  'POST /sdk/vim25/8.0.1.0/Task/{moId}/CancelTask': cancelTask,

  'GET /sdk/vim25/8.0.1.0/Datacenter/{moId}/vmFolder': property,
  'GET /sdk/vim25/8.0.1.0/Folder/{moId}/childEntity': property,
  'GET /sdk/vim25/8.0.1.0/Folder/{moId}/name': property,
  'GET /sdk/vim25/8.0.1.0/Folder/{moId}/parent': property,
  'GET /sdk/vim25/8.0.1.0/VirtualMachineSnapshot/{moId}/vm': property,

  'GET /sdk/vim25/8.0.1.0/VirtualMachine/{moId}/config': property,
  'GET /sdk/vim25/8.0.1.0/VirtualMachine/{moId}/datastore': property,
  'GET /sdk/vim25/8.0.1.0/VirtualMachine/{moId}/name': property,
  'GET /sdk/vim25/8.0.1.0/VirtualMachine/{moId}/network': property,
  'GET /sdk/vim25/8.0.1.0/VirtualMachine/{moId}/parent': property,
  'GET /sdk/vim25/8.0.1.0/VirtualMachine/{moId}/recentTask': property,
  'GET /sdk/vim25/8.0.1.0/VirtualMachine/{moId}/resourcePool': property,
  'GET /sdk/vim25/8.0.1.0/VirtualMachine/{moId}/runtime': property,
  'GET /sdk/vim25/8.0.1.0/VirtualMachine/{moId}/snapshot': property,

  'POST /sdk/vim25/8.0.1.0/VirtualMachine/{moId}/CloneVM_Task': cloneVm,
  'POST /sdk/vim25/8.0.1.0/VirtualMachine/{moId}/InstantClone_Task': instantClone,
  'POST /sdk/vim25/8.0.1.0/VirtualMachine/{moId}/ReconfigVM_Task': reconfigureVm,
  'POST /sdk/vim25/8.0.1.0/VirtualMachine/{moId}/PowerOnVM_Task': powerOnVm,
  'POST /sdk/vim25/8.0.1.0/VirtualMachine/{moId}/PowerOffVM_Task': powerOffVm,
  'POST /sdk/vim25/8.0.1.0/VirtualMachine/{moId}/Destroy_Task': destroyVm,
  'POST /sdk/vim25/8.0.1.0/VirtualMachine/{moId}/MarkAsTemplate': markAsTemplate,
  'POST /sdk/vim25/8.0.1.0/VirtualMachine/{moId}/MarkAsVirtualMachine': markAsVm,
} as const satisfies Readonly<Record<string, ViDefinition>>;

export type ViOperation = keyof typeof viOperations;
