-- CreateTable
CREATE TABLE "policies" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "priority" INTEGER NOT NULL DEFAULT 0,
    "max_duration_seconds" INTEGER NOT NULL,
    "default_duration_seconds" INTEGER,
    "notification_channel" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "policies_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "policy_rules" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "id" UUID NOT NULL,
    "policy_id" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "effect" TEXT NOT NULL,
    "principal_scope_type" TEXT NOT NULL,
    "principal_entity_type" TEXT,
    "principal_entity_id" TEXT,
    "principal_in_type" TEXT,
    "principal_in_id" TEXT,
    "action_scope_type" TEXT NOT NULL,
    "action_ids" TEXT[],
    "resource_scope_type" TEXT NOT NULL,
    "resource_entity_type" TEXT,
    "resource_entity_id" TEXT,
    "resource_in_type" TEXT,
    "resource_in_id" TEXT,
    "conditions" TEXT NOT NULL,
    "annotations" JSONB NOT NULL,
    "notice" TEXT,
    "advice" TEXT,
    "audit_session" BOOLEAN NOT NULL,
    "slots" TEXT[],
    "policy_text" TEXT NOT NULL,
    "policy_json" JSONB NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "policy_rules_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "policy_links" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "id" UUID NOT NULL,
    "policy_id" UUID NOT NULL,
    "rule_id" UUID NOT NULL,
    "principal_type" TEXT,
    "principal_id" TEXT,
    "resource_type" TEXT,
    "resource_id" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "policy_links_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "policy_versions" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "policy_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "document" JSONB NOT NULL,
    "rule_count" INTEGER NOT NULL,
    "actor_type" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "policy_versions_pkey" PRIMARY KEY ("tenant_id","policy_id","number")
);

-- CreateTable
CREATE TABLE "policy_tests" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "id" UUID NOT NULL,
    "policy_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "request" JSONB NOT NULL,
    "expected" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "policy_tests_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "policy_sets" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "version" INTEGER NOT NULL DEFAULT 1,
    "schema_text" TEXT NOT NULL DEFAULT '',
    "schema_version" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "policy_sets_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateTable
CREATE TABLE "policy_schemas" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "number" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "actor_type" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "policy_schemas_pkey" PRIMARY KEY ("tenant_id","number")
);

-- CreateTable
CREATE TABLE "policy_decisions" (
    "tenant_id" UUID NOT NULL DEFAULT app_tenant(),
    "id" UUID NOT NULL,
    "set_version" INTEGER NOT NULL,
    "principal_type" TEXT NOT NULL,
    "principal_id" TEXT NOT NULL,
    "groups" JSONB NOT NULL,
    "action_type" TEXT NOT NULL,
    "action_id" TEXT NOT NULL,
    "resource_type" TEXT NOT NULL,
    "resource_id" TEXT NOT NULL,
    "context" JSONB NOT NULL,
    "decision" TEXT NOT NULL,
    "policy_ids" UUID[],
    "rule_ids" UUID[],
    "errors" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "duration_us" INTEGER NOT NULL,
    "actor_type" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "request_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "policy_decisions_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "policies_name" ON "policies"("tenant_id", "name");

-- CreateIndex
CREATE INDEX "policies_tenant_id_created_at_id_idx" ON "policies"("tenant_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "policy_rules_tenant_id_policy_id_ordinal_id_idx" ON "policy_rules"("tenant_id", "policy_id", "ordinal", "id");

-- CreateIndex
CREATE INDEX "policy_links_tenant_id_policy_id_idx" ON "policy_links"("tenant_id", "policy_id");

-- CreateIndex
CREATE INDEX "policy_links_tenant_id_rule_id_created_at_id_idx" ON "policy_links"("tenant_id", "rule_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "policy_tests_tenant_id_policy_id_created_at_id_idx" ON "policy_tests"("tenant_id", "policy_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "policy_decisions_tenant_id_created_at_id_idx" ON "policy_decisions"("tenant_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "policy_decisions_tenant_id_principal_id_created_at_id_idx" ON "policy_decisions"("tenant_id", "principal_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "policy_decisions_tenant_id_decision_created_at_id_idx" ON "policy_decisions"("tenant_id", "decision", "created_at", "id");

-- AddForeignKey
ALTER TABLE "policy_rules" ADD CONSTRAINT "policy_rules_policy" FOREIGN KEY ("tenant_id", "policy_id") REFERENCES "policies"("tenant_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "policy_links" ADD CONSTRAINT "policy_links_policy" FOREIGN KEY ("tenant_id", "policy_id") REFERENCES "policies"("tenant_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "policy_links" ADD CONSTRAINT "policy_links_rule" FOREIGN KEY ("tenant_id", "rule_id") REFERENCES "policy_rules"("tenant_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "policy_versions" ADD CONSTRAINT "policy_versions_policy" FOREIGN KEY ("tenant_id", "policy_id") REFERENCES "policies"("tenant_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "policy_tests" ADD CONSTRAINT "policy_tests_policy" FOREIGN KEY ("tenant_id", "policy_id") REFERENCES "policies"("tenant_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

alter table policy_rules add constraint policy_rules_effect check (effect in ('permit', 'forbid'));
alter table policy_tests add constraint policy_tests_expected check (expected in ('allow', 'deny'));
alter table policy_decisions add constraint policy_decisions_decision check (decision in ('allow', 'deny'));
