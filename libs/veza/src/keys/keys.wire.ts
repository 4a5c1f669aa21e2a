import type { CreateApiKey, CreatedApiKey } from '#directory'
import type { Actor } from '#kernel'
import type { CreateKey, Key } from './keys.dto.ts'

/** A personal key: it stands for whom its maker stands for, with all that its maker may do. */
export function newKey({ identityId }: Actor, { name }: CreateKey): CreateApiKey {
  return { name, identity_id: identityId }
}

/** The key in its view, with what proves it. */
export async function shownOnce(created: Promise<CreatedApiKey>, view: (id: string) => Promise<Key>): Promise<Key> {
  const { id, key } = await created
  return { ...(await view(id)), access_key: key }
}
