-- SailPoint's list of entitlements in the order of their sources, however many one of them has; it finds those of a source as well.
create index entitlements_tenant_id_source_id_id_idx on entitlements (tenant_id, source_id, id);
drop index entitlements_tenant_id_source_id_idx;
