import type { Dialect } from '#platform'

const text = (description: string): { type: 'string'; description: string } => ({ type: 'string', description })

/** The contract's shapes of errors, under its names. */
export const errorSchemas = {
  ErrorResponseDto: {
    type: 'object',
    required: ['detailCode', 'trackingId', 'messages', 'causes'],
    properties: {
      detailCode: text('Fine-grained error code: a number, and what it stands for'),
      trackingId: text('Unique id of this error, which the log of the server holds as well'),
      messages: {
        type: 'array',
        description: 'The reason, in English and in the language that the request prefers',
        items: { $ref: '#/components/schemas/ErrorMessageDto' },
      },
      causes: {
        type: 'array',
        description: 'What is wrong in particular: each field, each user of an object in use, the place in a filter',
        items: { $ref: '#/components/schemas/ErrorMessageDto' },
      },
    },
  },
  ErrorMessageDto: {
    type: 'object',
    required: ['locale', 'localeOrigin', 'text'],
    properties: {
      locale: text('The language of the text (BCP 47); `und` when the request names none'),
      localeOrigin: {
        type: 'string',
        enum: ['DEFAULT', 'REQUEST'],
        description: 'Whether the language is the default of the server or was chosen by Accept-Language',
      },
      text: text('The text'),
    },
  },
  UnauthorizedResponse: {
    type: 'object',
    required: ['error'],
    properties: { error: text('What is wrong with the credential') },
  },
  MessageResponse: {
    type: 'object',
    required: ['message'],
    properties: { message: text('What is wrong') },
  },
  NotSupportedResponse: {
    type: 'object',
    required: ['errorName', 'errorMessage', 'trackingId'],
    properties: {
      errorName: text('`NotSupportedException`'),
      errorMessage: text('What is not supported'),
      trackingId: text('Unique id of this error, which the log of the server holds as well'),
    },
  },
} satisfies Dialect['errorSchemas']
