/** The job page's layout while the job is on its way. */
export function JobSkeleton() {
  return (
    <div role="status" aria-label="Loading the job" className="flex h-full flex-col">
      <div className="flex min-h-[61px] items-center border-line border-b px-[22px]">
        <span className="h-3 w-48 rounded-full bg-track" />
      </div>
      <div className="flex gap-16 border-line border-b px-[22px] py-7">
        {['progress', 'time', 'tokens', 'cost', 'process'].map((fact) => (
          <span key={fact} className="h-3 w-24 rounded-full bg-track" />
        ))}
      </div>
      <div className="m-[22px] flex-1 rounded-lg bg-track opacity-40" />
    </div>
  )
}
