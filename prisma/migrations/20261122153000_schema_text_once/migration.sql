-- The text of a tenant's schema stands in policy_schemas, by its version.
alter table policy_sets drop column schema_text;
