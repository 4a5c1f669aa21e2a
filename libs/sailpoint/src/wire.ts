/** An id as SailPoint writes it: 32 hexadecimal digits. It is read with dashes as well. */
export function hexId(id: string): string {
  return id.replaceAll('-', '')
}

/** In place of a text that is no uuid, where an id that names nothing is no error. */
export const idOfNothing = '00000000-0000-0000-0000-000000000000'
