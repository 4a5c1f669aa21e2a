import type { PrismaClient } from '../../../../generated/prisma/client.ts'

export { PrismaClient, Prisma } from '../../../../generated/prisma/client.ts'

/** Prisma inside an interactive transaction. */
export type TransactionClient = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0]
