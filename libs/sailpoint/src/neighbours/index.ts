import { SailPointEntitlementsController } from './entitlements/entitlements.controller.ts'
import { PublicIdentitiesController, SailPointIdentitiesController } from './identities/identities.controller.ts'
import { RolesController } from './roles/roles.controller.ts'
import { SailPointSegmentsController } from './segments/segments.controller.ts'
import { SailPointSourcesController } from './sources/sources.controller.ts'
import { TaskStatusController } from './tasks/tasks.controller.ts'
import { PersonalAccessTokensController } from './tokens/tokens.controller.ts'
import { WorkgroupsController } from './workgroups/workgroups.controller.ts'

/** The controllers of what stands around access profiles. */
export const neighbours = [
  PersonalAccessTokensController,
  PublicIdentitiesController,
  RolesController,
  SailPointEntitlementsController,
  SailPointIdentitiesController,
  SailPointSegmentsController,
  SailPointSourcesController,
  TaskStatusController,
  WorkgroupsController,
] as const
