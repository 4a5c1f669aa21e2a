export { hashSecret, newSecret, writeClientId, writeKey, writeSecret } from './key-text.ts'
