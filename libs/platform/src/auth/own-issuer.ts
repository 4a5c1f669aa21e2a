import type { Config } from '../config/config.ts'

/** `iss` of the server's own tokens, and where its keys and metadata stand. */
export function ownIssuer({ publicUrl, host, port }: Config): string {
  return publicUrl ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** `aud` of the server's own tokens. */
export const ownAudience = 'castellan'

/** The longest that an OAuth client can have its tokens be good for, in seconds. */
export const longestClientLifetime = 43_200

/** How far the clock of who signed may be off, in seconds. */
export const clockSkew = 60
