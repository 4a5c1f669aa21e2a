import { getMetadataStorage } from 'class-validator'

/**
 * class-validator gathers the rules of a class and of its parents, and groups them by property, anew for each object that
 * it checks. They are all there when the class is loaded, so once is enough.
 */
export function rememberValidationRules(): void {
  const storage = getMetadataStorage()
  const gather = storage.getTargetValidationMetadatas.bind(storage)
  const gathered = new WeakMap<object, ReturnType<typeof gather>>()
  storage.getTargetValidationMetadatas = (type, schema, always, strictGroups, groups) => {
    if (schema || always || strictGroups || groups?.length) return gather(type, schema, always, strictGroups, groups)
    let rules = gathered.get(type)
    if (!rules) gathered.set(type, (rules = gather(type, schema, always, strictGroups, groups)))
    return rules
  }
  const group = storage.groupByPropertyName.bind(storage)
  const grouped = new WeakMap<object, ReturnType<typeof group>>()
  storage.groupByPropertyName = (rules) => {
    let groups = grouped.get(rules)
    if (!groups) grouped.set(rules, (groups = group(rules)))
    return groups
  }
}
