/** The words of a rule's fields. */
export const entityScopes = ['any', 'eq', 'in', 'is', 'is_in'] as const
export const actionScopes = ['any', 'eq', 'in'] as const
export const effects = ['permit', 'forbid'] as const
