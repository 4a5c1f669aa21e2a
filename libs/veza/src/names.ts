/** Veza's names of the domain's fields, where they differ. */
const names: ReadonlyMap<string, string> = new Map(
  Object.entries({
    type_id: 'profile_type',
    catalog_item: 'catalog_item_info',
    entitlements: 'entities_to_create_relationships_to',
    entitlement_id: 'entity_id',
    inherits: 'inherit_entities_from_access_profiles',
  }),
)

/** `entitlements.3.entitlement_id` as Veza says it. */
export function vezaPath(path: string): string {
  return path
    .split('.')
    .map((part) => names.get(part) ?? part)
    .join('.')
}
