import type { BenchDatabase } from './tools/database.ts'

const sources = 20
const entitlements = 2000

/** Fills the tenant with access profiles on several sources, each with what its answer is made of. Gives a source's id. */
export async function fillProfiles(database: BenchDatabase, tenantId: string, profiles: number): Promise<string> {
  await database.asOwner(functions)
  await database.asOwner('select profiles_fill($1::uuid, $2::int, $3::int, $4::int)', [
    tenantId,
    sources,
    entitlements,
    profiles,
  ])
  await database.asOwner('vacuum analyze')
  await database.asOwner('checkpoint')
  const [row] = await database.asOwner(`select profiles_id('source', 7, $1)::text as id`, [tenantId])
  return String(row?.['id'])
}

// Half of the names begin with kubernetes/sig-, the others with kubernetes/wg-. One was changed every 30 seconds.
const functions = `
  create function profiles_id(kind text, n int, tenant uuid) returns uuid language sql immutable
  return md5(kind || n || tenant)::uuid;

  create function profiles_fill(tenant uuid, sources int, entitlements int, profiles int) returns void language plpgsql as $$
  begin
    set local session_replication_role = replica;

    insert into identities (tenant_id, id, name) select tenant, profiles_id('identity', n, tenant), 'Owner ' || n
    from generate_series(0, 99) n;
    insert into groups (tenant_id, id, name) values (tenant, profiles_id('group', 0, tenant), 'Reviewers');
    insert into segments (tenant_id, id, name) select tenant, profiles_id('segment', n, tenant), 'Segment ' || n
    from generate_series(0, 9) n;
    insert into sources (tenant_id, id, name, connector)
    select tenant, profiles_id('source', n, tenant), 'GitHub ' || n, 'github' from generate_series(0, sources - 1) n;
    insert into entitlements (tenant_id, id, source_id, name, attribute, value)
    select tenant, profiles_id('entitlement', n, tenant), profiles_id('source', n % sources, tenant), 'repo ' || n, 'repo', 'repo ' || n
    from generate_series(0, entitlements - 1) n;

    insert into access_profiles (tenant_id, id, name, description, owner_id, source_id, state, requestable, request_config,
      created_by, published_version, created_at, updated_at)
    select tenant, profiles_id('profile', n, tenant), case when n / sources % 2 = 0 then 'kubernetes/sig-' else 'kubernetes/wg-' end || n,
      'What the team ' || n || ' needs', profiles_id('identity', n % 100, tenant), profiles_id('source', n % sources, tenant), 'running', true,
      jsonb_build_object('comments_required', true, 'denial_comments_required', false, 'reauthorization_required', null,
        'require_end_date', null, 'max_duration', null, 'form_definition_id', null, 'approval_schemes', jsonb_build_array(
          jsonb_build_object('approver_type', 'MANAGER', 'approver_id', null),
          jsonb_build_object('approver_type', 'GOVERNANCE_GROUP', 'approver_id', profiles_id('group', 0, tenant)))),
      'bench', 1, at, at
    from generate_series(0, profiles - 1) n,
      lateral (select date_trunc('milliseconds', now()) - (profiles - n) * interval '30 seconds' as at) t;
    insert into access_profile_versions (tenant_id, profile_id, number, state, created_by, published_by, published_at)
    select tenant, profiles_id('profile', n, tenant), 1, 'published', 'bench', 'bench', now() from generate_series(0, profiles - 1) n;
    insert into access_profile_entitlements (tenant_id, profile_id, number, entitlement_id, position)
    select tenant, profiles_id('profile', n, tenant), 1, profiles_id('entitlement', (n + p * sources) % entitlements, tenant), p
    from generate_series(0, profiles - 1) n, generate_series(0, 2) p;
    insert into access_profile_segments (tenant_id, profile_id, segment_id, position)
    select tenant, profiles_id('profile', n, tenant), profiles_id('segment', n % 10, tenant), 0 from generate_series(0, profiles - 1) n;
  end $$`
