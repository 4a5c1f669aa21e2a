import type { CreateApiKey, CreatedApiKey } from '#directory'
import type { Actor } from '#kernel'
import { maskedFields } from '../update-mask.ts'
import type { CreateKey, Key, UpdateKey } from './keys.dto.ts'

/** A personal key: it stands for whom its maker stands for, with all that its maker may do. */
export function newKey({ identityId }: Actor, { name }: CreateKey): CreateApiKey {
  return { name, identity_id: identityId }
}

/** The only field that a PATCH writes. @throws DomainError `invalid_parameter` for a mask that names another */
export function newName(body: UpdateKey, updateMask: string | undefined): string {
  const { name = body.name } = maskedFields<CreateKey>(body, updateMask, { name: undefined })
  return name
}

/** The key in its view, with what proves it. */
export async function shownOnce(created: Promise<CreatedApiKey>, view: (id: string) => Promise<Key>): Promise<Key> {
  const { id, key } = await created
  return { ...(await view(id)), access_key: key }
}
