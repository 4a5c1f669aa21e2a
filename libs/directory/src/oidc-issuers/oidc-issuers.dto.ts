import { ApiProperty } from '@nestjs/swagger'
import { scopes, type Scope } from '#kernel'
import { JsonObject, OneOf, SetOf, Text, pageOf, listQuery } from '#platform'
import { identityMatches, oidcIssuerFilter, type IdentityMatch } from './oidc-issuers.fields.ts'

const visibleForm = /^[\x21-\x7e]+$/

export class CreateOidcIssuer {
  // With the audience it is one row of an index, which holds 2,704 bytes.
  @Text({
    description: 'The `iss` of its tokens, exactly: a URL without a query and without a fragment',
    max: 512,
    pattern: visibleForm,
    example: 'https://id.acme.example',
  })
  issuer!: string

  @Text({ description: 'The `aud` of the tokens meant for this server', max: 512, example: 'castellan' })
  audience!: string

  @Text({
    description: 'Where its keys are: https, port 443. Either this or `jwks`',
    optional: true,
    max: 2048,
    example: 'https://id.acme.example/keys',
  })
  jwks_uri?: string

  @JsonObject({
    description: 'Its public keys themselves, a JWK set: RSA, or EC on P-256 or P-384. Either this or `jwks_uri`',
    optional: true,
  })
  jwks?: Record<string, unknown>

  @Text({
    description: 'The claim that tells its people apart',
    optional: true,
    max: 128,
    pattern: visibleForm,
    example: 'sub',
  })
  subject_claim?: string

  @Text({
    description:
      "The claim with a person's groups, by the directory's names or ids, or by names of the provider's own: policies take the person for a member of them too. A text or a list of texts, of which the first 200 count; null: none. It takes `identities:write` and `grants:write`, and of a person the authority `ORG_ADMIN`",
    optional: true,
    nullable: true,
    max: 128,
    pattern: visibleForm,
    example: 'groups',
  })
  groups_claim?: string | null

  @OneOf({
    description:
      'Who signs in for the first time becomes the imported identity with this `external_id` (the subject), or with this `email` if the provider has verified it, one identity has it, and nobody has signed in as that one before; otherwise, and with `none`, a new identity. All but `none` take `identities:write` and `grants:write`, and of a person the authority `ORG_ADMIN`',
    optional: true,
    of: identityMatches,
    example: 'none',
  })
  identity_match?: IdentityMatch

  @SetOf({
    description:
      "What its people may do, all within the maker's own scopes; left out: see their own grants and registry",
    optional: true,
    of: scopes,
    example: ['grants:own', 'registry:read'],
  })
  scopes?: readonly Scope[]
}

export class OidcIssuerView {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string

  @ApiProperty({ type: String, description: 'The `iss` of its tokens' })
  issuer!: string

  @ApiProperty({ type: String, description: 'The `aud` of its tokens' })
  audience!: string

  @ApiProperty({ type: String, nullable: true, description: 'Where its keys are; null: `jwks` has them' })
  jwks_uri!: string | null

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'Its public keys; null: they are at `jwks_uri`',
  })
  jwks!: Record<string, unknown> | null

  @ApiProperty({ type: String, description: 'The claim that tells its people apart' })
  subject_claim!: string

  @ApiProperty({ type: String, nullable: true, description: "The claim with a person's groups; null: none" })
  groups_claim!: string | null

  @ApiProperty({
    enum: identityMatches,
    description: 'What makes the one who signs in for the first time an imported identity',
  })
  identity_match!: IdentityMatch

  @ApiProperty({ enum: scopes, isArray: true, description: 'What its people may do' })
  scopes!: Scope[]

  @ApiProperty({ type: String, format: 'date-time' })
  created_at!: string

  @ApiProperty({ type: String, format: 'date-time' })
  updated_at!: string

  @ApiProperty({ type: 'integer', description: 'Counts the writes; the ETag' })
  version!: number
}

export class OidcIssuerPage extends pageOf(OidcIssuerView) {}

export class OidcIssuerQuery extends listQuery(oidcIssuerFilter) {}
