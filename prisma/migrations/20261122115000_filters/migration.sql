-- Text without regard to case: lower case by Unicode's rules, whatever the database's own locale, and one small sigma for
-- both, so that a prefix folds alike wherever the word ends. libs/filter/src/fold.ts says the same.
create function fold(value text) returns text
language sql immutable strict parallel safe
as $$ select translate(lower(value collate "und-x-icu"), 'ς', 'σ') $$;

-- Names as they are compared and sorted. Stored, because row-level security keeps every condition that calls a function
-- which is not leakproof, as `fold(name) = …` does, away from the indexes. By code point, so that a prefix is a range.
alter table identities add column name_key text collate "C" generated always as (fold(name)) stored;
alter table groups add column name_key text collate "C" generated always as (fold(name)) stored;
alter table sources add column name_key text collate "C" generated always as (fold(name)) stored;
alter table entitlements add column name_key text collate "C" generated always as (fold(name)) stored;
alter table segments add column name_key text collate "C" generated always as (fold(name)) stored;
alter table identities add column email_key text collate "C" generated always as (fold(email)) stored;

create index identities_tenant_id_name_key_id_idx on identities (tenant_id, name_key, id);
create index identities_tenant_id_updated_at_id_idx on identities (tenant_id, updated_at, id);
create index groups_tenant_id_name_key_id_idx on groups (tenant_id, name_key, id);
create index groups_tenant_id_updated_at_id_idx on groups (tenant_id, updated_at, id);
create index sources_tenant_id_name_key_id_idx on sources (tenant_id, name_key, id);
create index sources_tenant_id_updated_at_id_idx on sources (tenant_id, updated_at, id);
create index entitlements_tenant_id_name_key_id_idx on entitlements (tenant_id, name_key, id);
create index entitlements_tenant_id_updated_at_id_idx on entitlements (tenant_id, updated_at, id);
create index segments_tenant_id_name_key_id_idx on segments (tenant_id, name_key, id);
create index segments_tenant_id_updated_at_id_idx on segments (tenant_id, updated_at, id);
create index identities_tenant_id_email_key_idx on identities (tenant_id, email_key);
create index identities_tenant_id_lifecycle_state_created_at_id_idx on identities (tenant_id, lifecycle_state, created_at, id);
create index grants_tenant_id_starts_at_idx on grants (tenant_id, starts_at);
create index grants_tenant_id_updated_at_id_idx on grants (tenant_id, updated_at, id);
-- The end of a grant as an order takes it: never is later than every time.
create index grants_tenant_id_end_id_idx on grants
  (tenant_id, (case when expires_at is null then 'infinity'::timestamptz else expires_at end), id);
