-- The orders that SailPoint's list of entitlements knows, with their keys as libs/filter writes them for what may be null.
create index entitlements_by_type on entitlements
  (tenant_id, (type is null), ((case when type is null then '' else type end) collate "C"), id);
create index entitlements_by_attribute on entitlements
  (tenant_id, (attribute is null), ((case when attribute is null then '' else attribute_key end) collate "C"), id);
create index entitlements_by_value on entitlements
  (tenant_id, (value is null), ((case when value is null then '' else value_key end) collate "C"), id);
create index entitlements_tenant_id_requestable_id_idx on entitlements (tenant_id, requestable, id);
