create table "access_profile_types" (
    "tenant_id" uuid not null default app_tenant(),
    "id" uuid not null,
    "name" text not null,
    "description" text,
    "allow_create_relationships" boolean not null default true,
    "allow_inherit_entities" boolean not null default true,
    "allow_inherited_from_types" uuid[] default array[]::uuid[],
    "require_single_datasource" boolean not null default false,
    "require_single_integration" boolean not null default false,
    "add_integration_prefix_to_access_profile_names" boolean not null default false,
    "max_entitlements" integer,
    "no_entitlements" boolean not null default false,
    "create_entitlement_based_on_profile" boolean not null default false,
    "create_entitlements" jsonb not null default '[]',
    "on_create_behavior" text,
    "instructions" text,
    "time_before_sync_check_in_seconds" integer not null default 0,
    "access_request_policy_id" uuid,
    "allow_overwrite_of_access_request_policy" boolean not null default true,
    "remove_entitlement_on_member_upon_update" boolean not null default true,
    "built_in" boolean not null default false,
    "created_by" text not null,
    "version" integer not null default 1,
    "created_at" timestamptz(3) not null default app_now(),
    "updated_at" timestamptz(3) not null default app_now(),

    constraint "access_profile_types_pkey" primary key ("tenant_id", "id")
);

create index "access_profile_types_tenant_id_created_at_id_idx" on "access_profile_types" ("tenant_id", "created_at", "id");
create index "access_profile_types_tenant_id_name_id_idx" on "access_profile_types" ("tenant_id", "name", "id");

alter table "access_profiles" add constraint "access_profiles_type" foreign key ("tenant_id", "type_id")
  references "access_profile_types" ("tenant_id", "id") on delete no action on update no action;

-- What Prisma cannot say.

create unique index access_profile_types_name on access_profile_types (tenant_id, lower(name));
alter table access_profile_types add constraint access_profile_types_on_create
  check (on_create_behavior in ('draft', 'published', 'running'));

-- The types that every tenant has, under the same ids in each: what a tenant keeps is found by tenant and id.
create function add_built_in_access_profile_types(tenant uuid) returns void
language plpgsql
as $$
declare
  before text := current_setting('app.tenant_id', true);
begin
  perform set_config('app.tenant_id', tenant::text, true);
  insert into access_profile_types
    (id, name, description, allow_create_relationships, allow_inherit_entities, built_in, created_by)
  values
    ('00000000-0000-7000-8000-000000000a01', 'Profile', 'Gives entitlements', true, false, true, 'system'),
    ('00000000-0000-7000-8000-000000000a02', 'Business Role', 'Gives what other profiles give', false, true, true, 'system');
  perform set_config('app.tenant_id', coalesce(before, ''), true);
end
$$;

create function equip_tenant() returns trigger
language plpgsql
as $$
begin
  perform add_built_in_access_profile_types(new.id);
  return null;
end
$$;

create trigger equip after insert on tenants for each row execute function equip_tenant();

do $existing$
declare
  tenant uuid;
begin
  perform set_config('app.tenant_id', '00000000-0000-0000-0000-000000000000', true);
  for tenant in select id from tenants loop
    perform add_built_in_access_profile_types(tenant);
  end loop;
  perform set_config('app.tenant_id', '', true);
end
$existing$;
