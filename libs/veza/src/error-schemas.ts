import type { Dialect } from '#platform'
import { codeNames } from './errors.ts'

const text = (description: string): { type: 'string'; description: string } => ({ type: 'string', description })

/** google.rpc.Status, with the request's id and the time beside it. */
export const errorSchemas = {
  Status: {
    type: 'object',
    required: ['code', 'message', 'details', 'request_id', 'timestamp'],
    properties: {
      code: {
        description: 'The code of gRPC by name; by number for a request with `X-Enum-Format: number`',
        oneOf: [
          { type: 'string', enum: codeNames },
          { type: 'integer', minimum: 1, maximum: 16 },
        ],
      },
      message: text('What was wrong, where, and what would be right'),
      details: {
        type: 'array',
        items: { oneOf: [{ $ref: '#/components/schemas/BadRequest' }, { $ref: '#/components/schemas/ErrorInfo' }] },
      },
      request_id: text('Finds the request in the log of the server; also in X-Request-Id'),
      timestamp: { type: 'string', format: 'date-time' },
    },
  },
  BadRequest: {
    type: 'object',
    description: 'The fields that are refused; several violations may name one field',
    required: ['@type', 'field_violations'],
    properties: {
      '@type': { type: 'string', enum: ['type.googleapis.com/google.rpc.BadRequest'] },
      field_violations: {
        type: 'array',
        items: {
          type: 'object',
          required: ['field', 'description'],
          properties: { field: text('The path of the field'), description: text('What would be right') },
        },
      },
    },
  },
  ErrorInfo: {
    type: 'object',
    required: ['@type', 'reason', 'domain', 'metadata'],
    properties: {
      '@type': { type: 'string', enum: ['type.googleapis.com/google.rpc.ErrorInfo'] },
      reason: text('The stable code of the error under `/v1`, in capitals'),
      domain: text('`castellan`'),
      metadata: {
        type: 'object',
        additionalProperties: { type: 'string' },
        description: 'What else there is to say, such as the place in a filter',
      },
    },
  },
} satisfies Dialect['errorSchemas']
