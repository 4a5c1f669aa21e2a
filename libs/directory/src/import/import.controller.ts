import { Controller, HttpCode, Query } from '@nestjs/common'
import { ApiBody, ApiConsumes, ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { BodyStream, ClientSignal, CurrentActor, Post, Repeatable, Requires, TakesStream } from '#platform'
import { ImportCounts, ImportQuery, ImportReport } from './import.dto.ts'
import { ImportService } from './import.service.ts'

const example = [
  '{"type":"identity","external_id":"ada","name":"Ada Lovelace","email":"ada@example.com","manager":"charles"}',
  '{"type":"identity","external_id":"charles","name":"Charles Babbage"}',
  '{"type":"group","external_id":"engines","name":"Engines","members":["ada","charles"]}',
].join('\n')

@ApiTags('Imports')
@ApiExtraModels(ImportCounts)
@Controller('v1/imports')
export class ImportController {
  readonly #service: ImportService

  constructor(service: ImportService) {
    this.#service = service
  }

  @Post()
  @HttpCode(200)
  @TakesStream()
  @Repeatable()
  @Requires('imports:write')
  @ApiOperation({
    operationId: 'importLines',
    summary: 'Import a directory',
    description: `One JSON object a line, at most 1 MiB each. \`type\` says what it is: identity, source, group, segment, entitlement, access_profile, assignment or grant.

\`external_id\` names it: a line creates the object with that external id or changes it, and one that is stored just so is not touched, so the same file imported twice changes nothing the second time. What a line does not name stays as it is. Of two lines with the same type and external id the first one counts, the second one fails. \`id\`, a uuid with or without dashes, becomes the id of a new object.

It writes whatever the lines say, authorities included: a person must be an \`ORG_ADMIN\` to import.

It may take up to an hour to arrive, as long as more of it keeps coming.

References are external ids and may point forwards: \`manager\` of an identity, \`owner\` of a source or a segment, \`members\` of a group (all of them), \`source\` of an entitlement.

A line that cannot be stored is reported by its number, and the others go on: they are stored in batches, so an import that breaks off is completed by importing the file again. One whose connection is closed ends with the batch that it is at. With \`atomic=true\` it is one transaction: a line that fails makes it 400 \`invalid_body\` with this report in \`details\` and \`stored\` false, and other changes of the tenant wait until it has ended; if the connection is closed before that, nothing is stored.`,
  })
  @ApiConsumes('application/x-ndjson')
  @ApiBody({ schema: { type: 'string', example }, required: true })
  @ApiOkResponse({ type: ImportReport })
  run(
    @CurrentActor() actor: Actor,
    @BodyStream() lines: AsyncIterable<Buffer>,
    @Query() query: ImportQuery,
    @ClientSignal() signal: AbortSignal,
  ): Promise<ImportReport> {
    return this.#service.run(actor, lines, { ...query, signal })
  }
}
