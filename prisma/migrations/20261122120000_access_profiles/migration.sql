-- CreateTable
CREATE TABLE "access_profiles" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "owner_id" UUID,
    "source_id" UUID,
    "source_given" BOOLEAN NOT NULL DEFAULT false,
    "type_id" UUID,
    "state" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "started_by" TEXT,
    "labels" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "requestable" BOOLEAN NOT NULL DEFAULT true,
    "request_config" JSONB,
    "revocation_config" JSONB,
    "provisioning_criteria" JSONB,
    "additional_owners" JSONB NOT NULL DEFAULT '[]',
    "access_model_metadata" JSONB,
    "catalog_item" JSONB,
    "custom_properties" JSONB NOT NULL DEFAULT '{}',
    "require_approval_to_start" BOOLEAN NOT NULL DEFAULT false,
    "access_request_policy_id" UUID,
    "created_entitlements" JSONB NOT NULL DEFAULT '[]',
    "created_by" TEXT NOT NULL,
    "external_id" TEXT,
    "published_version" INTEGER,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "access_profiles_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "access_profile_versions" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "profile_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "application_datasource_id" TEXT,
    "application_sync_identity_action" JSONB,
    "access_request_policy_id" UUID,
    "retired_contents" JSONB,
    "created_by" TEXT NOT NULL,
    "published_by" TEXT,
    "published_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "access_profile_versions_pkey" PRIMARY KEY ("tenant_id","profile_id","number")
);

-- CreateTable
CREATE TABLE "access_profile_entitlements" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "profile_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "entitlement_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "details" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "access_profile_entitlements_pkey" PRIMARY KEY ("tenant_id","profile_id","number","entitlement_id")
);

-- CreateTable
CREATE TABLE "access_profile_parents" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "profile_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "parent_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "access_profile_parents_pkey" PRIMARY KEY ("tenant_id","profile_id","number","parent_id")
);

-- CreateTable
CREATE TABLE "access_profile_members" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "profile_id" UUID NOT NULL,
    "identity_id" UUID NOT NULL,
    "created_from" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "access_profile_members_pkey" PRIMARY KEY ("tenant_id","profile_id","identity_id")
);

-- CreateTable
CREATE TABLE "access_profile_segments" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "profile_id" UUID NOT NULL,
    "segment_id" UUID NOT NULL,

    CONSTRAINT "access_profile_segments_pkey" PRIMARY KEY ("tenant_id","profile_id","segment_id")
);

-- CreateTable
CREATE TABLE "access_profile_parties" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "profile_id" UUID NOT NULL,
    "party_id" UUID NOT NULL,
    "identity_id" UUID,
    "group_id" UUID,

    CONSTRAINT "access_profile_parties_pkey" PRIMARY KEY ("tenant_id","profile_id","party_id")
);

