/** An id as SailPoint writes it: 32 hexadecimal digits. It is read with dashes as well. */
export function hexId(id: string): string {
  return id.replaceAll('-', '')
}
