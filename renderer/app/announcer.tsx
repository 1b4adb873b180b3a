import { useEffect, useRef, useState } from 'react'
import { faceOfJob } from '../lib/status.ts'
import { useAppState } from '../state/app-context.ts'

/** Tells a screen reader when a job's status changes; the first sight of a job is no change. */
export function Announcer() {
  const jobs = useAppState((state) => state.projection.jobs)
  const known = useRef(new Map<string, string>())
  const [news, setNews] = useState('')

  useEffect(() => {
    const changed: string[] = []
    for (const job of jobs.values()) {
      const { word } = faceOfJob(job)
      const before = known.current.get(job.id)
      if (before !== undefined && before !== word) changed.push(`${job.name}: ${word}`)
      known.current.set(job.id, word)
    }
    if (changed.length > 0) setNews(changed.join('. '))
  }, [jobs])

  return (
    <p role="status" aria-label="Status changes" className="sr-only">
      {news}
    </p>
  )
}
