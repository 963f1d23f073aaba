/**
 * What a field of a request must hold: `string`, `boolean`, `int`, `any`, `ref` (a reference to a managed object), an
 * enumeration, or a data object by its type. `[]` behind it is a list, `*` before it a field that must be there.
 */
export type Fields = Readonly<Record<string, string>>;

export const enumerations: Readonly<Record<string, readonly string[]>> = {
  VirtualDeviceConfigSpecOperation: ['add', 'remove', 'edit'],
  VirtualDeviceConfigSpecFileOperation: ['create', 'destroy', 'replace'],
  CustomizationSysprepRebootOption: ['reboot', 'noreboot', 'shutdown'],
};

/** Which types may stand where a type is asked for that has others below it. */
export const subtypes: Readonly<Record<string, readonly string[]>> = {
  SelectionSpec: ['SelectionSpec', 'TraversalSpec'],
  VirtualDevice: [
    'VirtualDisk',
    'VirtualVmxnet3',
    'VirtualVmxnet2',
    'VirtualVmxnet',
    'VirtualE1000',
    'VirtualE1000e',
    'VirtualPCNet32',
    'VirtualSriovEthernetCard',
  ],
  VirtualDeviceBackingInfo: [
    'VirtualEthernetCardNetworkBackingInfo',
    'VirtualEthernetCardDistributedVirtualPortBackingInfo',
    'VirtualEthernetCardOpaqueNetworkBackingInfo',
    'VirtualDiskFlatVer2BackingInfo',
  ],
  CustomizationOptions: ['CustomizationOptions', 'CustomizationLinuxOptions', 'CustomizationWinOptions'],
  CustomizationIdentitySettings: [
    'CustomizationCloudinitPrep',
    'CustomizationLinuxPrep',
    'CustomizationSysprepText',
  ],
  CustomizationIpGenerator: ['CustomizationDhcpIpGenerator', 'CustomizationFixedIp'],
  CustomizationName: [
    'CustomizationFixedName',
    'CustomizationPrefixName',
    'CustomizationVirtualMachineName',
    'CustomizationUnknownName',
  ],
};

const device: Fields = {
  key: '*int',
  deviceInfo: 'Description',
  backing: 'VirtualDeviceBackingInfo',
  connectable: 'VirtualDeviceConnectInfo',
  controllerKey: 'int',
  unitNumber: 'int',
};

const ethernetCard: Fields = {
  ...device,
  addressType: 'string',
  macAddress: 'string',
  wakeOnLanEnabled: 'boolean',
  uptCompatibilityEnabled: 'boolean',
};

