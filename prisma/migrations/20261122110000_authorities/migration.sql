-- What a person is in the tenant, and who administers a source.
alter table identities add column authorities text[] default array[]::text[];

alter table groups add column owner_id uuid;
alter table groups add constraint groups_owner foreign key (tenant_id, owner_id) references identities (tenant_id, id);
create index groups_tenant_id_owner_id_idx on groups (tenant_id, owner_id);

alter table sources add column management_group_id uuid;
alter table sources add constraint sources_management_group foreign key (tenant_id, management_group_id) references groups (tenant_id, id);
create index sources_tenant_id_management_group_id_idx on sources (tenant_id, management_group_id);
