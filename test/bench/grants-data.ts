import type { BenchDatabase } from './tools/database.ts'

const people = 10_000
const entitlements = 1000
const otherTenants = 4
const othersGrants = 10_000

/** Fills the tenant with people, entitlements and grants in every state, and a few other tenants with some; then analyses. */
export async function fillGrants(database: BenchDatabase, tenantId: string, grants: number): Promise<void> {
  await database.asOwner(functions)
  await withoutIndexes(database, async () => {
    const sizes = [people, entitlements, grants]
    await database.asOwner('select bench_fill($1::uuid, $2::int, $3::int, $4::int)', [tenantId, ...sizes])
    for (let other = 1; other <= otherTenants; other++) {
      await database.asOwner('select bench_other($1::int, $2::int)', [other, othersGrants])
    }
  })
  await database.asOwner('vacuum analyze')
  await database.asOwner('checkpoint')
}

/** Half the time goes into the indexes when they grow row by row. */
async function withoutIndexes(database: BenchDatabase, work: () => Promise<void>): Promise<void> {
  const indexes = await database.asOwner(`select indexname as name, indexdef as definition from pg_indexes
    where tablename = 'grants' and indexname not in (select conname from pg_constraint)`)
  for (const { name } of indexes) await database.asOwner(`drop index "${name}"`)
  await work()
  for (const { definition } of indexes) await database.asOwner(String(definition))
}

// Of 20 grants, 12 are active (8 of them end in a while), 5 have expired and 3 were revoked. One every 20 seconds.
const functions = `
  create function bench_id(kind text, n int, tenant uuid) returns uuid language sql immutable
  return md5(kind || n || tenant)::uuid;

  create function bench_fill(tenant uuid, people int, entitlements int, grants int) returns void language plpgsql as $$
  begin
    set local session_replication_role = replica;

    insert into identities (tenant_id, id, name, email)
    select tenant, bench_id('identity', n, tenant), 'Person ' || n, 'person' || n || '@bench.example' from generate_series(0, people - 1) n;

    insert into sources (tenant_id, id, name, connector) values (tenant, bench_id('source', 0, tenant), 'AWS', 'aws');

    insert into entitlements (tenant_id, id, source_id, name, resource_type, resource_id, action)
    select tenant, bench_id('entitlement', n, tenant), bench_id('source', 0, tenant), 'ReadOnlyAccess ' || n,
      'aws_account', lpad(n::text, 12, '0'), 'ReadOnlyAccess' from generate_series(0, entitlements - 1) n;

    insert into grants (tenant_id, id, grantee_id, entitlement_id, resource_type, resource_id, action, state, starts_at,
      granted_at, expires_at, revoked_at, revoke, extension_limit, metadata, timeline, created_at, updated_at)
    select tenant, uuidv7(at - now()), bench_id('identity', n % people, tenant), bench_id('entitlement', n % entitlements, tenant),
      'aws_account', lpad((n % entitlements)::text, 12, '0'), 'ReadOnlyAccess', state, at,
      at, case state when 'active' then case when n % 20 < 8 then now() + interval '90 days' end else at + interval '8 hours' end,
      case state when 'revoked' then at + interval '1 hour' end,
      case state when 'revoked' then jsonb_build_object('reason', 'manual', 'comment', null, 'actor', actor) end, 2,
      jsonb_build_object('ticket', 'OPS-' || n),
      jsonb_build_array(
        jsonb_build_object('event', 'created', 'at', wire_time(at), 'actor', actor, 'detail', 'On call this week'),
        jsonb_build_object('event', 'activated', 'at', wire_time(at), 'actor', actor)),
      at, at
    from generate_series(0, grants - 1) n,
      lateral (select date_trunc('milliseconds', now()) - (grants - n) * interval '20 seconds' as at,
        case when n % 20 < 12 then 'active' when n % 20 < 17 then 'expired' else 'revoked' end as state,
        jsonb_build_object('type', 'api_key', 'id', bench_id('key', 0, tenant)) as actor);
  end $$;

  create function bench_other(other int, grants int) returns void language plpgsql as $$
  declare
    tenant uuid := bench_id('tenant', other, '00000000-0000-0000-0000-000000000000');
  begin
    insert into tenants (id, slug, name) values (tenant, 'other-' || other, 'Other ' || other);
    perform bench_fill(tenant, 100, 20, grants);
  end $$`