-- CreateIndex
CREATE INDEX "access_profiles_tenant_id_created_at_id_idx" ON "access_profiles"("tenant_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "access_profiles_tenant_id_updated_at_id_idx" ON "access_profiles"("tenant_id", "updated_at", "id");

-- CreateIndex
CREATE INDEX "access_profiles_tenant_id_owner_id_idx" ON "access_profiles"("tenant_id", "owner_id");

-- CreateIndex
CREATE INDEX "access_profiles_tenant_id_source_id_idx" ON "access_profiles"("tenant_id", "source_id");

-- CreateIndex
CREATE INDEX "access_profiles_tenant_id_type_id_idx" ON "access_profiles"("tenant_id", "type_id");

-- CreateIndex
CREATE UNIQUE INDEX "access_profiles_external_id" ON "access_profiles"("tenant_id", "external_id");

-- CreateIndex
CREATE INDEX "access_profile_entitlements_tenant_id_entitlement_id_idx" ON "access_profile_entitlements"("tenant_id", "entitlement_id");

-- CreateIndex
CREATE INDEX "access_profile_parents_tenant_id_parent_id_idx" ON "access_profile_parents"("tenant_id", "parent_id");

-- CreateIndex
CREATE INDEX "access_profile_members_tenant_id_profile_id_created_at_iden_idx" ON "access_profile_members"("tenant_id", "profile_id", "created_at", "identity_id");

-- CreateIndex
CREATE INDEX "access_profile_members_tenant_id_identity_id_idx" ON "access_profile_members"("tenant_id", "identity_id");

-- CreateIndex
CREATE INDEX "access_profile_segments_tenant_id_segment_id_idx" ON "access_profile_segments"("tenant_id", "segment_id");

-- CreateIndex
CREATE INDEX "access_profile_parties_tenant_id_identity_id_idx" ON "access_profile_parties"("tenant_id", "identity_id");

-- CreateIndex
CREATE INDEX "access_profile_parties_tenant_id_group_id_idx" ON "access_profile_parties"("tenant_id", "group_id");

-- AddForeignKey
ALTER TABLE "access_profiles" ADD CONSTRAINT "access_profiles_owner" FOREIGN KEY ("tenant_id", "owner_id") REFERENCES "identities"("tenant_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "access_profiles" ADD CONSTRAINT "access_profiles_source" FOREIGN KEY ("tenant_id", "source_id") REFERENCES "sources"("tenant_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "access_profile_versions" ADD CONSTRAINT "access_profile_versions_profile" FOREIGN KEY ("tenant_id", "profile_id") REFERENCES "access_profiles"("tenant_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "access_profile_entitlements" ADD CONSTRAINT "access_profile_entitlements_version" FOREIGN KEY ("tenant_id", "profile_id", "number") REFERENCES "access_profile_versions"("tenant_id", "profile_id", "number") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "access_profile_entitlements" ADD CONSTRAINT "access_profile_entitlements_entitlement" FOREIGN KEY ("tenant_id", "entitlement_id") REFERENCES "entitlements"("tenant_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "access_profile_parents" ADD CONSTRAINT "access_profile_parents_version" FOREIGN KEY ("tenant_id", "profile_id", "number") REFERENCES "access_profile_versions"("tenant_id", "profile_id", "number") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "access_profile_parents" ADD CONSTRAINT "access_profile_parents_parent" FOREIGN KEY ("tenant_id", "parent_id") REFERENCES "access_profiles"("tenant_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "access_profile_members" ADD CONSTRAINT "access_profile_members_profile" FOREIGN KEY ("tenant_id", "profile_id") REFERENCES "access_profiles"("tenant_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "access_profile_members" ADD CONSTRAINT "access_profile_members_identity" FOREIGN KEY ("tenant_id", "identity_id") REFERENCES "identities"("tenant_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "access_profile_segments" ADD CONSTRAINT "access_profile_segments_profile" FOREIGN KEY ("tenant_id", "profile_id") REFERENCES "access_profiles"("tenant_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "access_profile_segments" ADD CONSTRAINT "access_profile_segments_segment" FOREIGN KEY ("tenant_id", "segment_id") REFERENCES "segments"("tenant_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "access_profile_parties" ADD CONSTRAINT "access_profile_parties_profile" FOREIGN KEY ("tenant_id", "profile_id") REFERENCES "access_profiles"("tenant_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "access_profile_parties" ADD CONSTRAINT "access_profile_parties_identity" FOREIGN KEY ("tenant_id", "identity_id") REFERENCES "identities"("tenant_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "access_profile_parties" ADD CONSTRAINT "access_profile_parties_group" FOREIGN KEY ("tenant_id", "group_id") REFERENCES "groups"("tenant_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;
-- What Prisma cannot say.

create unique index access_profiles_name on access_profiles (tenant_id, lower(name));
create index access_profiles_labels on access_profiles using gin (labels);
create unique index access_profile_versions_published on access_profile_versions (tenant_id, profile_id) where state = 'published';
create unique index access_profile_versions_draft on access_profile_versions (tenant_id, profile_id) where state = 'draft';

alter table access_profiles add constraint access_profiles_state check (state in ('running', 'paused'));
alter table access_profiles add constraint access_profiles_running check (state = 'paused' or published_version is not null);
alter table access_profile_versions add constraint access_profile_versions_state check (state in ('draft', 'published', 'retired'));

-- The grants that an assignment made, or once made.
create index grants_of_profile on grants (tenant_id, access_profile_id, grantee_id, entitlement_id)
  where access_profile_id is not null and request_id is null;
-- An assignment gives an entitlement once.
create unique index grants_of_assignment on grants (tenant_id, access_profile_id, grantee_id, entitlement_id)
  where access_profile_id is not null and request_id is null and state in ('scheduled', 'active');

-- Keeps access_profile_parties: the people and groups that the documents of a profile name.
create function name_access_profile_parties() returns trigger
language plpgsql
as $$
begin
  if tg_op = 'UPDATE' then
    delete from access_profile_parties where tenant_id = new.tenant_id and profile_id = new.id;
  end if;
  insert into access_profile_parties (tenant_id, profile_id, party_id, identity_id, group_id)
  select new.tenant_id, new.id, id, case when type !~ 'GROUP$' then id end, case when type ~ 'GROUP$' then id end
  from (
    select step->>'approver_type', (step->>'approver_id')::uuid
    from jsonb_path_query(jsonb_build_array(new.request_config, new.revocation_config), '$[*].approval_schemes[*]') step
    union
    select owner->>'type', (owner->>'id')::uuid from jsonb_array_elements(new.additional_owners) owner
  ) party (type, id)
  where id is not null
  on conflict do nothing;
  return null;
end
$$;

create trigger parties_of_new after insert on access_profiles for each row execute function name_access_profile_parties();
create trigger parties_of_changed after update of request_config, revocation_config, additional_owners on access_profiles
  for each row execute function name_access_profile_parties();
