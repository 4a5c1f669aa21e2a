import { guardedPost, RefusedAddress } from '#platform'
import type { ClaimedDelivery, Outcome } from './deliveries.repository.ts'
import type { WebhookSecrets } from './webhook-secrets.ts'

const timeoutMs = 10_000

const minute = 60
const hour = 60 * minute

/** Between one attempt and the next, in seconds. */
const pauses = [5, 30, 2 * minute, 10 * minute, hour, 3 * hour, 8 * hour, 24 * hour]

export const gone = 410

/** Sends a delivery once. */
export async function attempt(
  delivery: ClaimedDelivery,
  secrets: WebhookSecrets,
  allowPrivate: boolean,
): Promise<Outcome> {
  const signature = secrets.sign(delivery)
  if (signature === null) return missed(delivery, null, 'The secret cannot be read any more; rotate it')
  const { body, url } = delivery
  const headers = {
    ...signature,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
  }
  try {
    const status = await guardedPost(url, { body, headers }, { allowPrivate, timeoutMs })
    if (status >= 200 && status < 300) {
      return { status: 'succeeded', last_status: status, last_error: null, seconds: null }
    }
    return missed(delivery, status, `The receiver answered ${status}`)
  } catch (error) {
    return missed(delivery, null, reason(error))
  }
}

/** Up to a tenth later than planned, so that what failed together does not come back together. */
function missed({ attempts }: ClaimedDelivery, last_status: number | null, last_error: string): Outcome {
  const pause = last_status === gone ? undefined : pauses[attempts - 1]
  if (pause === undefined) return { status: 'failed', last_status, last_error, seconds: null }
  return { status: 'pending', last_status, last_error, seconds: pause * (1 + Math.random() / 10) }
}

/** For the tenant: neither addresses nor names of our own network. */
function reason(error: unknown): string {
  const { name, code = '', syscall = '' } = error as NodeJS.ErrnoException
  if (error instanceof RefusedAddress) return 'The url does not lead to a public host by https'
  if (name === 'AbortError' || name === 'TimeoutError') return `No answer within ${timeoutMs / 1000} seconds`
  if (syscall.startsWith('query')) return 'The host was not found'
  if (code === 'ECONNREFUSED') return 'The connection was refused'
  if (/CERT|SIGNED|SIGNATURE|ERR_TLS|ERR_SSL/.test(code)) return 'The certificate is not trusted'
  return 'The connection failed'
}
