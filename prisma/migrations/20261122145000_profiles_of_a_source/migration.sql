-- The profiles of a source, those that were changed last first: otherwise all profiles are looked at, or all of the source sorted.
drop index "access_profiles_tenant_id_source_id_idx";
create index "access_profiles_tenant_id_source_id_updated_at_id_idx" on "access_profiles" ("tenant_id", "source_id", "updated_at", "id");
