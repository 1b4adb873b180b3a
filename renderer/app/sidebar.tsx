import { ChartColumn, Guitar, ListMusic, type LucideIcon, Settings } from 'lucide-react'
import { FermataSign } from '../components/fermata-sign.tsx'
import { Tooltip } from '../components/tooltip.tsx'
import { needsLogin } from '../features/instruments/standing.ts'
import { TodayFoot } from '../features/usage/today-foot.tsx'
import { modKeys } from '../lib/keys.ts'
import { useApp, useAppState } from '../state/app-context.ts'

/** The rooms of the window and, at its foot, what today came to. */
export function Sidebar() {
  const { bridge, store } = useApp()
  const room = useAppState(({ view }) => (view.name === 'job' ? 'jobs' : view.name))
  const loginNeeded = useAppState(({ projection }) => needsLogin(projection.jobs.values()))
  const running = useAppState(
    ({ projection }) => [...projection.jobs.values()].filter((job) => job.running.length > 0 && job.frozen === null).length,
  )
  return (
    <nav
      aria-label="Main"
      className="flex w-[52px] shrink-0 flex-col border-line border-r bg-panel px-2 py-[14px] wide:w-[208px] wide:px-2.5"
    >
      <p className="flex items-center justify-center gap-2 px-2 pb-[14px] font-[650] text-[14px] wide:justify-start">
        <span className="text-accent">
          <FermataSign size={20} />
        </span>
        <span className="hidden wide:inline">Fermata</span>
      </p>
      <div className="flex flex-col gap-0.5">
        <Room name="Jobs" icon={ListMusic} keys="Esc" count={running} here={room === 'jobs'} onOpen={store.showJobs} />
        <Room
          name="Instruments"
          icon={Guitar}
          keys={modKeys(bridge.platform, 'I')}
          news={loginNeeded ? 'needs a login' : null}
          here={room === 'instruments'}
          onOpen={store.showInstruments}
        />
        <Room
          name="Usage"
          icon={ChartColumn}
          keys={modKeys(bridge.platform, 'U')}
          here={room === 'usage'}
          onOpen={store.showUsage}
        />
        <Room
          name="Settings"
          icon={Settings}
          keys={modKeys(bridge.platform, ',')}
          here={room === 'settings'}
          onOpen={store.showSettings}
        />
      </div>
      <TodayFoot />
    </nav>
  )
}

interface RoomProps {
  readonly name: string
  readonly icon: LucideIcon
  readonly keys: string
  /** How many things run in there. */
  readonly count?: number
  /** What in there waits for the user. */
  readonly news?: string | null
  readonly here: boolean
  readonly onOpen: () => void
}

function Room({ name, icon: Icon, keys, count = 0, news = null, here, onOpen }: RoomProps) {
  return (
    <Tooltip text={news ? `${name}: ${news}` : name} keys={keys} side="right">
      <button
        type="button"
        aria-current={here ? 'page' : undefined}
        aria-label={[name, count > 0 && `${count} running`, news].filter(Boolean).join(', ')}
        onClick={onOpen}
        className="relative flex h-8 items-center justify-center gap-2.5 rounded-md px-2 font-medium text-dim transition-colors hover:text-text aria-[current=page]:bg-card aria-[current=page]:text-text aria-[current=page]:shadow-lift wide:justify-start"
      >
        <Icon size={16} className="shrink-0" aria-hidden="true" />
        <span className="hidden wide:inline">{name}</span>
        {count > 0 && (
          <span className="absolute -top-1 -right-1 min-w-[16px] rounded-full bg-accent-soft px-1.5 text-center font-[650] text-[11px] text-accent leading-[16px] tabular-nums wide:static wide:ml-auto wide:leading-[18px]">
            {count}
          </span>
        )}
        {news && (
          <span
            aria-hidden="true"
            className="absolute top-0.5 right-0.5 size-2 rounded-full bg-wait wide:static wide:mr-1 wide:ml-auto"
          />
        )}
      </button>
    </Tooltip>
  )
}
