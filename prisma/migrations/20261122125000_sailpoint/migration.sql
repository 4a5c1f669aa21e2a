-- As in the migration of the filters: names as they are compared and sorted, where an index can serve.
alter table access_profiles add column name_key text collate "C" generated always as (fold(name)) stored;
create index access_profiles_tenant_id_name_key_id_idx on access_profiles (tenant_id, name_key, id);

-- The segments of a profile are read back in the order in which they were given.
alter table access_profile_segments add column position integer not null default 0;
