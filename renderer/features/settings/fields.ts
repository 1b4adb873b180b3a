import type { Settings } from '../../../preload/contract.ts'

interface FieldBase<K extends keyof Settings> {
  readonly key: K
  readonly title: string
  readonly help: string
  /** What holds until somebody changes it. */
  readonly usual: Settings[K]
}

type KeysOf<T> = { [K in keyof Settings]: Settings[K] extends T ? K : never }[keyof Settings]

/** A number with its unit; 0 means that there is no limit. */
export interface NumberField extends FieldBase<KeysOf<number>> {
  readonly kind: 'number'
  readonly unit: string
  readonly max: number
  /** Parts of the unit make sense. */
  readonly fractions?: boolean
}

export interface SwitchField extends FieldBase<KeysOf<boolean>> {
  readonly kind: 'switch'
}

export interface ChoiceField extends FieldBase<'onReturn'> {
  readonly kind: 'choice'
  readonly choices: readonly { readonly value: Settings['onReturn']; readonly title: string }[]
}

export type Field = NumberField | SwitchField | ChoiceField

export interface FieldGroup {
  readonly title: string
  readonly fields: readonly Field[]
}

/** Every setting in the order of the page, in plain words. A test holds ranges and defaults against the engine's. */
export const GROUPS: readonly FieldGroup[] = [
  {
    title: 'Coming back',
    fields: [
      {
        kind: 'choice',
        key: 'onReturn',
        title: 'When Fermata comes back',
        help: 'After a crash, an update or a restart. What still runs is always picked up again; what you paused stays paused.',
        usual: 'continue',
        choices: [
          { value: 'continue', title: 'Jobs go on' },
          { value: 'ask', title: 'Jobs wait for me' },
        ],
      },
    ],
  },
  {
    title: 'Limits',
    fields: [
      {
        kind: 'number',
        key: 'jobTimeoutHours',
        title: 'Longest run of a job',
        help: 'For scores that name no limit of their own. Time spent paused, frozen or asleep does not count. 0 is no limit.',
        unit: 'hours',
        usual: 0,
        max: 8760,
        fractions: true,
      },
      {
        kind: 'number',
        key: 'minFreeMemoryPercent',
        title: 'Memory to leave free',
        help: 'Nothing new starts while less of the computer’s memory is free. 0 switches this off.',
        unit: '%',
        usual: 5,
        max: 90,
      },
      {
        kind: 'switch',
        key: 'freezeUnderPressure',
        title: 'Freeze the youngest job when memory runs out',
        help: 'For when holding back new sheets was not enough. It goes on by itself once there is memory again.',
        usual: false,
      },
      {
        kind: 'number',
        key: 'maxProcesses',
        title: 'Processes of all jobs',
        help: 'Nothing new starts while the jobs have so many. 0 switches this off.',
        unit: 'processes',
        usual: 2000,
        max: 100_000,
      },
    ],
  },
  {
    title: 'Logs',
    fields: [
      {
        kind: 'number',
        key: 'logLimitMb',
        title: 'Output of one attempt',
        help: 'Of longer output the beginning and the end are kept and the middle is left out. 0 keeps all.',
        unit: 'MB',
        usual: 1024,
        max: 1_000_000,
      },
      {
        kind: 'number',
        key: 'keepLogsDays',
        title: 'Age of old output',
        help: 'Output of finished jobs is removed after so many days. 0 keeps it.',
        unit: 'days',
        usual: 90,
        max: 36_500,
      },
      {
        kind: 'number',
        key: 'keepLogsMb',
        title: 'Size of old output',
        help: 'Output of finished jobs is removed, oldest first, when all of it is larger. 0 keeps it.',
        unit: 'MB',
        usual: 20_480,
        max: 100_000_000,
      },
    ],
  },
]

/** The number that was typed, or what is wrong with it. Spaces and commas between thousands are fine. */
export function readNumber(text: string, { max, fractions = false }: NumberField): { value: number } | { problem: string } {
  const plain = text.replace(/[\s,]/g, '')
  const value = Number(plain)
  const fits = /^\d+(\.\d+)?$/.test(plain) && value <= max && (fractions || Number.isInteger(value))
  return fits ? { value } : { problem: `A ${fractions ? '' : 'whole '}number from 0 to ${formatNumber(max)}.` }
}

/** `20,480` */
export const formatNumber = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 4 })
