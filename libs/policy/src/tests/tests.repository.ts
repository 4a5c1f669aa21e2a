import { Injectable } from '@nestjs/common'
import { Database, readAll, readOne, readPage, sql, type JsonText, type PageRequest } from '#platform'
import type { CreatePolicyTest, PolicyTest } from './tests.dto.ts'
import { testProjection } from './tests.fields.ts'

@Injectable()
export class TestsRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  list(policyId: string, page: PageRequest): Promise<JsonText> {
    return readPage(this.#database, testProjection, page, [sql`t.policy_id = ${policyId}::uuid`], policyId)
  }

  /** All of them, oldest first; the service allows a policy so many. */
  async all(policyId: string): Promise<PolicyTest[]> {
    const tests = await readAll<PolicyTest>(this.#database, testProjection, [sql`t.policy_id = ${policyId}::uuid`])
    return tests.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  }

  find(policyId: string, id: string): Promise<PolicyTest | null> {
    return readOne(this.#database, testProjection, [sql`t.id = ${id}::uuid`, sql`t.policy_id = ${policyId}::uuid`])
  }

  /** The test, locked until the transaction ends. */
  async lock(policyId: string, id: string): Promise<PolicyTest | null> {
    await this.#database.query(
      sql`select 1 as locked from policy_tests where id = ${id}::uuid for update`.toStatement(),
    )
    return this.find(policyId, id)
  }

  /** Whether the policy is there; if so it is not deleted before the transaction ends. */
  async holdPolicy(id: string): Promise<boolean> {
    const rows = await this.#database.query(
      sql`select 1 as held from policies where id = ${id}::uuid for no key update`.toStatement(),
    )
    return rows.length > 0
  }

  async count(policyId: string): Promise<number> {
    return this.#database.prisma.policy_tests.count({ where: { policy_id: policyId } })
  }

  async insert(id: string, policy_id: string, { name, request, expected }: CreatePolicyTest): Promise<void> {
    await this.#database.prisma.policy_tests.create({
      data: { id, policy_id, name, request: request as object, expected },
    })
  }

  async update(id: string, { name, request, expected }: CreatePolicyTest): Promise<void> {
    await this.#database.prisma.policy_tests.updateMany({
      where: { id },
      data: { name, request: request as object, expected },
    })
  }

  async remove(id: string): Promise<void> {
    await this.#database.prisma.policy_tests.deleteMany({ where: { id } })
  }
}
