-- What every table rests on: whose rows, which time, which text.

-- The tenant of the connection; null (so no rows, no writes) when there is none. Without nullif a pooled session that
-- once had a tenant would raise an error instead.
create function app_tenant() returns uuid
language sql stable parallel safe
as $$ select nullif(current_setting('app.tenant_id', true), '')::uuid $$;

-- The one clock of the whole installation, in the precision of the wire. Tests move it by replacing this function.
create function app_now() returns timestamptz
language sql stable parallel safe
as $$ select date_trunc('milliseconds', statement_timestamp()) $$;

-- RFC 3339 in UTC with milliseconds: the one form in which a time leaves the server. The microsecond makes all six
-- digits appear, so the text can be cut; to_char takes twice as long. For times of whole milliseconds, as all columns are.
create function wire_time(value timestamptz) returns text
language sql stable parallel safe
as $$ select substr(to_json(value at time zone 'UTC' + interval '1 microsecond')::text, 2, 23) || 'Z' $$;

-- A UUIDv7 (RFC 9562 section 5.7) for rows that SQL makes; PostgreSQL has one of its own from 18 on.
create function new_id() returns uuid
language sql volatile parallel safe
as $$
  select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
$$;

create function touch() returns trigger
language plpgsql
as $$
begin
  new.version := old.version + 1;
  new.updated_at := app_now();
  return new;
end
$$;

-- CreateTable
CREATE TABLE "audit_log" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "seq" BIGINT NOT NULL,
    "id" UUID NOT NULL,
    "actor_id" TEXT NOT NULL,
    "actor_type" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "resource_type" TEXT NOT NULL,
    "resource_id" TEXT NOT NULL,
    "metadata" JSONB NOT NULL,
    "reasoning" TEXT,
    "request_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "prev_hash" BYTEA NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_log_pkey" PRIMARY KEY ("tenant_id","seq")
);

-- CreateTable
CREATE TABLE "audit_heads" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "seq" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_heads_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateTable
CREATE TABLE "events" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "seq" BIGINT NOT NULL,
    "id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "events_pkey" PRIMARY KEY ("tenant_id","seq")
);

-- CreateTable
CREATE TABLE "webhooks" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "event_types" TEXT[],
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "secret" BYTEA NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "webhooks_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "webhook_deliveries" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "id" UUID NOT NULL DEFAULT new_id(),
    "webhook_id" UUID NOT NULL,
    "event_seq" BIGINT NOT NULL,
    "event_id" UUID NOT NULL,
    "event_type" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) DEFAULT app_now(),
    "last_status" INTEGER,
    "last_error" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "identities" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT,
    "manager_id" UUID,
    "lifecycle_state" TEXT NOT NULL DEFAULT 'active',
    "attributes" JSONB NOT NULL DEFAULT '{}',
    "external_id" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "identities_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "groups" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "external_id" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "groups_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "group_members" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "group_id" UUID NOT NULL,
    "identity_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "group_members_pkey" PRIMARY KEY ("tenant_id","group_id","identity_id")
);

-- CreateTable
CREATE TABLE "sources" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "connector" TEXT NOT NULL,
    "owner_id" UUID,
    "aws" JSONB,
    "attributes" JSONB NOT NULL DEFAULT '{}',
    "external_id" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "sources_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "entitlements" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "id" UUID NOT NULL,
    "source_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "attribute" TEXT,
    "value" TEXT,
    "privileged" BOOLEAN NOT NULL DEFAULT false,
    "resource_type" TEXT,
    "resource_id" TEXT,
    "action" TEXT,
    "attributes" JSONB NOT NULL DEFAULT '{}',
    "external_id" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "entitlements_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "segments" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "owner_id" UUID,
    "active" BOOLEAN NOT NULL DEFAULT false,
    "visibility_criteria" JSONB,
    "external_id" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "segments_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "grants" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "id" UUID NOT NULL,
    "request_id" UUID,
    "grantee_id" UUID NOT NULL,
    "entitlement_id" UUID,
    "access_profile_id" UUID,
    "resource_type" TEXT NOT NULL,
    "resource_id" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "granted_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "revoke" JSONB,
    "extension_count" INTEGER NOT NULL DEFAULT 0,
    "extension_limit" INTEGER,
    "extension_until" TIMESTAMPTZ(3),
    "provisioning_status" TEXT NOT NULL DEFAULT 'not_attempted',
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "timeline" JSONB NOT NULL DEFAULT '[]',
    "external_id" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "grants_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "tenants" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "tenants_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_keys" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "scopes" TEXT[],
    "identity_id" UUID,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "created_by" TEXT NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "revoked_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "oauth_clients" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "scopes" TEXT[],
    "identity_id" UUID,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "created_by" TEXT NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "revoked_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "oauth_clients_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "oidc_issuers" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "id" UUID NOT NULL,
    "issuer" TEXT NOT NULL,
    "audience" TEXT NOT NULL,
    "jwks_uri" TEXT,
    "jwks" JSONB,
    "subject_claim" TEXT NOT NULL DEFAULT 'sub',
    "groups_claim" TEXT,
    "identity_match" TEXT NOT NULL DEFAULT 'none',
    "scopes" TEXT[],
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "oidc_issuers_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "identity_links" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "issuer_id" UUID NOT NULL,
    "subject" TEXT NOT NULL,
    "identity_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "identity_links_pkey" PRIMARY KEY ("tenant_id","issuer_id","subject")
);

