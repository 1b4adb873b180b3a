import type { JobSummary } from '../../preload/contract.ts'
import { ASKED, type Face, faceOfJob } from '../lib/status.ts'
import { useAppState } from './app-context.ts'

/** How a job looks: as it is, or as what was just asked of it until that is answered. */
export function useFace(job: JobSummary): Face {
  const asked = useAppState((state) => state.asked.get(job.id))
  const face = faceOfJob(job)
  return { ...face, word: (asked && ASKED[asked]) ?? face.word }
}
