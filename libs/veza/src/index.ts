export { VezaModule } from './veza.module.ts'
