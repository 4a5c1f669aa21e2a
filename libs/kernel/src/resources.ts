import { parseId } from './ids.ts'

/** What can be reached: an AWS account, a bucket, an entitlement of another system. */
export interface Resource {
  readonly type: string
  readonly id: string
}

interface ResourceType {
  /** What an id looks like, in the words of an error text. */
  readonly form: string
  readonly example: string
  readonly fits: (id: string) => boolean
}

const arn = 'arn:(?:aws|aws-cn|aws-us-gov)'

/** The resource types whose ids have a known form. `entitlement` stands for whatever has no address of its own. */
export const resourceTypes = {
  aws_account: { form: 'an account id of 12 digits', example: '123456789012', fits: matches(/^\d{12}$/) },
  aws_permission_set: {
    form: 'the ARN of a permission set',
    example: 'arn:aws:sso:::permissionSet/ssoins-7223f0a1b2c3d4e5/ps-8d9587ff961d5dcf',
    fits: matches(new RegExp(`^${arn}:sso:::permissionSet/(?:sso)?ins-[a-zA-Z0-9.-]{16}/ps-[a-zA-Z0-9./-]{16}$`)),
  },
  aws_s3_bucket: { form: 'the name of a bucket', example: 'quarterly-reports', fits: isBucketName },
  aws_rds_instance: {
    form: 'the ARN of a DB instance',
    example: 'arn:aws:rds:eu-central-1:123456789012:db:orders',
    fits: matches(
      new RegExp(`^${arn}:rds:[a-z]{2}(?:-[a-z]+)+-\\d:\\d{12}:db:(?=.{1,63}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$`),
    ),
  },
  aws_ec2_instance: {
    form: 'an instance id: i- and 8 or 17 hexadecimal digits',
    example: 'i-0abc1234def567890',
    fits: matches(/^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/),
  },
  aws_organizational_unit: {
    form: 'the id of an organizational unit',
    example: 'ou-ab12-11111111',
    fits: matches(/^ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}$/),
  },
  entitlement: {
    form: 'the id of an entitlement, a uuid',
    example: '01938c9e-7f3a-7c1e-9b2d-1a2b3c4d5e6f',
    fits: (id) => parseId(id) === id,
  },
} as const satisfies Record<string, ResourceType>

const known: ReadonlyMap<string, ResourceType> = new Map(Object.entries(resourceTypes))
const longestId = 1024
// An index holds the id beside other columns: 2,704 bytes at most, all together.
const mostBytes = 2048

/**
 * What is wrong with a resource, in words for the client, or null. A type that stands in the table wants ids of its
 * form; `aws_…` types outside it are refused; any other type is another system's, whose ids we cannot judge.
 */
export function checkResource(type: string, id: string): string | null {
  const row = known.get(type)
  if (row)
    return row.fits(id)
      ? null
      : `the id of ${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type} is ${row.form}, such as ${row.example}`
  if (!/^[a-z][a-z0-9_]{0,63}$/.test(type))
    return 'the type is 1 to 64 lower case letters, digits and _, the first one a letter'
  if (type.startsWith('aws_'))
    return `the types of AWS are ${[...known.keys()].filter((each) => each.startsWith('aws_')).join(', ')}`
  if (id.length === 0 || id.length > longestId || Buffer.byteLength(id) > mostBytes || /\p{Cc}/u.test(id))
    return `the id is 1 to ${longestId} characters, at most ${mostBytes} bytes of UTF-8, without control characters`
  return null
}

function matches(form: RegExp): (id: string) => boolean {
  return (id) => form.test(id)
}

/** AWS's rules for general purpose buckets. */
function isBucketName(name: string): boolean {
  return (
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !/^(?:xn--|sthree-|amzn-s3-demo-)/.test(name) &&
    !/(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name)
  )
}