/** The data objects that requests may hold, with those of their fields that mean something here. */
export const types: Readonly<Record<string, Fields>> = {
  PropertyFilterSpec: {
    propSet: '*PropertySpec[]',
    objectSet: '*ObjectSpec[]',
    reportMissingObjectsInResults: 'boolean',
  },
  PropertySpec: { type: '*string', all: 'boolean', pathSet: 'string[]' },
  ObjectSpec: { obj: '*ref', skip: 'boolean', selectSet: 'SelectionSpec[]' },
  SelectionSpec: { name: 'string' },
  TraversalSpec: {
    name: 'string',
    type: '*string',
    path: '*string',
    skip: 'boolean',
    selectSet: 'SelectionSpec[]',
  },
  RetrieveOptions: { maxObjects: 'int' },

  VirtualMachineCloneSpec: {
    location: '*VirtualMachineRelocateSpec',
    template: '*boolean',
    config: 'VirtualMachineConfigSpec',
    customization: 'CustomizationSpec',
    powerOn: '*boolean',
    snapshot: 'ref',
    memory: 'boolean',
  },
  VirtualMachineRelocateSpec: {
    folder: 'ref',
    datastore: 'ref',
    diskMoveType: 'string',
    pool: 'ref',
    host: 'ref',
    disk: 'VirtualMachineRelocateSpecDiskLocator[]',
    deviceChange: 'VirtualDeviceConfigSpec[]',
  },
  VirtualMachineRelocateSpecDiskLocator: { diskId: '*int', datastore: '*ref', diskMoveType: 'string' },
  VirtualMachineInstantCloneSpec: {
    name: '*string',
    location: '*VirtualMachineRelocateSpec',
    config: 'OptionValue[]',
    biosUuid: 'string',
  },
  VirtualMachineConfigSpec: {
    changeVersion: 'string',
    annotation: 'string',
    numCPUs: 'int',
    numCoresPerSocket: 'int',
    memoryMB: 'int',
    deviceChange: 'VirtualDeviceConfigSpec[]',
    extraConfig: 'OptionValue[]',
  },
  OptionValue: { key: '*string', value: 'any' },
  VirtualDeviceConfigSpec: {
    operation: 'VirtualDeviceConfigSpecOperation',
    fileOperation: 'VirtualDeviceConfigSpecFileOperation',
    device: '*VirtualDevice',
  },
  VirtualDisk: { ...device, capacityInKB: '*int', capacityInBytes: 'int' },
  VirtualVmxnet3: ethernetCard,
  VirtualVmxnet2: ethernetCard,
  VirtualVmxnet: ethernetCard,
  VirtualE1000: ethernetCard,
  VirtualE1000e: ethernetCard,
  VirtualPCNet32: ethernetCard,
  VirtualSriovEthernetCard: ethernetCard,
  Description: { label: '*string', summary: '*string' },
  VirtualDeviceConnectInfo: {
    migrateConnect: 'string',
    startConnected: '*boolean',
    allowGuestControl: '*boolean',
    connected: '*boolean',
    status: 'string',
  },
  VirtualEthernetCardNetworkBackingInfo: {
    deviceName: '*string',
    useAutoDetect: 'boolean',
    network: 'ref',
    inPassthroughMode: 'boolean',
  },
  VirtualEthernetCardDistributedVirtualPortBackingInfo: { port: '*DistributedVirtualSwitchPortConnection' },
  DistributedVirtualSwitchPortConnection: {
    switchUuid: '*string',
    portgroupKey: 'string',
    portKey: 'string',
    connectionCookie: 'int',
  },
  VirtualEthernetCardOpaqueNetworkBackingInfo: { opaqueNetworkId: '*string', opaqueNetworkType: '*string' },
  VirtualDiskFlatVer2BackingInfo: {
    fileName: '*string',
    datastore: 'ref',
    diskMode: '*string',
    thinProvisioned: 'boolean',
  },

  CustomizationSpec: {
    options: 'CustomizationOptions',
    identity: '*CustomizationIdentitySettings',
    globalIPSettings: '*CustomizationGlobalIPSettings',
    nicSettingMap: 'CustomizationAdapterMapping[]',
    encryptionKey: 'int[]',
  },
  CustomizationOptions: {},
  CustomizationLinuxOptions: {},
  CustomizationWinOptions: {
    changeSID: '*boolean',
    deleteAccounts: '*boolean',
    reboot: 'CustomizationSysprepRebootOption',
  },
  CustomizationCloudinitPrep: { metadata: '*string', userdata: 'string' },
  CustomizationLinuxPrep: {
    hostName: '*CustomizationName',
    domain: '*string',
    timeZone: 'string',
    hwClockUTC: 'boolean',
    scriptText: 'string',
  },
  CustomizationSysprepText: { value: '*string' },
  CustomizationFixedName: { name: '*string' },
  CustomizationPrefixName: { base: '*string' },
  CustomizationVirtualMachineName: {},
  CustomizationUnknownName: {},
  CustomizationGlobalIPSettings: { dnsSuffixList: 'string[]', dnsServerList: 'string[]' },
  CustomizationAdapterMapping: { macAddress: 'string', adapter: '*CustomizationIPSettings' },
  CustomizationIPSettings: {
    ip: '*CustomizationIpGenerator',
    subnetMask: 'string',
    gateway: 'string[]',
    dnsServerList: 'string[]',
    dnsDomain: 'string',
  },
  CustomizationDhcpIpGenerator: {},
  CustomizationFixedIp: { ipAddress: '*string' },
};

/** Boxes around primitives, by what is in them. */
export const boxes: Readonly<Record<string, 'string' | 'boolean' | 'int' | 'number'>> = {
  string: 'string',
  anyURI: 'string',
  dateTime: 'string',
  base64Binary: 'string',
  boolean: 'boolean',
  byte: 'int',
  short: 'int',
  int: 'int',
  long: 'int',
  float: 'number',
  double: 'number',
};
