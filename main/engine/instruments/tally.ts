import { createHash } from 'node:crypto'
import { type Json, matches, valuesAt } from './json-paths.ts'
import type { InstrumentProfile } from './profile.ts'
import { addCounts, type Counts, countsAt, highestCounts, modelIn } from './usage.ts'

/** Calls that are remembered one by one at most; of earlier ones only the sum. Nobody repeats himself from that far back. */
const rememberedCalls = 512

type Live = NonNullable<InstrumentProfile['cli']['output']['live']>
/** What to look at in running events. Without types: whatever holds figures. */
type LivePlan = Omit<Live, 'event_type'> & { readonly event_type: Live['event_type'] | null }

interface Call {
  counts: Counts | null
  /** What it wrote, so that nothing counts twice. */
  readonly texts: Set<string>
}

/**
 * What the running events of an attempt add up to. It does not matter in which order they come, nor whether one comes twice: of
 * the same call the highest figures count, once.
 */
export class Tally {
  readonly #plan: LivePlan | null
  readonly #modelPaths: readonly string[]
  readonly #calls = new Map<string, Call>()
  #folded: Counts | null = null
  #foldedCalls = 0
  #unnamed = 0
  #written: string[] = []
  #events = 0
  #unreadable = 0
  #model: string | null = null

  constructor(profile: InstrumentProfile) {
    this.#plan = livePlan(profile)
    this.#modelPaths = profile.cli.output.model_path
  }

  /** The figures of its events come while it runs. */
  get tellsFigures(): boolean {
    return this.#plan !== null && holdsFigures(this.#plan)
  }

  /** The figures may be far too low. */
  get mayBePlaceholders(): boolean {
    return this.#plan?.placeholders ?? false
  }

  /** Events with figures so far. */
  get events(): number {
    return this.#events
  }

  /** Events in a row that should have held figures. */
  get unreadable(): number {
    return this.#unreadable
  }

  /** Calls of the model so far. */
  get calls(): number {
    return this.#foldedCalls + this.#calls.size
  }

  get model(): string | null {
    return this.#model
  }

  /** Words of which one stands in every line it cares for. */
  words(): readonly string[] {
    if (this.#plan === null) return []
    return this.#plan.event_type ?? lastSteps([...this.#plan.input_tokens_path, ...this.#plan.output_tokens_path])
  }

  take(event: Json): void {
    const plan = this.#plan
    if (plan === null) return
    const { type } = event
    if (plan.event_type !== null && (typeof type !== 'string' || !plan.event_type.includes(type))) return
    if (!matches(event, plan.event_filter)) return
    this.#model = modelIn(event, this.#modelPaths) ?? this.#model
    const found = countsAt(event, plan)
    // A call that used nothing at all is none: some versions print zeros for everything.
    const counts = found !== null && Object.values(found).some((amount) => (amount ?? 0) > 0) ? found : null
    if (counts !== null) this.#unreadable = 0
    else if (holdsFigures(plan)) this.#unreadable += 1
    const text = plan.text_path
      .flatMap((path) => valuesAt(event, path))
      .map(textOf)
      .join('\n')
    if (counts === null && text === '') return
    const call = this.#callOf(event, plan)
    if (counts !== null) {
      this.#events += 1
      call.counts = call.counts === null ? counts : highestCounts(call.counts, counts)
    }
    if (text !== '') this.#write(call, text)
  }

  /** Figures from elsewhere, such as a line of plain output: they count for themselves. */
  add(counts: Counts): void {
    this.#events += 1
    this.#folded = this.#folded === null ? counts : addCounts(this.#folded, counts)
    this.#foldedCalls += 1
  }

  /** What was written since it was last asked. */
  takeText(): string {
    const text = this.#written.join('\n')
    this.#written = []
    return text
  }

  /** Null while there are no figures. */
  sum(): Counts | null {
    let sum = this.#folded
    for (const { counts } of this.#calls.values()) if (counts !== null) sum = sum === null ? counts : addCounts(sum, counts)
    return sum
  }

  #callOf(event: Json, plan: LivePlan): Call {
    const id = plan.id_path === undefined ? undefined : valuesAt(event, plan.id_path)[0]
    const key = id !== undefined && id !== null ? String(id) : plan.figures === 'totals' ? '' : `#${++this.#unnamed}`
    const known = this.#calls.get(key)
    if (known) return known
    const call: Call = { counts: null, texts: new Set() }
    this.#calls.set(key, call)
    if (this.#calls.size > rememberedCalls) this.#fold()
    return call
  }

  /** Forgets the older half of the calls, except for their figures. */
  #fold(): void {
    for (const [key, { counts }] of this.#calls) {
      if (this.#calls.size <= rememberedCalls / 2) return
      this.#calls.delete(key)
      this.#foldedCalls += 1
      if (counts !== null) this.#folded = this.#folded === null ? counts : addCounts(this.#folded, counts)
    }
  }

  #write(call: Call, text: string): void {
    const mark = createHash('sha1').update(text).digest('base64')
    if (call.texts.has(mark)) return
    call.texts.add(mark)
    this.#written.push(text)
  }
}

/** The profile's own word on running events; else the events that tell what a run used are looked at before its end, too. */
function livePlan({ cli: { output } }: InstrumentProfile): LivePlan | null {
  if (output.format !== 'jsonl') return null
  if (output.live !== undefined) return output.live
  // One event, at the end.
  if (output.usage_event_type !== undefined && !output.aggregate_tokens) return null
  const plan: LivePlan = {
    ...output,
    event_type: output.usage_event_type === undefined ? null : [output.usage_event_type],
    event_filter: {},
    id_path: output.usage_id_path,
    figures: output.aggregate_tokens ? 'parts' : 'totals',
    placeholders: false,
    text_path: [],
  }
  return holdsFigures(plan) ? plan : null
}

const holdsFigures = ({ input_tokens_path, output_tokens_path, cost_path }: LivePlan): boolean =>
  input_tokens_path.length + output_tokens_path.length > 0 || cost_path !== undefined

/** The keys in which paths end. */
const lastSteps = (paths: readonly string[]): readonly string[] =>
  paths.flatMap((path) => path.split('.').findLast((step) => !/^(\*|-?\d+)$/.test(step)) ?? [])

const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
