import type { References } from '#directory'
import type { NewAccessProfile } from '../access-profiles.dto.ts'
import type { RequestConfig } from '../request-config.dto.ts'
import type { ImportedProfiles } from './imported-profiles.repository.ts'
import type { AccessProfileLine, ApprovalSchemeLine } from './profile-line.ts'

type Kind = 'identity' | 'source' | 'entitlement' | 'group' | 'segment' | 'access_profile'

/** That a line names something that does not exist. */
export class UnknownName extends Error {
  readonly kind: Kind
  readonly externalId: string

  constructor(field: string, kind: Kind, externalId: string) {
    super(`${field}: no ${kind} has the external id ${JSON.stringify(externalId)}`)
    this.kind = kind
    this.externalId = externalId
  }
}

/** What the lines of a batch name, found at once. */
export class LineNames {
  readonly #ids: Readonly<Record<Kind, ReadonlyMap<string, string>>>

  private constructor(ids: Readonly<Record<Kind, ReadonlyMap<string, string>>>) {
    this.#ids = ids
  }

  static async of(
    lines: readonly AccessProfileLine[],
    references: References,
    profiles: ImportedProfiles,
  ): Promise<LineNames> {
    const all = (each: (line: AccessProfileLine) => readonly (string | null | undefined)[]): string[] =>
      lines.flatMap((line) => each(line).filter((name) => typeof name === 'string'))
    const steps = (line: AccessProfileLine): readonly ApprovalSchemeLine[] => line.approval_schemes ?? []
    return new LineNames({
      identity: await references.resolve(
        'identity',
        all((line) => [line.owner, ...steps(line).map(({ identity }) => identity)]),
      ),
      source: await references.resolve(
        'source',
        all(({ source }) => [source]),
      ),
      entitlement: await references.resolve(
        'entitlement',
        all(({ entitlements = [] }) => entitlements),
      ),
      group: await references.resolve(
        'group',
        all((line) => steps(line).map(({ group }) => group)),
      ),
      segment: await references.resolve(
        'segment',
        all(({ segments = [] }) => segments),
      ),
      access_profile: await profiles.ids(all(({ inherits = [] }) => inherits)),
    })
  }

  get entitlementIds(): readonly string[] {
    return [...this.#ids.entitlement.values()]
  }

  /** The line as a body. @throws UnknownName */
  input(line: AccessProfileLine, config: RequestConfig | null): NewAccessProfile {
    const { name, description, external_id, requestable, labels, enabled } = line
    const { entitlements, inherits, segments, approval_schemes } = line
    return {
      name,
      external_id,
      ...given({ description, requestable, labels }),
      ...given({ owner_id: this.#optional('owner', 'identity', line.owner) }),
      ...given({ source_id: this.#optional('source', 'source', line.source) }),
      ...(enabled !== undefined && { state: enabled ? 'running' : 'paused' }),
      ...(segments && { segment_ids: this.#each('segments', 'segment', segments) }),
      ...(inherits && { inherits: this.#each('inherits', 'access_profile', inherits) }),
      ...(entitlements && {
        entitlements: this.#each('entitlements', 'entitlement', entitlements).map((entitlement_id) => ({
          entitlement_id,
        })),
      }),
      ...(approval_schemes && {
        request_config: { ...config, approval_schemes: approval_schemes.map((step) => this.#step(step)) },
      }),
    }
  }

  #step({ approver_type, group, identity }: ApprovalSchemeLine) {
    const approver_id =
      this.#optional('approval_schemes', 'group', group) ?? this.#optional('approval_schemes', 'identity', identity)
    return { approver_type, approver_id: approver_id ?? null }
  }

  #optional(field: string, kind: Kind, name: string | null | undefined): string | null | undefined {
    return typeof name === 'string' ? this.#id(field, kind, name) : name
  }

  /** Each once: a file may say the same twice. */
  #each(field: string, kind: Kind, names: readonly string[]): string[] {
    return [...new Set(names)].map((name) => this.#id(field, kind, name))
  }

  #id(field: string, kind: Kind, name: string): string {
    const id = this.#ids[kind].get(name)
    if (id === undefined) throw new UnknownName(field, kind, name)
    return id
  }
}

/** Without what was not given. */
function given<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>
}
