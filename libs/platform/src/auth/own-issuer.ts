import type { Config } from '../config/config.ts'

/** `iss` of the server's own tokens, and where its keys and metadata stand. */
export function ownIssuer({ publicUrl, host, port }: Config): string {
  return publicUrl ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** `aud` of the server's own tokens. */
export const ownAudience = 'castellan'

/** How far the clock of who signed may be off, in seconds. */
export const clockSkew = 60
