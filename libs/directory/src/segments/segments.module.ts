import { Module } from '@nestjs/common'
import { SegmentsController } from './segments.controller.ts'
import { SegmentsRepository } from './segments.repository.ts'
import { SegmentsService } from './segments.service.ts'

@Module({
  controllers: [SegmentsController],
  providers: [SegmentsRepository, SegmentsService],
  exports: [SegmentsRepository, SegmentsService],
})
export class SegmentsModule {}
