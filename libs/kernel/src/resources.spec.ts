import { checkResource, resourceTypes } from './resources.ts'

const set = 'arn:aws:sso:::permissionSet/ssoins-7223f0a1b2c3d4e5/ps-8d9587ff961d5dcf'
const instance = 'arn:aws:rds:eu-central-1:123456789012:db:orders'

describe('the type and the id of a resource', () => {
  it('lets every example of the table pass', () => {
    for (const [type, { example }] of Object.entries(resourceTypes))
      expect([type, checkResource(type, example)]).toEqual([type, null])
  })

  it.each([
    ['aws_account', '000000000001'],
    ['aws_permission_set', set.replace('arn:aws:', 'arn:aws-cn:')],
    ['aws_permission_set', set.replace('ssoins', 'ins')],
    ['aws_s3_bucket', 'a.b-c'],
    ['aws_s3_bucket', 'x'.repeat(63)],
    ['aws_rds_instance', instance.replace('arn:aws:rds:eu-central-1', 'arn:aws-us-gov:rds:us-gov-west-1')],
    ['aws_ec2_instance', 'i-1234abcd'],
    ['github_repository', 'kubernetes/kubernetes'],
  ])('lets %s %s pass', (type, id) => expect(checkResource(type, id)).toBeNull())

  it.each([
    ['aws_account', '12345678901'],
    ['aws_account', '123456789012\n'],
    ['aws_account', '١٢٣٤٥٦٧٨٩٠١٢'],
    ['aws_permission_set', set.replace('arn:aws:', 'arn:aws-iso:')],
    ['aws_permission_set', `${set}f`],
    ['aws_s3_bucket', 'ab'],
    ['aws_s3_bucket', 'x'.repeat(64)],
    ['aws_s3_bucket', 'Reports'],
    ['aws_s3_bucket', 'a..b'],
    ['aws_s3_bucket', '192.168.5.4'],
    ['aws_s3_bucket', 'xn--reports'],
    ['aws_s3_bucket', 'reports-s3alias'],
    ['aws_s3_bucket', '-reports'],
    ['aws_rds_instance', instance.replace('orders', 'or--ders')],
    ['aws_rds_instance', instance.replace('orders', 'orders-')],
    ['aws_rds_instance', instance.replace('orders', '1orders')],
    ['aws_rds_instance', instance.replace('orders', 'o'.repeat(64))],
    ['aws_rds_instance', instance.replace(':db:', ':cluster:')],
    ['aws_ec2_instance', 'i-1234abcde'],
    ['aws_ec2_instance', 'i-1234ABCD'],
    ['aws_organizational_unit', 'ou-abc-11111111'],
    ['aws_organizational_unit', 'ou-ab12-1111111'],
    ['aws_lambda', 'anything'],
    ['entitlement', 'not-a-uuid'],
    ['Repository', 'kubernetes/kubernetes'],
    ['repository', ''],
    ['repository', 'two\nlines'],
    ['__proto__', 'x'],
  ])('refuses %s %j', (type, id) => expect(checkResource(type, id)).toEqual(expect.any(String)))
})
