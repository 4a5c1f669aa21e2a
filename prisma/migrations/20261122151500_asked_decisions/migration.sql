-- AlterTable
ALTER TABLE "policy_decisions" ADD COLUMN     "entitlement_id" UUID;

-- CreateIndex
CREATE INDEX "policy_decisions_tenant_id_action_id_created_at_id_idx" ON "policy_decisions"("tenant_id", "action_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "policy_decisions_tenant_id_resource_id_created_at_id_idx" ON "policy_decisions"("tenant_id", "resource_id", "created_at", "id");