-- CreateTable
CREATE TABLE "signing_keys" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "kid" TEXT NOT NULL,
    "public_jwk" JSONB NOT NULL,
    "private_key" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "signing_keys_pkey" PRIMARY KEY ("tenant_id","kid")
);

-- CreateTable
CREATE TABLE "idempotency_keys" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "credential_id" TEXT NOT NULL,
    "key_hash" BYTEA NOT NULL,
    "request_hash" BYTEA NOT NULL,
    "status" INTEGER NOT NULL,
    "answer" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("tenant_id","credential_id","key_hash")
);

-- CreateIndex
CREATE INDEX "audit_log_tenant_id_actor_id_seq_idx" ON "audit_log"("tenant_id", "actor_id", "seq");

-- CreateIndex
CREATE INDEX "audit_log_tenant_id_resource_type_resource_id_seq_idx" ON "audit_log"("tenant_id", "resource_type", "resource_id", "seq");

-- CreateIndex
CREATE INDEX "audit_log_tenant_id_action_seq_idx" ON "audit_log"("tenant_id", "action", "seq");

-- CreateIndex
CREATE INDEX "audit_log_tenant_id_created_at_seq_idx" ON "audit_log"("tenant_id", "created_at", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "audit_log_tenant_id_id_key" ON "audit_log"("tenant_id", "id");

-- CreateIndex
CREATE INDEX "webhooks_tenant_id_created_at_id_idx" ON "webhooks"("tenant_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "webhook_deliveries_tenant_id_webhook_id_status_event_seq_idx" ON "webhook_deliveries"("tenant_id", "webhook_id", "status", "event_seq");

-- CreateIndex
CREATE INDEX "webhook_deliveries_tenant_id_status_next_attempt_at_idx" ON "webhook_deliveries"("tenant_id", "status", "next_attempt_at");

-- CreateIndex
CREATE UNIQUE INDEX "webhook_deliveries_event" ON "webhook_deliveries"("tenant_id", "webhook_id", "event_seq");

-- CreateIndex
CREATE INDEX "identities_tenant_id_created_at_id_idx" ON "identities"("tenant_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "identities_tenant_id_manager_id_idx" ON "identities"("tenant_id", "manager_id");

-- CreateIndex
CREATE INDEX "identities_tenant_id_email_idx" ON "identities"("tenant_id", "email");

-- CreateIndex
CREATE UNIQUE INDEX "identities_external_id" ON "identities"("tenant_id", "external_id");

-- CreateIndex
CREATE INDEX "groups_tenant_id_created_at_id_idx" ON "groups"("tenant_id", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "groups_external_id" ON "groups"("tenant_id", "external_id");

-- CreateIndex
CREATE UNIQUE INDEX "groups_name" ON "groups"("tenant_id", "name");

-- CreateIndex
CREATE INDEX "group_members_tenant_id_identity_id_idx" ON "group_members"("tenant_id", "identity_id");

-- CreateIndex
CREATE INDEX "sources_tenant_id_created_at_id_idx" ON "sources"("tenant_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "sources_tenant_id_owner_id_idx" ON "sources"("tenant_id", "owner_id");

-- CreateIndex
CREATE UNIQUE INDEX "sources_external_id" ON "sources"("tenant_id", "external_id");

-- CreateIndex
CREATE UNIQUE INDEX "sources_name" ON "sources"("tenant_id", "name");

-- CreateIndex
CREATE INDEX "entitlements_tenant_id_created_at_id_idx" ON "entitlements"("tenant_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "entitlements_tenant_id_source_id_idx" ON "entitlements"("tenant_id", "source_id");

-- CreateIndex
CREATE INDEX "entitlements_tenant_id_resource_type_resource_id_idx" ON "entitlements"("tenant_id", "resource_type", "resource_id");

-- CreateIndex
CREATE UNIQUE INDEX "entitlements_external_id" ON "entitlements"("tenant_id", "external_id");

-- CreateIndex
CREATE INDEX "segments_tenant_id_created_at_id_idx" ON "segments"("tenant_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "segments_tenant_id_owner_id_idx" ON "segments"("tenant_id", "owner_id");

-- CreateIndex
CREATE UNIQUE INDEX "segments_external_id" ON "segments"("tenant_id", "external_id");

-- CreateIndex
CREATE UNIQUE INDEX "segments_name" ON "segments"("tenant_id", "name");

-- CreateIndex
CREATE INDEX "grants_tenant_id_created_at_id_idx" ON "grants"("tenant_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "grants_tenant_id_state_created_at_id_idx" ON "grants"("tenant_id", "state", "created_at", "id");

-- CreateIndex
CREATE INDEX "grants_tenant_id_grantee_id_created_at_id_idx" ON "grants"("tenant_id", "grantee_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "grants_tenant_id_resource_type_resource_id_created_at_id_idx" ON "grants"("tenant_id", "resource_type", "resource_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "grants_tenant_id_resource_type_created_at_id_idx" ON "grants"("tenant_id", "resource_type", "created_at", "id");

-- CreateIndex
CREATE INDEX "grants_tenant_id_entitlement_id_idx" ON "grants"("tenant_id", "entitlement_id");

-- CreateIndex
CREATE UNIQUE INDEX "grants_external_id" ON "grants"("tenant_id", "external_id");

-- CreateIndex
CREATE INDEX "tenants_created_at_id_idx" ON "tenants"("created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "tenants_slug_key" ON "tenants"("slug");

-- CreateIndex
CREATE INDEX "api_keys_tenant_id_created_at_id_idx" ON "api_keys"("tenant_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "api_keys_tenant_id_identity_id_idx" ON "api_keys"("tenant_id", "identity_id");

-- CreateIndex
CREATE INDEX "oauth_clients_tenant_id_created_at_id_idx" ON "oauth_clients"("tenant_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "oauth_clients_tenant_id_identity_id_idx" ON "oauth_clients"("tenant_id", "identity_id");

-- CreateIndex
CREATE INDEX "oidc_issuers_tenant_id_created_at_id_idx" ON "oidc_issuers"("tenant_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "oidc_issuers_issuer_idx" ON "oidc_issuers"("issuer");

-- CreateIndex
CREATE UNIQUE INDEX "oidc_issuers_issuer" ON "oidc_issuers"("tenant_id", "issuer", "audience");

-- CreateIndex
CREATE INDEX "identity_links_tenant_id_identity_id_idx" ON "identity_links"("tenant_id", "identity_id");

-- CreateIndex
CREATE INDEX "idempotency_keys_tenant_id_created_at_idx" ON "idempotency_keys"("tenant_id", "created_at");

-- AddForeignKey
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_webhook" FOREIGN KEY ("tenant_id", "webhook_id") REFERENCES "webhooks"("tenant_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "identities" ADD CONSTRAINT "identities_manager" FOREIGN KEY ("tenant_id", "manager_id") REFERENCES "identities"("tenant_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "group_members" ADD CONSTRAINT "group_members_group" FOREIGN KEY ("tenant_id", "group_id") REFERENCES "groups"("tenant_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "group_members" ADD CONSTRAINT "group_members_identity" FOREIGN KEY ("tenant_id", "identity_id") REFERENCES "identities"("tenant_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "sources" ADD CONSTRAINT "sources_owner" FOREIGN KEY ("tenant_id", "owner_id") REFERENCES "identities"("tenant_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "entitlements" ADD CONSTRAINT "entitlements_source" FOREIGN KEY ("tenant_id", "source_id") REFERENCES "sources"("tenant_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "segments" ADD CONSTRAINT "segments_owner" FOREIGN KEY ("tenant_id", "owner_id") REFERENCES "identities"("tenant_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "grants" ADD CONSTRAINT "grants_grantee" FOREIGN KEY ("tenant_id", "grantee_id") REFERENCES "identities"("tenant_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "grants" ADD CONSTRAINT "grants_entitlement" FOREIGN KEY ("tenant_id", "entitlement_id") REFERENCES "entitlements"("tenant_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_identity" FOREIGN KEY ("tenant_id", "identity_id") REFERENCES "identities"("tenant_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "oauth_clients" ADD CONSTRAINT "oauth_clients_identity" FOREIGN KEY ("tenant_id", "identity_id") REFERENCES "identities"("tenant_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "identity_links" ADD CONSTRAINT "identity_links_issuer" FOREIGN KEY ("tenant_id", "issuer_id") REFERENCES "oidc_issuers"("tenant_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "identity_links" ADD CONSTRAINT "identity_links_identity" FOREIGN KEY ("tenant_id", "identity_id") REFERENCES "identities"("tenant_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;
-- What Prisma cannot say.

-- The live grants in the order of the list: what most lists ask for, without the ended ones between.
create index grants_live on grants (tenant_id, created_at, id) where state in ('scheduled', 'active');
-- What time will change next, for the job that writes it down.
create index grants_ending on grants (tenant_id, expires_at) where state in ('scheduled', 'active');
create index grants_beginning on grants (tenant_id, starts_at) where state = 'scheduled';

alter table grants add constraint grants_state check (state in ('scheduled', 'active', 'expired', 'revoked'));
alter table grants add constraint grants_period check (expires_at is null or expires_at > starts_at);
alter table webhook_deliveries add constraint webhook_deliveries_status check (status in ('pending', 'succeeded', 'failed'));
alter table identities add constraint identities_lifecycle_state check (lifecycle_state in ('active', 'inactive'));

-- The hash of an audit entry: SHA-256 over the hash before it and the JSON array of the entry's columns.
create function audit_hash(prev_hash bytea, entry audit_log) returns bytea
language sql stable parallel safe
as $$
  select sha256(prev_hash || convert_to(json_build_array(
    entry.tenant_id, entry.seq::text, entry.id, entry.actor_type, entry.actor_id, entry.action, entry.resource_type,
    entry.resource_id, entry.metadata::text, entry.reasoning, entry.request_id, wire_time(entry.created_at))::text, 'UTF8'))
$$;

-- Locks the end of the tenant's chain until the transaction ends.
create function lock_chain() returns audit_heads
language plpgsql
as $$
declare
  head audit_heads;
begin
  insert into audit_heads (seq, hash) values (0, decode(repeat('00', 32), 'hex')) on conflict (tenant_id) do nothing;
  select * into strict head from audit_heads where tenant_id = app_tenant() for update;
  return head;
end
$$;

-- Appends the changes of one transaction to the tenant's chain and to its outbox, with a delivery for each enabled webhook
-- that wants the event. The row of audit_heads is locked until the transaction ends, so the chain has no gap and no fork.
-- Each change: {id, event_id, actor_id, actor_type, action, resource_type, resource_id, metadata, reasoning, request_id,
-- data}; without data there is no event.
create function record_changes(changes jsonb) returns void
language plpgsql
as $$
declare
  head audit_heads := lock_chain();
  before bigint := head.seq;
  entry audit_log;
  change jsonb;
begin
  for change in select value from jsonb_array_elements(changes) loop
    entry.tenant_id := head.tenant_id;
    entry.seq := head.seq + 1;
    entry.id := change->>'id';
    entry.actor_id := change->>'actor_id';
    entry.actor_type := change->>'actor_type';
    entry.action := change->>'action';
    entry.resource_type := change->>'resource_type';
    entry.resource_id := change->>'resource_id';
    entry.metadata := coalesce(change->'metadata', '{}');
    entry.reasoning := change->>'reasoning';
    entry.request_id := change->>'request_id';
    entry.created_at := app_now();
    entry.prev_hash := head.hash;
    entry.hash := audit_hash(head.hash, entry);
    insert into audit_log values (entry.*);
    if change ? 'data' then
      insert into events (seq, id, type, data, created_at)
      values (entry.seq, (change->>'event_id')::uuid, entry.action, change->'data', entry.created_at);
    end if;
    head.seq := entry.seq;
    head.hash := entry.hash;
  end loop;
  insert into webhook_deliveries (webhook_id, event_seq, event_id, event_type)
  select w.id, e.seq, e.id, e.type
  from events e join webhooks w on w.tenant_id = e.tenant_id
  where e.tenant_id = head.tenant_id and e.seq > before and w.enabled
    and (cardinality(w.event_types) = 0 or w.event_types && array[e.type, split_part(e.type, '.', 1) || '.*']);
  update audit_heads set seq = head.seq, hash = head.hash where tenant_id = head.tenant_id;
end
$$;
