import { Module } from '@nestjs/common'
import { DecisionRecords } from './decisions/decision-records.ts'
import { DecisionRecordsRepository } from './decisions/decision-records.repository.ts'
import { Decisions } from './decisions/decisions.ts'
import { DecisionsController } from './decisions/decisions.controller.ts'
import { FactsRepository } from './decisions/facts.repository.ts'
import { Permissions } from './decisions/permissions.ts'
import { RecordedDecisions } from './decisions/recorded-decisions.service.ts'
import { PolicyEngineModule } from './engine/policy-engine.module.ts'
import { EvaluationController } from './evaluation/evaluation.controller.ts'
import { EvaluationService } from './evaluation/evaluation.service.ts'
import { ValidationService } from './evaluation/validation.service.ts'
import { PoliciesController } from './policies/policies.controller.ts'
import { PoliciesRepository } from './policies/policies.repository.ts'
import { PoliciesService } from './policies/policies.service.ts'
import { PolicyChecks } from './policies/policy-checks.ts'
import { PolicySaves } from './policies/policy-saves.ts'
import { PolicySetsRepository } from './policy-sets.repository.ts'
import { LinksController } from './rules/links.controller.ts'
import { RuleForms } from './rules/rule-forms.ts'
import { RulesController } from './rules/rules.controller.ts'
import { RulesRepository } from './rules/rules.repository.ts'
import { RulesService } from './rules/rules.service.ts'
import { SchemaController } from './schema/schema.controller.ts'
import { SchemaService } from './schema/schema.service.ts'
import { SchemaVersionsRepository } from './schema/schema-versions.repository.ts'
import { TenantSchemas } from './schema/tenant-schemas.ts'
import { SimulationsController } from './simulations/simulations.controller.ts'
import { SimulationsService } from './simulations/simulations.service.ts'
import { PolicyTestRuns } from './tests/policy-test-runs.ts'
import { TestsController } from './tests/tests.controller.ts'
import { TestsRepository } from './tests/tests.repository.ts'
import { TestsService } from './tests/tests.service.ts'
import { VersionsController } from './versions/versions.controller.ts'
import { VersionsRepository } from './versions/versions.repository.ts'
import { VersionsService } from './versions/versions.service.ts'

/** Who decides: Cedar policies, their schema, versions and tests, and what they decide. */
@Module({
  imports: [PolicyEngineModule],
  controllers: [
    SchemaController,
    DecisionsController,
    SimulationsController,
    EvaluationController,
    PoliciesController,
    RulesController,
    LinksController,
    VersionsController,
    TestsController,
  ],
  providers: [
    PolicySetsRepository,
    TenantSchemas,
    SchemaVersionsRepository,
    SchemaService,
    FactsRepository,
    Decisions,
    Permissions,
    DecisionRecords,
    DecisionRecordsRepository,
    RecordedDecisions,
    EvaluationService,
    ValidationService,
    PoliciesRepository,
    PoliciesService,
    PolicyChecks,
    PolicySaves,
    RuleForms,
    RulesRepository,
    RulesService,
    VersionsRepository,
    VersionsService,
    TestsRepository,
    PolicyTestRuns,
    TestsService,
    SimulationsService,
  ],
  exports: [Decisions, Permissions],
})
export class PolicyModule {}
