import { expect, it } from 'vitest';
import { checkExchanges } from '../contract/vsphere-spec.ts';
import { runStep } from '../runner/step.ts';
import { cloned, failed } from './clone-run.ts';
import { CLONE, setStage } from './stage.ts';
import { verdict } from './verdict.ts';

/** Every scenario's exchanges are checked when its stage closes; these runs send every kind of request that there is. */
it("sends only what VMware's description of the API has", async () => {
  const stage = await setStage({ behaviour: { toolsAfter: 0, shutdownTakes: 20 } });
  const { vcenter } = stage;
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
  const { main } = await cloned(stage, { ...names, name: 'copy', 'wait-for-ip': 'true' });
  const teardown = await runStep({
    action: 'teardown',
    inputs: { ...stage.connection, 'vm-name': 'copy', folder: 'ci/pull-requests', 'shutdown-timeout': '30s' },
    timeScale: 10,
  });
  expect(teardown.outputs).toEqual({ 'vm-id': main.outputs['vm-id'], 'vm-name': 'copy', deleted: 'true' });
  expect(verdict({ stage, steps: [teardown] })).toEqual([]);

  const operations = new Set(vcenter.calls());
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
      "GET /api/vcenter/vm/{vm}/guest/networking/interfaces",
      "GET /api/vcenter/vm/{vm}/power",
      "POST /api/cis/tasks?action=list",
      "POST /api/session",
      "POST /api/vcenter/vm/{vm}/guest/power?action=shutdown",
      "POST /api/vcenter/vm?action=clone&vmw-task=true",
    ]
  `);
  expect(operations).not.toContain('unknown');

  const [clone] = vcenter.exchanges.filter(({ operation }) => operation === CLONE);
  const isChecked = process.env['VSPHERE_API_SPEC'] !== undefined;
  expect(checkExchanges(vcenter.exchanges)).toEqual([]);
  const bent = clone === undefined ? [] : [{ ...clone, requestBody: { source: 'vm-42' } }];
  expect(checkExchanges(bent)).toHaveLength(isChecked ? 1 : 0);
  console.log(
    isChecked
      ? `contract: ${vcenter.exchanges.length} exchanges of ${operations.size} operations are as VMware describes them`
      : `contract: VSPHERE_API_SPEC is not set, so ${vcenter.exchanges.length} exchanges were not checked`,
  );
});
