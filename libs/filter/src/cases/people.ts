import { raw } from '../expression.ts'
import { FieldTable } from '../field-table.ts'
import { choice, elements, flag, id, instant, json, number, text, texts, uuids } from '../fields.ts'

/** The objects that the cases are about, by a short name. */
export const people: Readonly<Record<string, Person>> = {
  ada: {
    id: '019a0000-0000-7000-8000-00000000000a',
    name: 'Ada Lovelace',
    nick: 'Countess',
    code: 'AL-1',
    active: true,
    level: 3,
    joined_at: '2024-01-01T00:00:00.000Z',
    left_at: null,
    manager_id: null,
    kind: 'Person',
    labels: ['core', 'requestable'],
    emails: [
      { type: 'work', value: 'ada@example.com', primary: true },
      { type: 'home', value: 'countess@home.example', primary: false },
    ],
    groups: ['019a0000-0000-7000-8000-0000000000a1', '019a0000-0000-7000-8000-0000000000a2'],
    attributes: { department: 'R&D', skills: ['Algebra', 'poetry'], badge: 7, remote: true, note: '' },
    resource: { type: 'aws_account', id: '123456789012' },
  },
  sure: {
    id: '019a0000-0000-7000-8000-00000000000b',
    name: '100% "sure"_\\ A+B',
    nick: '',
    code: 'al-1',
    active: false,
    level: 0,
    joined_at: '2024-01-01T00:00:00.001Z',
    left_at: '2025-06-30T22:00:00.000Z',
    manager_id: '019a0000-0000-7000-8000-00000000000a',
    kind: 'Machine',
    labels: ['requestable'],
    emails: [
      { type: 'home', value: 'ada@example.com', primary: null },
      { type: 'work', value: 'other@example.com', primary: false },
    ],
    groups: ['019a0000-0000-7000-8000-0000000000a1'],
    attributes: { department: 'r&d', skills: [], badge: '7', remote: false, note: {} },
    resource: { type: 'aws_s3_bucket', id: 'sure' },
  },
  eric: {
    id: '019a0000-0000-7000-8000-00000000000c',
    name: 'ÉRIC ΑΣ 🦊',
    nick: null,
    code: 'and',
    active: true,
    level: -2,
    joined_at: '2023-12-31T23:59:59.999Z',
    left_at: null,
    manager_id: '019a0000-0000-7000-8000-00000000000a',
    kind: 'Person',
    labels: [],
    emails: [],
    groups: [],
    attributes: { department: null, badge: 7.5 },
    resource: null,
  },
  none: {
    id: '019a0000-0000-7000-8000-00000000000d',
    name: 'a\u001fb\tc/é',
    nick: 'ADA',
    code: 'or',
    active: null,
    level: null,
    joined_at: '2099-01-01T00:00:00.000Z',
    left_at: '2025-07-01T00:00:00.000Z',
    manager_id: '019a0000-0000-7000-8000-00000000000b',
    kind: 'Machine',
    labels: null,
    emails: null,
    groups: [],
    attributes: null,
    resource: { type: 'aws_account', id: 'sure' },
  },
}

export interface Person {
  readonly id: string
  readonly name: string
  readonly nick: string | null
  /** In exact case. */
  readonly code: string
  readonly active: boolean | null
  readonly level: number | null
  readonly joined_at: string
  readonly left_at: string | null
  readonly manager_id: string | null
  readonly kind: 'Person' | 'Machine'
  readonly labels: readonly string[] | null
  readonly emails: readonly { readonly type: string; readonly value: string; readonly primary: boolean | null }[] | null
  readonly groups: readonly string[]
  readonly attributes: Readonly<Record<string, unknown>> | null
  readonly resource: { readonly type: string; readonly id: string } | null
}

/** Where PostgreSQL finds them; the document is the person. */
export const peopleSql = {
  create: `create table people (
    id uuid primary key, name text, name_key text collate "C" generated always as (fold(name)) stored, nick text, code text,
    active boolean, level integer, joined_at timestamptz, left_at timestamptz, manager_id uuid, kind text, labels text[],
    emails jsonb, groups uuid[], attributes jsonb, resource jsonb)`,
  fill: `insert into people (id, name, nick, code, active, level, joined_at, left_at, manager_id, kind, labels, emails, groups, attributes, resource)
    select id, name, nick, code, active, level, joined_at, left_at, manager_id, kind, labels, nullif(emails, 'null'), groups,
      nullif(attributes, 'null'), nullif(resource, 'null')
    from jsonb_to_recordset($1::jsonb) as p(
      id uuid, name text, nick text, code text, active boolean, level integer, joined_at timestamptz, left_at timestamptz,
      manager_id uuid, kind text, labels text[], emails jsonb, groups uuid[], attributes jsonb, resource jsonb)`,
} as const

const emails = {
  from: raw(`jsonb_to_recordset(coalesce(t.emails, '[]')) as m(type text, value text, "primary" boolean)`),
  fields: {
    type: text(raw('m.type')),
    value: text(raw('m.value')),
    primary: flag(raw('m."primary"'), { nullable: true }),
  },
}

export const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User'
const employeeSchema = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

export const peopleTable = new FieldTable(
  {
    id: id(raw('t.id'), {
      operators: ['eq', 'ne', 'in', 'sw', 'gt', 'ge', 'lt', 'le', 'pr', 'isnull'],
      sortable: true,
    }),
    name: text(raw('t.name'), { key: raw('t.name_key'), sortable: true }),
    nick: text(raw('t.nick'), { nullable: true, sortable: true }),
    code: text(raw('t.code'), { caseExact: true, sortable: true }),
    active: flag(raw('t.active'), { nullable: true, sortable: true }),
    level: number(raw('t.level'), { nullable: true, sortable: true }),
    joined_at: instant(raw('t.joined_at'), {
      operators: ['eq', 'ne', 'in', 'pr', 'isnull', 'gt', 'ge', 'lt', 'le', 'sw'],
      sortable: true,
    }),
    left_at: instant(raw('t.left_at'), { nullable: true, sortable: true }),
    manager_id: id(raw('t.manager_id'), { nullable: true }),
    kind: text(raw('t.kind'), { of: ['Person', 'Machine'] }),
    state: choice(
      { here: raw('t.left_at is null'), gone: raw('t.left_at is not null') },
      { read: (person) => ((person as Person).left_at === null ? 'here' : 'gone') },
    ),
    labels: texts(raw('t.labels')),
    words: texts(raw('t.labels'), { caseExact: false, read: (person) => (person as Person).labels }),
    tags: texts(raw('t.labels'), { rule: 'membership', read: (person) => (person as Person).labels }),
    groups: elements({ from: raw('unnest(t.groups) g(id)'), value: id(raw('g.id')) }),
    teams: uuids(raw('t.groups'), { read: (person) => (person as Person).groups }),
    emails: elements(emails),
    attributes: json(raw('t.attributes')),
    'resource.type': text(raw(`t.resource ->> 'type'`), { caseExact: true, nullable: true }),
    'resource.id': text(raw(`t.resource ->> 'id'`), { caseExact: true, nullable: true }),
    [`${employeeSchema}:code`]: text(raw('t.code'), { caseExact: true, read: (person) => (person as Person).code }),
  },
  { schemas: [userSchema] },
)
