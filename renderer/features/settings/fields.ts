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
  /** 0 unless given. */
  readonly min?: number
  readonly max: number
  /** Hundredths of the unit make sense. */
  readonly fractions?: boolean
}

export interface SwitchField extends FieldBase<KeysOf<boolean>> {
  readonly kind: 'switch'
}

export interface ChoiceField extends FieldBase<'onReturn' | 'dayAction'> {
  readonly kind: 'choice'
  readonly choices: readonly { readonly value: Settings['onReturn' | 'dayAction']; readonly title: string }[]
}

export type Field = NumberField | SwitchField | ChoiceField

export interface FieldGroup {
  readonly title: string
  readonly fields: readonly Field[]
}

/** What all jobs together may use on one day. */
export const DAY: FieldGroup = {
  title: 'Budget of a day',
  fields: [
    {
      kind: 'number',
      key: 'dayTokens',
      title: 'Tokens a day',
      help: 'All jobs together, from midnight to midnight. What is read from a cache does not count. 0 is no limit.',
      unit: 'tokens',
      usual: 0,
      max: 1_000_000_000_000,
    },
    {
      kind: 'number',
      key: 'dayUsd',
      title: 'US dollars a day',
      help: 'Where a price is not certain its upper end counts. Tokens without a known price count at $15 a million. 0 is no limit.',
      unit: 'USD',
      usual: 0,
      max: 1_000_000,
      fractions: true,
    },
    {
      kind: 'number',
      key: 'dayWarnPercent',
      title: 'Tell me at',
      help: 'When so much of a limit is used up you are told; 100 tells only when it is used up.',
      unit: '%',
      usual: 80,
      min: 1,
      max: 100,
    },
    {
      kind: 'choice',
      key: 'dayAction',
      title: 'When it is used up',
      help: 'Pause starts nothing more until midnight and lets sheets finish. Freeze lets them stand still. Cancel ends the jobs.',
      usual: 'pause',
      choices: [
        { value: 'notify', title: 'Tell me' },
        { value: 'pause', title: 'Pause' },
        { value: 'freeze', title: 'Freeze' },
        { value: 'cancel', title: 'Cancel' },
      ],
    },
  ],
}

/** How large a prompt may be before it is sent. */
const PROMPTS: FieldGroup = {
  title: 'Prompts',
  fields: [
    {
      kind: 'number',
      key: 'tokenWarningThreshold',
      title: 'Warn of a prompt from',
      help: 'The sheet runs, and says so. 0 never warns.',
      unit: 'tokens',
      usual: 50_000,
      max: 100_000_000,
    },
    {
      kind: 'number',
      key: 'tokenErrorThreshold',
      title: 'Do not send a prompt above',
      help: 'The sheet fails before anything is started or paid for. 0 sends everything.',
      unit: 'tokens',
      usual: 150_000,
      max: 100_000_000,
    },
  ],
}

/** Whether it is learned from how sheets go. */
export const LEARNING: FieldGroup = {
  title: 'Learning',
  fields: [
    {
      kind: 'switch',
      key: 'learning',
      title: 'Learn from how sheets go',
      help: 'How long sheets take, what they cost and how they fail is kept for forecasts. It stays on this computer.',
      usual: true,
    },
  ],
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
  DAY,
  PROMPTS,
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
  LEARNING,
]

/** Thousands with commas or spaces between them. */
const GROUPED = /^[1-9]\d{0,2}([,\s]\d{3})+(\.\d+)?$/

/** Which numbers are possible; `digits` of a fraction are 2 unless given. */
export type NumberBounds = Pick<NumberField, 'min' | 'max' | 'fractions'> & { readonly digits?: number }

/**
 * The number that was typed, or what is wrong with it. Commas and spaces between thousands are fine; where there may be
 * fractions a single other comma is a decimal point, as many countries write it.
 */
export function readNumber(
  text: string,
  { min = 0, max, fractions = false, digits = 2 }: NumberBounds,
): { value: number } | { problem: string } {
  const typed = text.trim()
  const plain = GROUPED.test(typed) ? typed.replace(/[,\s]/g, '') : fractions ? typed.replace(',', '.') : typed
  const value = Number(plain)
  const fits = (fractions ? new RegExp(`^\\d+(\\.\\d{1,${digits}})?$`) : /^\d+$/).test(plain) && value >= min && value <= max
  if (fits) return { value }
  const steps = fractions ? `, in steps of ${formatNumber(10 ** -digits)}` : ''
  return { problem: `A ${fractions ? '' : 'whole '}number from ${formatNumber(min)} to ${formatNumber(max)}${steps}.` }
}

/** `20,480`; all digits of a fraction, since what is not 0 must not look like it. */
export const formatNumber = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 20 })
