import { ApiProperty } from '@nestjs/swagger'

const instant = { type: String, format: 'date-time' } as const
const free = { type: 'object', additionalProperties: true } as const

export class TaskTarget {
  @ApiProperty({ type: String, description: 'Its id: 32 hexadecimal digits' })
  id!: string

  @ApiProperty({
    enum: ['APPLICATION', 'IDENTITY', null],
    nullable: true,
    description: 'What it is, where SailPoint has a word',
  })
  type!: string | null

  @ApiProperty({ type: String, description: 'Its name' })
  name!: string
}

export class TaskDefinitionSummary {
  @ApiProperty({ type: String, description: 'The kind of task' })
  id!: string

  @ApiProperty({ type: String, description: 'The same' })
  uniqueName!: string

  @ApiProperty({ type: String, nullable: true, description: 'What it does' })
  description!: string | null

  @ApiProperty({ type: String, description: 'The kind of task' })
  parentName!: string

  @ApiProperty({ type: String, nullable: true, description: 'Nothing runs it any more: null' })
  executor!: string | null

  @ApiProperty({ ...free, description: 'What it was given' })
  arguments!: Record<string, unknown>
}

/** What became of a request that an asynchronous server would still be working on. */
export class TaskStatus {
  @ApiProperty({ type: String, description: 'Its id: 32 hexadecimal digits' })
  id!: string

  @ApiProperty({ enum: ['QUEUED_TASK'], description: 'What kind of task' })
  type!: string

  @ApiProperty({ type: String, description: 'What no other task is called' })
  uniqueName!: string

  @ApiProperty({ type: String, description: 'What it does' })
  description!: string

  @ApiProperty({ type: String, nullable: true, description: 'It belongs to no other: null' })
  parentName!: string | null

  @ApiProperty({ type: String, description: 'Who asked for it' })
  launcher!: string

  @ApiProperty({ type: TaskTarget, nullable: true, description: 'To what it is done' })
  target!: TaskTarget | null

  @ApiProperty({ ...instant, description: 'When it was asked for' })
  created!: string

  @ApiProperty({ ...instant, nullable: true, description: 'When it was changed last' })
  modified!: string | null

  @ApiProperty({ ...instant, nullable: true, description: 'When it was begun' })
  launched!: string | null

  @ApiProperty({ ...instant, nullable: true, description: 'When it was over' })
  completed!: string | null

  @ApiProperty({ enum: ['SUCCESS', 'ERROR', null], nullable: true, description: 'How it ended' })
  completionStatus!: string | null

  @ApiProperty({ type: [Object], description: 'What it said' })
  messages!: object[]

  @ApiProperty({ type: [Object], description: 'What it gave' })
  returns!: object[]

  @ApiProperty({ ...free, description: 'What it was about' })
  attributes!: Record<string, unknown>

  @ApiProperty({ type: String, nullable: true, description: 'How far it is, in words' })
  progress!: string | null

  @ApiProperty({ type: 'integer', description: 'How far it is' })
  percentComplete!: number

  @ApiProperty({ type: TaskDefinitionSummary, description: 'What tasks of its kind do' })
  taskDefinitionSummary!: TaskDefinitionSummary
}
