import { describe, expect, it } from 'vitest';
import { refusal } from '../../support/vcenter-fixture.ts';
import { startVirtualVcenter, type VirtualReply } from '../../support/virtual-client.ts';

const base = '/api/cis/tagging';
const cardinality = 'cis.tagging.attach.invalidArgument.cardinality.error';
const notThere = 'cis.tagging.objectNotFound.error';

async function start() {
  const stage = await startVirtualVcenter();
  const { call, vcenter } = stage;
  const tag = (category: string, name: string) => vcenter.inventory.tagging.tag(category, name).id;
  const object_id = (id: string, type = 'VirtualMachine') => ({ object_id: { type, id } });
  return {
    ...stage,
    tag,
    attach: (id: string, ...object: Parameters<typeof object_id>) =>
      call('POST', `${base}/tag-association/${encodeURIComponent(id)}?action=attach`, object_id(...object)),
    /** Success, and the ids of the messages. */
    batch: async (...tag_ids: readonly string[]) => {
      const path = `${base}/tag-association?action=attach-multiple-tags-to-object`;
      const { status, body } = await call('POST', path, { ...object_id('vm-42'), tag_ids });
      const result = body as { success: boolean; error_messages?: { id: string }[] };
      return { status, success: result.success, errors: result.error_messages?.map(({ id }) => id) };
    },
    attached: async (id = 'vm-42') =>
      (await call('POST', `${base}/tag-association?action=list-attached-tags`, object_id(id))).body,
  };
}

const outcome = ({ status, body }: VirtualReply) =>
  body === undefined ? String(status) : `${status} ${refusal(body).errorType} ${refusal(body).id}`;

describe('tags', () => {
  it('are found through their categories', async () => {
    const { call } = await start();
    const ids = (await call('GET', `${base}/category`)).body as string[];
    const found: Record<string, unknown> = {};
    for (const id of ids) {
      expect(id).toMatch(/^urn:vmomi:InventoryServiceCategory:[0-9a-f-]{36}:GLOBAL$/);
      const category = (await call('GET', `${base}/category/${encodeURIComponent(id)}`)).body;
      const { name, cardinality, associable_types } = category as Record<string, unknown>;
      const list = await call('POST', `${base}/tag?action=list-tags-for-category`, { category_id: id });
      const tags: unknown[] = [];
      for (const tag of list.body as string[]) {
        expect(tag).toMatch(/^urn:vmomi:InventoryServiceTag:[0-9a-f-]{36}:GLOBAL$/);
        const { body } = await call('GET', `${base}/tag/${encodeURIComponent(tag)}`);
        expect(body).toMatchObject({ id: tag, category_id: id });
        tags.push((body as { name: string }).name);
      }
      found[String(name)] = { cardinality, associable_types, tags };
    }
    expect(found).toEqual({
      environment: { cardinality: 'SINGLE', associable_types: ['VirtualMachine'], tags: ['ci', 'prod'] },
      owner: { cardinality: 'MULTIPLE', associable_types: [], tags: ['team-a', 'team-a/b', 'prod'] },
      'host-only': { cardinality: 'MULTIPLE', associable_types: ['HostSystem'], tags: ['rack-1'] },
    });
    expect((await call('GET', `${base}/tag`)).body).toHaveLength(6);
  });

  it('and categories that are not there answer 404, and what may not be read is not listed', async () => {
    const { vcenter, call, tag } = await start();
    expect(outcome(await call('GET', `${base}/tag/nothing`))).toBe(`404 NOT_FOUND ${notThere}`);
    expect(outcome(await call('GET', `${base}/category/nothing`))).toBe(`404 NOT_FOUND ${notThere}`);
    vcenter.behaviour.deny = [{ privilege: 'System.Read', object: tag('environment', 'ci') }];
    expect((await call('GET', `${base}/tag`)).body).toHaveLength(5);
    const category = vcenter.addTagCategory({ name: 'new', cardinality: 'SINGLE' });
    const { id } = vcenter.addTag({ category: 'new', name: 'a' });
    vcenter.behaviour.deny = [{ privilege: 'System.Read', object: category.id }];
    for (const path of [`tag/${encodeURIComponent(id)}`, `category/${encodeURIComponent(category.id)}`]) {
      expect((await call('GET', `${base}/${path}`)).status).toBe(403);
    }
    expect((await call('GET', `${base}/category`)).body).not.toContain(category.id);
  });
});

describe('attaching', () => {
  it('one tag does nothing the second time', async () => {
    const { tag, attach, attached } = await start();
    const ci = tag('environment', 'ci');
    expect(outcome(await attach(ci, 'vm-42'))).toBe('204');
    expect(outcome(await attach(ci, 'vm-42'))).toBe('204');
    expect(await attached()).toEqual([ci]);
    expect(await attached('vm-43')).toEqual([]);
  });

  it('one tag is refused for its cardinality, its type, or since it is not there', async () => {
    const { tag, attach, attached } = await start();
    const ci = tag('environment', 'ci');
    await attach(ci, 'vm-42');
    expect(outcome(await attach(tag('environment', 'prod'), 'vm-42'))).toBe(
      `400 INVALID_ARGUMENT ${cardinality}`,
    );
    expect(outcome(await attach(tag('host-only', 'rack-1'), 'vm-42'))).toMatch(/^400 INVALID_ARGUMENT /);
    expect(outcome(await attach('nothing', 'vm-42'))).toBe(`404 NOT_FOUND ${notThere}`);
    expect(outcome(await attach(ci, 'vm-999'))).toMatch(/^403 UNAUTHORIZED /);
    expect(outcome(await attach(ci, 'host-9', 'HostSystem'))).toMatch(/^403 UNAUTHORIZED /);
    expect(await attached()).toEqual([ci]);
  });

  it('several tags attaches those that can be, and says which cannot', async () => {
    const { tag, batch, attached } = await start();
    const [ci, prod] = [tag('environment', 'ci'), tag('environment', 'prod')];
    const [teamA, ownerProd] = [tag('owner', 'team-a/b'), tag('owner', 'prod')];
    expect(await batch(ci, teamA)).toEqual({ status: 200, success: true, errors: [] });
    expect(await batch(ci, prod, 'nothing', ownerProd)).toEqual({
      ...{ status: 200, success: false },
      errors: [cardinality, notThere],
    });
    expect(await attached()).toEqual([ci, teamA, ownerProd]);
  });

  it('takes a privilege on the tag and one on the VM', async () => {
    const { vcenter, tag, attach, batch, attached } = await start();
    const ci = tag('environment', 'ci');
    for (const denial of [
      { privilege: 'InventoryService.Tagging.AttachTag', object: ci },
      { privilege: 'InventoryService.Tagging.ObjectAttachable', object: 'group-v22' },
      { privilege: 'System.Read', object: 'vm-42' },
    ]) {
      vcenter.behaviour.deny = [denial];
      expect((await attach(ci, 'vm-42')).status).toBe(403);
      expect((await batch(ci)).status).toBe(403);
    }
    vcenter.behaviour.deny = [];
    expect(await attached()).toEqual([]);
  });
});
