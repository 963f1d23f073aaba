import { parseArgs } from 'node:util';
import { defaultCustomization } from './customization.ts';
import { defaultAddresses } from './guest.ts';
import type { Exchange } from './http-log.ts';
import { startVcenter, type Vcenter, type VcenterOptions } from './vcenter.ts';

const usage = `A vCenter simulator to point a workflow at. Ctrl+C ends it.

  --port N             port to listen on (default: 8443, or the next free one)
  --host ADDRESS       address to listen on (default: 127.0.0.1)
  --clone-seconds S    how long a clone takes (default: 8)
  --address-seconds S  how long after power-on the guest reports an address (default: 4)
  --ca-file FILE       where the CA certificate is written (default: a temporary file)
  --two-datacenters    a second datacenter in which the names of the first one appear again
`;

const firstPort = 8443;
const portsTried = 50;

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    host: { type: 'string' },
    'clone-seconds': { type: 'string', default: '8' },
    'address-seconds': { type: 'string', default: '4' },
    'ca-file': { type: 'string' },
    'two-datacenters': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (values.help) {
  process.stdout.write(usage);
} else {
  await run();
}

async function run(): Promise<void> {
  const addressAfter = milliseconds('address-seconds');
  const vcenter = await startOnFreePort({
    ...(values.host !== undefined && { host: values.host }),
    ...(values['ca-file'] !== undefined && { caFile: values['ca-file'] }),
    seed: values['two-datacenters'] ? 'two-datacenters' : 'default',
    behaviour: {
      cloneDuration: milliseconds('clone-seconds'),
      powerOnTakes: 500,
      powerOffTakes: 500,
      deleteTakes: 500,
      shutdownTakes: 2000,
      toolsAfter: addressAfter / 2,
      addresses: (vm) => defaultAddresses(vm, addressAfter),
      customization: (vm) => defaultCustomization(vm, addressAfter),
    },
  });
  process.stdout.write(welcome(vcenter));
  vcenter.watch((exchange, moment) => {
    if (moment === 'answered') process.stdout.write(`${logLine(exchange)}\n`);
  });
  process.once('SIGINT', () => stop(vcenter));
  process.once('SIGTERM', () => stop(vcenter));
}

function stop(vcenter: Vcenter): void {
  const { open, unknown } = vcenter.sessions();
  process.stdout.write(
    `\nStopped. ${open + unknown} sessions were open, ${vcenter.exchanges.length} requests seen.\n`,
  );
  void vcenter.close();
}

function milliseconds(option: 'clone-seconds' | 'address-seconds'): number {
  const seconds = Number(values[option]);
  if (!Number.isFinite(seconds) || seconds < 0) throw new Error(`--${option}: not a number of seconds`);
  return seconds * 1000;
}

async function startOnFreePort(options: VcenterOptions): Promise<Vcenter> {
  if (values.port !== undefined) return startVcenter({ ...options, port: Number(values.port) });
  for (let port = firstPort; port < firstPort + portsTried; port += 1) {
    try {
      return await startVcenter({ ...options, port });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    }
  }
  throw new Error(`No free port from ${firstPort} on; choose one with --port.`);
}

function welcome(vcenter: Vcenter): string {
  return `vCenter simulator at https://${vcenter.server}

  user name    ${vcenter.username}
  password     ${vcenter.password}
  CA file      ${vcenter.caFile}
  fingerprint  ${vcenter.fingerprint}

${inventoryTable(vcenter)}
A step for a workflow on this machine:

      - uses: OWNER/vcenter-clone-vm@v1
        with:
          vcenter-server: ${vcenter.server}
          username: ${vcenter.username}
          password: '${vcenter.password.replaceAll("'", "''")}'
          ca-certificate: ${vcenter.caFile}
          source: ubuntu-24.04
          datacenter: DC1
          folder: ci/pull-requests
          resource-pool: ci-pool
          wait-for-ip: true

`;
}

function inventoryTable({ inventory }: Vcenter): string {
  const path = (folder: string): string => {
    const record = inventory.folders.get(folder);
    if (!record || record.parent === undefined) {
      const datacenter = inventory.datacenters.get(record?.datacenter ?? '');
      return datacenter ? `/${datacenter.name}/${record?.name}` : '';
    }
    return `${path(record.parent)}/${record.name}`;
  };
  const rows = [
    ...[...inventory.datacenters.values()].map((item) => ['datacenter', item.id, `/${item.name}`]),
    ...[...inventory.folders.values()]
      .filter((item) => item.type === 'VIRTUAL_MACHINE')
      .map((item) => ['folder', item.id, path(item.id)]),
    ...[...inventory.clusters.values()].map((item) => [
      'cluster',
      item.id,
      `${item.name}${item.drsEnabled ? '' : ' (without DRS: needs a host)'}`,
    ]),
    ...[...inventory.hosts.values()].map((item) => ['host', item.id, item.name]),
    ...[...inventory.resourcePools.values()].map((item) => ['resource pool', item.id, item.name]),
    ...[...inventory.datastores.values()].map((item) => ['datastore', item.id, item.name]),
    ...[...inventory.networks.values()].map((item) => ['network', item.id, item.name]),
    ...[...inventory.customizationSpecs.values()].map((item) => ['customization', '', item.name]),
    ...[...inventory.tagging.tags.values()].map((item) => [
      'tag',
      '',
      `${inventory.tagging.categories.get(item.category)?.name}/${item.name}`,
    ]),
    ...[...inventory.vms.values()].map((item) => [
      item.template ? 'template' : 'VM',
      item.id,
      `${path(item.folder)}/${item.name}${item.template ? ' (invisible to REST)' : ''}`,
    ]),
  ];
  return rows
    .map(([kind = '', id = '', name = '']) => `  ${kind.padEnd(14)} ${id.padEnd(15)} ${name}\n`)
    .join('');
}

function logLine(exchange: Exchange): string {
  const { method, path, query, status, receivedAt, answeredAt = receivedAt } = exchange;
  const parameters = Object.entries(query).flatMap(([name, items]) => items.map((item) => `${name}=${item}`));
  const search = parameters.length > 0 ? `?${parameters.join('&')}` : '';
  const took = `${Math.round(answeredAt - receivedAt)} ms`.padStart(8);
  return `${new Date().toISOString().slice(11, 23)}  ${status}${took}  ${method.padEnd(6)} ${path}${search}`;
}
