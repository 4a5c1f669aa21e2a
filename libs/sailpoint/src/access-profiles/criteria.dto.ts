import { JsonObjectList, NestedList, OneOf, Text } from '#platform'

/*
 * Which account of a person a profile goes to: a tree of at most three levels. Which member belongs to which operation is the
 * domain's rule.
 */

const operations = ['EQUALS', 'NOT_EQUALS', 'CONTAINS', 'HAS', 'AND', 'OR']
const unset = { optional: true, nullable: true }

class Criterion {
  @OneOf({
    description: 'What is asked: AND and OR of their children, the others of an attribute',
    of: operations,
  })
  operation!: string

  @Text({ description: 'The attribute of the account; of AND and OR none', min: 0, ...unset })
  attribute?: string | null

  @Text({ description: 'What its value is held against', min: 0, max: 1024, ...unset })
  value?: string | null
}

export class ProvisioningCriteriaLevel3 extends Criterion {
  @JsonObjectList({ description: 'Always null: there is no fourth level', max: 100, ...unset })
  children?: Record<string, unknown>[] | null
}

export class ProvisioningCriteriaLevel2 extends Criterion {
  @NestedList(() => ProvisioningCriteriaLevel3, { description: 'Of AND and OR', max: 100, open: true, ...unset })
  children?: ProvisioningCriteriaLevel3[] | null
}

export class ProvisioningCriteriaLevel1 extends Criterion {
  @NestedList(() => ProvisioningCriteriaLevel2, { description: 'Of AND and OR', max: 100, open: true, ...unset })
  children?: ProvisioningCriteriaLevel2[] | null
}
