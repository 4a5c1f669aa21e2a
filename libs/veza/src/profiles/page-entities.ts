import type { JsonText, PageText } from '#platform'
import { values } from '../paging.ts'
import type { EntityView, ProfileView } from './answers.dto.ts'

/** The page with the entities of its profiles beside `values`, each once. */
export async function withEntities(text: Promise<PageText>): Promise<JsonText> {
  const page = await text
  const profiles = JSON.parse(`[${page.rows}]`) as ProfileView[]
  const entities = new Map<string, EntityView>()
  for (const { current_version } of profiles) {
    for (const entity of current_version?.entities_to_create_relationships_to ?? []) {
      const key = JSON.stringify([entity.entity_type, entity.datasource_id, entity.entity_id])
      if (!entities.has(key)) entities.set(key, entity)
    }
  }
  return values(text, `,"entities_to_create_relationships_to":${JSON.stringify([...entities.values()])}`)
}
