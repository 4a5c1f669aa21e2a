export * from './profiles.dto.ts'
export { RegistryModule } from './registry.module.ts'
