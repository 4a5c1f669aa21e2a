-- What SailPoint's clients keep of sources, entitlements and personal access tokens, and the tasks that they ask about.
alter table sources
  add column type text,
  add column features text[] default array[]::text[],
  add column authoritative boolean not null default false,
  add column extensions jsonb not null default '{}';

alter table entitlements
  add column type text,
  add column owner_id uuid,
  add column requestable boolean not null default false,
  add column request_config jsonb,
  add column revocation_config jsonb,
  add column segment_ids uuid[] default array[]::uuid[],
  add column extensions jsonb not null default '{}';
alter table entitlements add constraint entitlements_owner foreign key (tenant_id, owner_id) references identities (tenant_id, id);
create index entitlements_tenant_id_owner_id_idx on entitlements (tenant_id, owner_id);

alter table oauth_clients add column token_lifetime_seconds integer, add column scope_names text[];

create table entitlement_segments (
  tenant_id uuid not null default app_tenant(),
  segment_id uuid not null,
  entitlement_id uuid not null,
  constraint entitlement_segments_pkey primary key (tenant_id, entitlement_id, segment_id),
  constraint entitlement_segments_segment foreign key (tenant_id, segment_id) references segments (tenant_id, id),
  constraint entitlement_segments_entitlement foreign key (tenant_id, entitlement_id)
    references entitlements (tenant_id, id) on delete cascade
);
create index entitlement_segments_tenant_id_segment_id_idx on entitlement_segments (tenant_id, segment_id);

create table entitlement_approvers (
  tenant_id uuid not null default app_tenant(),
  group_id uuid not null,
  entitlement_id uuid not null,
  constraint entitlement_approvers_pkey primary key (tenant_id, entitlement_id, group_id),
  constraint entitlement_approvers_group foreign key (tenant_id, group_id) references groups (tenant_id, id),
  constraint entitlement_approvers_entitlement foreign key (tenant_id, entitlement_id)
    references entitlements (tenant_id, id) on delete cascade
);
create index entitlement_approvers_tenant_id_group_id_idx on entitlement_approvers (tenant_id, group_id);

-- A segment or a group that an entitlement names cannot be deleted: the names stand as rows with foreign keys beside it.
create function name_entitlement_segments() returns trigger
language plpgsql
as $$
begin
  delete from entitlement_segments where tenant_id = new.tenant_id and entitlement_id = new.id;
  insert into entitlement_segments (tenant_id, segment_id, entitlement_id)
  select distinct new.tenant_id, segment_id, new.id from unnest(new.segment_ids) segment_id;
  return null;
end
$$;

create function name_entitlement_approvers() returns trigger
language plpgsql
as $$
begin
  delete from entitlement_approvers where tenant_id = new.tenant_id and entitlement_id = new.id;
  insert into entitlement_approvers (tenant_id, group_id, entitlement_id)
  select distinct new.tenant_id, (step ->> 'approver_id')::uuid, new.id
  from jsonb_path_query(jsonb_build_array(new.request_config, new.revocation_config), '$[*].approval_schemes[*]') step
  where step ->> 'approver_type' = 'GOVERNANCE_GROUP' and step ->> 'approver_id' is not null;
  return null;
end
$$;

create trigger segments_of_new after insert on entitlements for each row
  when (new.segment_ids <> array[]::uuid[]) execute function name_entitlement_segments();
create trigger segments_of_changed after update of segment_ids on entitlements for each row
  when (new.segment_ids is distinct from old.segment_ids) execute function name_entitlement_segments();
create trigger approvers_of_new after insert on entitlements for each row
  when (new.request_config is not null or new.revocation_config is not null) execute function name_entitlement_approvers();
create trigger approvers_of_changed after update of request_config, revocation_config on entitlements for each row
  when (new.request_config is distinct from old.request_config or new.revocation_config is distinct from old.revocation_config)
  execute function name_entitlement_approvers();

-- What SailPoint's clients look people and entitlements up by; see the migration of filters. What is longer than a name is cut.
alter table identities
  add column alias_key text collate "C" generated always as (fold(left(coalesce(attributes ->> 'uid', external_id, name), 512))) stored,
  add column first_name_key text collate "C" generated always as (fold(left(attributes ->> 'firstname', 512))) stored,
  add column last_name_key text collate "C" generated always as (fold(left(attributes ->> 'lastname', 512))) stored;
create index identities_tenant_id_alias_key_id_idx on identities (tenant_id, alias_key, id);
create index identities_tenant_id_first_name_key_idx on identities (tenant_id, first_name_key);
create index identities_tenant_id_last_name_key_idx on identities (tenant_id, last_name_key);

alter table entitlements
  add column value_key text collate "C" generated always as (fold(left(value, 512))) stored,
  add column attribute_key text collate "C" generated always as (fold(attribute)) stored;
create index entitlements_tenant_id_value_key_id_idx on entitlements (tenant_id, value_key, id);
create index entitlements_tenant_id_attribute_key_id_idx on entitlements (tenant_id, attribute_key, id);
create index entitlements_tenant_id_type_id_idx on entitlements (tenant_id, type, id);

create table tasks (
  tenant_id uuid not null default app_tenant(),
  id uuid not null,
  name text not null,
  description text not null,
  created_by text not null,
  target_type text,
  target_id uuid,
  target_name text,
  state text not null,
  result jsonb not null default '{}',
  created_at timestamptz(3) not null default app_now(),
  completed_at timestamptz(3) default app_now(),
  constraint tasks_pkey primary key (tenant_id, id),
  constraint tasks_state check (state in ('running', 'succeeded', 'failed'))
);
create index tasks_tenant_id_created_at_id_idx on tasks (tenant_id, created_at, id);
