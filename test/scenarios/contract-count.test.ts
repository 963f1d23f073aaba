import { expect, it } from 'vitest';
import { checkExchanges } from '../contract/vsphere-spec.ts';
import type { Behaviour } from '../simulator/vcenter.ts';
import { CLONE, setVirtualStage } from '../support/stage.ts';
import { cloned, failed } from '../support/steps.ts';
import { verdict } from '../support/verdict.ts';

/** So that every request has a reason: vCenter does not power the clone on, the guest has two addresses, and stays up. */
const behaviour: Partial<Behaviour> = {
  powerOnAfter: Number.POSITIVE_INFINITY,
  toolsAfter: 5_000,
  shutdownTakes: 'ignored',
  addresses: [
    {
      after: 0,
      interfaces: [
        {
          nic: '4000',
          ip: {
            ip_addresses: ['10.20.0.7', '10.20.0.8'].map((ip) => ({
              ip_address: ip,
              prefix_length: 24,
              state: 'PREFERRED',
            })),
          },
        },
      ],
    },
  ],
};

/** Every scenario's exchanges are checked when its stage closes; these runs send every kind of request that there is. */
it("sends only what VMware's description of the API has", async () => {
  const stage = setVirtualStage({ behaviour });
  const { vcenter, runner } = stage;
  const names = {
    source: '/DC1/vm/ci/base/ubuntu-24.04',
    datacenter: 'DC1',
    folder: 'ci/pull-requests',
    'resource-pool': 'ci-pool',
    cluster: 'cluster-a',
    host: 'esxi-01.example.test',
    datastore: 'fast',
    'disks-to-remove': 'Hard disk 2',
    'disks-to-update': 'Hard disk 1: bulk',
    'guest-customization-spec': 'linux-dhcp',
  };
  await failed(stage, { ...names, name: 'ubuntu', datastore: 'fats', 'validate-only': 'true' });
  await cloned(stage, { ...names, 'validate-only': 'true' });
  const ids = {
    'resource-pool': 'resgroup-31',
    cluster: 'domain-c7',
    host: 'host-9',
    datastore: 'datastore-15',
  };
  await cloned(stage, { ...ids, 'validate-only': 'true' });

  vcenter.fault({ operation: CLONE, kind: 'reset-after' });
  const { main } = await cloned(stage, { ...names, 'wait-for-ip': 'true' });
  const { 'vm-id': id = '', 'vm-name': name = '' } = main.outputs;
  const teardown = await runner.runStep({
    action: 'teardown',
    inputs: { ...stage.connection, 'vm-name': name, folder: 'ci/pull-requests', 'shutdown-timeout': '30s' },
  });
  expect(teardown.outputs).toEqual({ 'vm-id': id, 'vm-name': name, deleted: 'true' });
  expect(verdict({ stage, steps: [teardown] })).toEqual([]);

  const slow = setVirtualStage({ behaviour: { cloneDuration: 120_000 } });
  await failed(slow, { timeout: '1m' });

  const exchanges = [...vcenter.exchanges, ...slow.vcenter.exchanges];
  const operations = new Set(exchanges.map(({ operation }) => operation));
  expect([...operations].sort()).toMatchInlineSnapshot(`
    [
      "DELETE /api/session",
      "DELETE /api/vcenter/vm/{vm}",
      "GET /api/cis/tasks/{task}",
      "GET /api/vcenter/cluster",
      "GET /api/vcenter/datacenter",
      "GET /api/vcenter/datacenter/{datacenter}",
      "GET /api/vcenter/datastore",
      "GET /api/vcenter/folder",
      "GET /api/vcenter/guest/customization-specs",
      "GET /api/vcenter/host",
      "GET /api/vcenter/resource-pool",
      "GET /api/vcenter/vm",
      "GET /api/vcenter/vm/{vm}",
      "GET /api/vcenter/vm/{vm}/guest/customization",
      "GET /api/vcenter/vm/{vm}/guest/identity",
      "GET /api/vcenter/vm/{vm}/guest/networking/interfaces",
      "GET /api/vcenter/vm/{vm}/power",
      "POST /api/cis/tasks/{task}?action=cancel",
      "POST /api/cis/tasks?action=list",
      "POST /api/session",
      "POST /api/vcenter/vm/{vm}/guest/power?action=shutdown",
      "POST /api/vcenter/vm/{vm}/power?action=start",
      "POST /api/vcenter/vm/{vm}/power?action=stop",
      "POST /api/vcenter/vm?action=clone&vmw-task=true",
    ]
  `);
  expect(operations).not.toContain('unknown');

  const [clone] = exchanges.filter(({ operation }) => operation === CLONE);
  const isChecked = process.env['VSPHERE_API_SPEC'] !== undefined;
  expect(checkExchanges(exchanges)).toEqual([]);
  const bent = clone === undefined ? [] : [{ ...clone, requestBody: { source: 'vm-42' } }];
  expect(checkExchanges(bent)).toHaveLength(isChecked ? 1 : 0);
  console.log(
    isChecked
      ? `contract: ${exchanges.length} exchanges of ${operations.size} operations are as VMware describes them`
      : `contract: VSPHERE_API_SPEC is not set, so ${exchanges.length} exchanges were not checked`,
  );
});
