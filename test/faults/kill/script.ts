import type { Order } from '../../support/orders.ts'
import { HAND_SHEETS, type Name } from './mix.ts'

/** An order for a job that has no id yet. */
export interface Wish extends Omit<Order, 'job'> {
  readonly job: Name
}

/** From one start of Fermata to its kill; times are in ms. */
export interface Life {
  readonly wishes: readonly { readonly afterMs: number; readonly wish: Wish }[]
  readonly quietMs: number
  /** Its answer is not waited for: the kill may come before, amid or after it. */
  readonly last: { readonly wish: Wish; readonly killAfterMs: number } | null
}

export interface Script {
  /** The setting `onReturn`. */
  readonly asks: boolean
  readonly lives: readonly Life[]
  /** What sheets get in the end that go no further without their user; index 0 is sheet 1. */
  readonly mercy: readonly ('retrySheet' | 'skipSheet')[]
}

/** What happens in a round, drawn before it begins: the same for the same seed, however fast the computer is. */
export function scriptOf(random: () => number): Script {
  const upTo = (most: number) => random() * most
  const one = <T>(choices: readonly [T, ...T[]]): T => choices[Math.floor(upTo(choices.length))] ?? choices[0]
  const sheetOrder = () => one<'retrySheet' | 'skipSheet'>(['retrySheet', 'skipSheet'])
  const asks = random() < 0.5
  const hold = one<'pause' | 'freeze'>(['pause', 'freeze'])
  const cancelled = { name: 'cancel', job: 'cut', sheet: 0 } as const
  const held = { name: hold, job: 'held', sheet: 0 } as const

  function wish(): Wish {
    const forSheet = { name: sheetOrder(), job: 'hand', sheet: 1 + Math.floor(upTo(HAND_SHEETS)) } as const
    // A cancelled job may be resumed too, but then it would not stay cancelled.
    const resumed = { name: 'resume', job: one<Name>(['fan', 'chain', 'held', 'hand']), sheet: 0 } as const
    return one<Wish>([forSheet, forSheet, forSheet, cancelled, held, ...(asks ? [resumed, resumed, resumed] : [])])
  }
  function life(): Life {
    const wishes = Array.from({ length: 1 + Math.floor(upTo(3)) }, () => ({ afterMs: upTo(350), wish: wish() }))
    return { wishes, quietMs: upTo(350), last: random() < 0.6 ? { wish: wish(), killAfterMs: upTo(20) } : null }
  }
  return {
    asks,
    lives: Array.from({ length: 1 + Math.floor(upTo(4)) }, life),
    mercy: Array.from({ length: HAND_SHEETS }, sheetOrder),
  }
}
