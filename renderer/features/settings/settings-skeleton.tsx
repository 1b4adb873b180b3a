import { GROUPS } from './fields.ts'

/** The page's layout while the settings are on their way. */
export function SettingsSkeleton() {
  return (
    <div role="status" aria-label="Loading the settings" className="max-w-[760px]">
      {GROUPS.map(({ title, fields }) => (
        <div key={title} className="pt-[46px]">
          <div className="divide-y divide-line rounded-lg border border-line bg-card">
            {fields.map(({ key }) => (
              <div key={key} className="flex h-[66px] items-center px-4">
                <span className="h-2.5 w-56 rounded-full bg-track" />
              </div>
            ))}
          </div>
        </div>
      ))}
    </div>
  )
}
