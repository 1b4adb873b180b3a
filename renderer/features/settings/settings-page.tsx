import { useEffect, useRef } from 'react'
import { Failed } from '../../components/failed-part.tsx'
import { GROUPS } from './fields.ts'
import { Notifications } from './notifications/notifications.tsx'
import { SettingRow } from './setting-row.tsx'
import { SettingsSkeleton } from './settings-skeleton.tsx'
import { useSettings } from './use-settings.ts'

/** What holds for all jobs. Each value is kept as soon as it is changed. */
export function SettingsPage() {
  const { settings, problem, reload, change } = useSettings()
  const title = useRef<HTMLHeadingElement>(null)

  // A new page: the keyboard and the screen reader begin at its title.
  useEffect(() => title.current?.focus(), [])

  return (
    <>
      <header className="flex min-h-[57px] items-center border-line border-b px-[22px]">
        <h1 ref={title} tabIndex={-1} className="font-[650] text-lg">
          Settings
        </h1>
      </header>
      <div className="relative min-h-0 flex-1 overflow-y-auto px-[22px] pb-8">
        {problem && <Failed title="The settings could not be read" message={problem.message} onRetry={reload} />}
        {!problem && !settings && <SettingsSkeleton />}
        {settings &&
          GROUPS.map((group) => (
            <section key={group.title} aria-label={group.title} className="max-w-[760px]">
              <h2 className="pt-[22px] pb-2 font-semibold text-faint text-xs">{group.title}</h2>
              <div className="divide-y divide-line rounded-lg border border-line bg-card">
                {group.fields.map((field) => (
                  <SettingRow key={field.key} field={field} settings={settings} change={change} />
                ))}
              </div>
            </section>
          ))}
        {settings && <Notifications settings={settings} change={change} />}
      </div>
    </>
  )
}
