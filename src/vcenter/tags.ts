import { isRecord } from '../text/json.ts';
import type { Limits, Session } from './session.ts';
import { localizableText } from './transport/error-body.ts';
import { unreadable } from './transport/unreadable.ts';

const ATTACH = 'POST /api/cis/tagging/tag-association?action=attach-multiple-tags-to-object';

/** vCenter attached some of the tags, or none, and said so in a response of success. */
export class TagsNotAttached extends Error {
  override readonly name = 'TagsNotAttached';

  constructor({ vm, messages }: { readonly vm: string; readonly messages: readonly string[] }) {
    const words = messages.length === 0 ? 'No reason was given.' : messages.join(' ');
    super(`Not all tags could be attached to ${vm}. vCenter: ${words}`);
  }
}

/**
 * Attaches tags to a VM, by their ids, in one request: POST
 * /api/cis/tagging/tag-association?action=attach-multiple-tags-to-object. Safe to send again.
 *
 * @throws TagsNotAttached where the response, a 200 all the same, says that one of them was not attached; VcenterError.
 */
export async function attachTags(
  session: Session,
  { vm, tags }: { readonly vm: string; readonly tags: readonly string[] },
  limits: Limits,
): Promise<void> {
  const { body } = await session.request(
    {
      operation: ATTACH,
      body: { object_id: { type: 'VirtualMachine', id: vm }, tag_ids: tags },
      expects: 'json',
      retry: 'always',
    },
    limits,
  );
  if (!isRecord(body) || typeof body['success'] !== 'boolean') {
    throw unreadable(session, ATTACH, 'a BatchResult');
  }
  if (!body['success']) {
    const entries = Array.isArray(body['error_messages']) ? body['error_messages'] : [];
    const messages = entries.filter(isRecord).map((entry) => localizableText(entry) || String(entry['id']));
    throw new TagsNotAttached({ vm, messages });
  }
}
