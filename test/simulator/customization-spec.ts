import { boolean, integer, string, strings } from './operation.ts';
import type { Shape } from './shape.ts';

/** Body of `PUT /api/vcenter/vm/{vm}/guest/customization`, after it has passed {@link customizationShape}. */
export interface CustomizationSetSpec {
  readonly name?: string;
  readonly spec?: {
    readonly configuration_spec: {
      readonly linux_config?: object;
      readonly windows_config?: object;
      readonly cloud_config?: {
        readonly type: 'CLOUDINIT';
        readonly cloudinit?: { readonly metadata: string; readonly userdata?: string };
      };
    };
    readonly interfaces: readonly object[];
  };
}

const guest = 'com.vmware.vcenter.guest';

const structure = (
  name: string,
  fields: Readonly<Record<string, Shape>>,
  required: readonly string[] = [],
): Shape => ({ kind: 'structure', name: `${guest}.${name}`, fields, required });

const oneOf = (...values: readonly string[]): Shape => ({ kind: 'enum', values });

const hostname = structure(
  'hostname_generator',
  {
    type: oneOf('FIXED', 'PREFIX', 'VIRTUAL_MACHINE', 'USER_INPUT_REQUIRED'),
    fixed_name: string,
    prefix: string,
  },
  ['type'],
);

const linuxConfig = structure(
  'linux_configuration',
  { hostname, domain: string, time_zone: string, script_text: string },
  ['hostname', 'domain'],
);

const sysprep = structure(
  'windows_sysprep',
  {
    gui_run_once_commands: strings,
    user_data: structure(
      'user_data',
      { computer_name: hostname, full_name: string, organization: string, product_key: string },
      ['computer_name', 'full_name', 'organization', 'product_key'],
    ),
    domain: structure(
      'domain',
      {
        type: oneOf('WORKGROUP', 'DOMAIN'),
        workgroup: string,
        domain: string,
        domain_username: string,
        domain_password: string,
      },
      ['type'],
    ),
    gui_unattended: structure(
      'gui_unattended',
      { auto_logon: boolean, auto_logon_count: integer, password: string, time_zone: integer },
      ['auto_logon', 'auto_logon_count', 'time_zone'],
    ),
  },
  ['user_data', 'gui_unattended'],
);

const windowsConfig = structure('windows_configuration', {
  reboot: oneOf('REBOOT', 'NO_REBOOT', 'SHUTDOWN'),
  sysprep,
  sysprep_xml: string,
});

const cloudConfig = structure(
  'cloud_configuration',
  {
    type: oneOf('CLOUDINIT'),
    cloudinit: structure('cloudinit_configuration', { metadata: string, userdata: string }, ['metadata']),
  },
  ['type'],
);

const addressKind = oneOf('DHCP', 'STATIC', 'USER_INPUT_REQUIRED');

const adapter = structure('IP_settings', {
  ipv4: structure('ipv4', { type: addressKind, ip_address: string, prefix: integer, gateways: strings }, [
    'type',
  ]),
  ipv6: structure(
    'ipv6',
    {
      type: addressKind,
      ipv6: {
        kind: 'list',
        of: structure('ipv6_address', { ip_address: string, prefix: integer }, ['ip_address', 'prefix']),
      },
      gateways: strings,
    },
    ['type'],
  ),
  windows: structure('windows_network_adapter_settings', {
    dns_servers: strings,
    dns_domain: string,
    wins_servers: strings,
    net_BIOS_mode: oneOf('USE_DHCP', 'ENABLE', 'DISABLE'),
  }),
});

export const configurationSpecName = `${guest}.configuration_spec`;

export const customizationShape: Shape = {
  kind: 'structure',
  name: 'com.vmware.vcenter.vm.guest.customization.set_spec',
  fields: {
    name: string,
    spec: structure(
      'customization_spec',
      {
        configuration_spec: structure('configuration_spec', {
          linux_config: linuxConfig,
          windows_config: windowsConfig,
          cloud_config: cloudConfig,
        }),
        global_DNS_settings: structure('global_DNS_settings', {
          dns_suffix_list: strings,
          dns_servers: strings,
        }),
        interfaces: {
          kind: 'list',
          of: structure('adapter_mapping', { mac_address: string, adapter }, ['adapter']),
        },
      },
      ['configuration_spec', 'global_DNS_settings', 'interfaces'],
    ),
  },
};
