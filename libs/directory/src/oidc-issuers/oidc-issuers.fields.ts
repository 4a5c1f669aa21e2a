import { FieldTable, id, instant, number, text, texts } from '#filter'
import { scopes } from '#kernel'
import { column, columns, time, type Projection } from '#platform'

export const oidcIssuerProjection: Projection = {
  table: 'oidc_issuers',
  fields: {
    ...columns(
      'id',
      'issuer',
      'audience',
      'jwks_uri',
      'jwks',
      'subject_claim',
      'groups_claim',
      'identity_match',
      'scopes',
    ),
    created_at: time('created_at'),
    updated_at: time('updated_at'),
    ...columns('version'),
  },
}

export const identityMatches = ['none', 'external_id', 'email'] as const
export type IdentityMatch = (typeof identityMatches)[number]

export const oidcIssuerFilter = new FieldTable({
  id: id(column('id')),
  issuer: text(column('issuer'), { caseExact: true, sortable: true }),
  audience: text(column('audience'), { caseExact: true }),
  jwks_uri: text(column('jwks_uri'), { caseExact: true, nullable: true }),
  subject_claim: text(column('subject_claim'), { caseExact: true }),
  groups_claim: text(column('groups_claim'), { caseExact: true, nullable: true }),
  identity_match: text(column('identity_match'), { of: identityMatches }),
  scopes: texts(column('scopes'), { of: scopes }),
  created_at: instant(column('created_at'), { sortable: true }),
  updated_at: instant(column('updated_at'), { sortable: true }),
  version: number(column('version')),
})
