import { copyFileSync, existsSync, readFileSync, statSync } from 'node:fs'
import { FermataError } from '../errors.ts'
import { replaceFile } from '../replace-file.ts'
import { type FindPrice, findPriceIn } from './find-price.ts'
import { faultOf, type ModelPrice, modelName, modelPrice, type PriceTable, readPrices } from './price-table.ts'

/** What models cost: the bundled table, and the user's own prices laid over it. */
export interface Prices {
  /** As the files are now. */
  table(): PriceTable
  readonly find: FindPrice
  /**
   * Sets the user's own price of a model, or takes it back (null): then the bundled one counts again, if there is one.
   * @throws FermataError PRICE_INVALID, PRICES_UNWRITABLE
   */
  set(model: string, price: ModelPrice | null): PriceTable
}

/**
 * Opens the bundled table and the user's own file (absolute paths; the latter need not exist). What is not right in the own file
 * is told, and the rest of it used. It is read again when it was changed by hand.
 */
export function openPrices(bundledFile: string, ownFile: string, onProblem: (message: string) => void): Prices {
  const bundled = readPrices(readFileSync(bundledFile, 'utf8'))
  for (const problem of bundled.problems) onProblem(`${bundledFile}: ${problem}.`)
  let own = readOwn()
  let table = laidOver()
  let find = findPriceIn(table.models)

  function readOwn(): {
    readonly stamp: string
    readonly models: Readonly<Record<string, ModelPrice>>
    readonly problems: readonly string[]
  } {
    const stamp = stampOf(ownFile)
    if (!existsSync(ownFile)) return { stamp, models: {}, problems: [] }
    const { models, problems } = attempt(() => readPrices(readFileSync(ownFile, 'utf8')))
    const told = problems.map((problem) => `${ownFile}: ${problem}.`)
    if (told.length > 0) onProblem(`${told.join(' ')} The other prices are used.`)
    return { stamp, models, problems: told }
  }

  function laidOver(): PriceTable {
    const { date, note } = bundled
    const models = { ...bundled.models, ...own.models }
    return {
      date,
      currency: 'USD',
      unit: 'per 1,000,000 tokens',
      note,
      models,
      own: Object.keys(own.models),
      problems: own.problems,
    }
  }

  function refresh(): void {
    if (stampOf(ownFile) === own.stamp) return
    own = readOwn()
    table = laidOver()
    find = findPriceIn(table.models)
  }

  return {
    table() {
      refresh()
      return table
    },
    find: (model) => find(model),
    set(model, price) {
      check(model, price)
      refresh()
      const { [model]: _, ...others } = own.models
      const models = price === null ? others : { ...others, [model]: price }
      try {
        if (own.problems.length > 0) copyFileSync(ownFile, `${ownFile}.faulty`)
        replaceFile(ownFile, `${JSON.stringify({ models }, null, 2)}\n`)
      } catch (cause) {
        throw new FermataError('PRICES_UNWRITABLE', `The prices cannot be saved in ${ownFile}.`, {
          remedy: 'Check that its disk is not full and that the folder belongs to you.',
          cause,
        })
      }
      refresh()
      return table
    },
  }
}

function check(model: string, price: ModelPrice | null): void {
  const named = modelName.safeParse(model)
  const priced = modelPrice.nullable().safeParse(price)
  const faults = [
    ...(named.success ? [] : [`"${model}" must be ${named.error.issues[0]?.message}`]),
    ...(priced.success ? [] : priced.error.issues.map((issue) => faultOf(issue, model))),
  ]
  if (faults.length > 0) throw new FermataError('PRICE_INVALID', `Not possible: ${faults.join('; ')}.`)
}

function attempt(read: () => ReturnType<typeof readPrices>): Pick<ReturnType<typeof readPrices>, 'models' | 'problems'> {
  try {
    return read()
  } catch (error) {
    return { models: {}, problems: [`it cannot be read: ${error instanceof Error ? error.message : error}`] }
  }
}

/** Changes whenever the file does; empty while there is none. */
function stampOf(file: string): string {
  const facts = statSync(file, { throwIfNoEntry: false })
  return facts ? `${facts.ino}:${facts.size}:${facts.mtimeMs}` : ''
}
