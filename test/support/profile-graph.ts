import type { Access } from './access.ts'
import type { World } from './world.ts'

/* Graphs of access profiles that would take long to make through the API. */

export const profileId = (layer: number, n: number): string => idOf(1, layer, n)
export const entitlementId = (layer: number, n: number): string => idOf(2, layer, n)

const idOf = (kind: number, layer: number, n: number): string =>
  `019a0000-0000-7000-800${kind}-${String(layer).padStart(4, '0')}${String(n).padStart(8, '0')}`

/** Layers `first` to `last` of `each` profiles with an entitlement each; `parents` has, as (k, n2), those of the next layer. */
export async function fillLayers(
  world: World,
  access: Access,
  { first, last, each, parents }: { first: number; last: number; each: number; parents: string },
): Promise<void> {
  const { id: tenant } = world.acme
  const source = await access.source()
  const id = (kind: number, layer: string, n: string): string =>
    `('019a0000-0000-7000-800${kind}-' || lpad((${layer})::text, 4, '0') || lpad((${n})::text, 8, '0'))::uuid`
  const [profile, entitlement] = [id(1, 'l', 'n'), id(2, 'l', 'n')]
  const all = `generate_series(${first}, ${last}) l, generate_series(0, ${each - 1}) n`
  for (const [table, columns, values] of [
    ['entitlements', 'id, source_id, name, action', `${entitlement}, '${source}', l || ', ' || n, 'use' from ${all}`],
    [
      'access_profiles',
      'id, name, state, created_by, published_version',
      `${profile}, 'layer ' || l || ', ' || n, 'running', 'test', 1 from ${all}`,
    ],
    [
      'access_profile_versions',
      'profile_id, number, state, created_by',
      `${profile}, 1, 'published', 'test' from ${all}`,
    ],
    [
      'access_profile_entitlements',
      'profile_id, number, entitlement_id, position',
      `${profile}, 1, ${entitlement}, 0 from ${all}`,
    ],
    [
      'access_profile_parents',
      'profile_id, number, parent_id, position',
      `${profile}, 1, ${id(1, 'l + 1', 'p.n2')}, p.k from ${all}, lateral (${parents}) p where l < ${last}`,
    ],
  ])
    await world.asOwner(`insert into ${table} (tenant_id, ${columns}) select '${tenant}', ${values}`)
}
